"""What leaves the project is safe to hand on.

| file | concept |
|---|---|
| `pseudonyms` | ids under names that only the holder of a key can trace |
| `screening` | addresses, numbers of phones, cards and persons taken out of free text |
| `suppression` | counts of few people hidden, and what would give them away |
| `modes` | files and folders that nobody but their owner can read |
"""
