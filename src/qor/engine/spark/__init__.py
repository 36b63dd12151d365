"""The same checks, from the same source, on an Apache Spark cluster over the same Parquet files."""
