"""The door: how an input is read, repaired and checked until it is a canonical table.

| file | concept |
|---|---|
| `building` | a canonical table made, whole or not at all |
| `cells` | cells of workbooks and databases that hold nothing to be trusted |
| `first_lines` | which of the first lines of a text file is the header |
| `headers` | the header against the columns that are named |
| `casts` | how each column of a file is read |
| `breaches` | what is wrong with the rows, and where |
| `personal` | addresses and numbers of persons in the texts of attributes |
| `totals`, `repeats`, `conflicts`, `codes` | faults that no row has by itself |
| `marks` | points that may stand between thousands |
| `odd_ids` | ids that are none, or those of many customers |
| `doubts`, `survey_doubts` | the warnings about a whole table |
| `looks`, `first_rows`, `beside` | what is looked at beside the rules, and the rows it is seen in |
| `no_sales`, `odd_amounts`, `odd_orders`, `odd_rows` | purchases that are none, or twice there |
| `further_lines`, `shifted_rows`, `hints` | how to mend what is blank, or written otherwise |
| `stray_currencies`, `odd_bills`, `odd_contracts` | money and contracts that mean something else |
| `odd_groups`, `odd_texts`, `survey_rows`, `no_answers` | no groups, texts or answers |
| `units`, `doubtful_days` | amounts and days that may be others |
| `odd_answers` | the warnings about the scales of a survey |
| `narrow_scales`, `group_scales`, `shifted_scales` | answers on another scale than is declared |
| `turned_scales`, `turned_dimensions`, `nps_groups` | scores whose lowest answer is the best |
| `even_scores`, `coded_answers`, `zeros_for_none`, `swapped_levels` | answers that mean others |
| `survey_parts`, `ends_of_scales`, `correlations` | what these are found by |
| `joins` | what the inputs say of one another |
| `findings` | what was repaired, left out or doubted |
"""
