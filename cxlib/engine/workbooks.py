"""Workbooks, .xlsx and .xls: one sheet read strictly into Parquet."""
