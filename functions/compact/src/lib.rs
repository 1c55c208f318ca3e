//! Rewrites closed days into one Parquet file per partition.
