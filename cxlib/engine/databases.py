"""Databases reached by a URL: one table or query, read-only, written to Parquet as it stood."""
