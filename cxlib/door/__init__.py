"""The door: how an input is read, repaired and checked until it is a canonical table.

| file | concept |
|---|---|
| `building` | a canonical table made, whole or not at all |
| `headers` | the header against the columns that are named |
| `breaches` | what is wrong with the rows, and where |
| `findings` | what was repaired, left out or doubted |
"""
