"""Whole results of searches as files: CSV, NDJSON, XLSX, Parquet."""
