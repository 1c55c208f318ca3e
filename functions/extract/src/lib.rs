//! Cover image in, validated Parquet record out.
