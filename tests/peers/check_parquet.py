"""Reads a record as strangers do: pyarrow and DuckDB must find the declared types, whatever a row leaves empty.

usage: check_parquet.py FILE...
Needs `pyarrow` and `duckdb`. Fails with what is wrong; prints the rows when nothing is.
"""

import sys

import duckdb
import pyarrow
import pyarrow.parquet

NUMBERS = {
    "published_year": (pyarrow.int64(), "BIGINT"),
    "confidence": (pyarrow.float64(), "DOUBLE"),
    "input_tokens": (pyarrow.int64(), "BIGINT"),
    "output_tokens": (pyarrow.int64(), "BIGINT"),
}
TEXT = (pyarrow.string(), "VARCHAR")
COLUMNS = [
    "title",
    "author",
    "isbn",
    "publisher",
    "published_year",
    "description",
    "confidence",
    "id",
    "filename",
    "processed_at",
    "source_bucket",
    "etag",
    "model_id",
    "parse_stage",
    "validation_errors",
    "input_tokens",
    "output_tokens",
]


def check(path: str) -> None:
    table = pyarrow.parquet.read_table(path, partitioning=None)
    found = [(field.name, field.type) for field in table.schema]
    expected = [(name, NUMBERS.get(name, TEXT)[0]) for name in COLUMNS]
    if found != expected:
        raise SystemExit(f"{path}: pyarrow finds {found}, expected {expected}")
    described = duckdb.sql(f"DESCRIBE SELECT * FROM read_parquet('{path}', hive_partitioning = false)").fetchall()
    found = [(row[0], row[1]) for row in described]
    expected = [(name, NUMBERS.get(name, TEXT)[1]) for name in COLUMNS]
    if found != expected:
        raise SystemExit(f"{path}: DuckDB finds {found}, expected {expected}")
    rows = duckdb.sql(f"SELECT * FROM read_parquet('{path}', hive_partitioning = false)").fetchall()
    if rows != [tuple(row.values()) for row in table.to_pylist()]:
        raise SystemExit(f"{path}: DuckDB and pyarrow read different rows")
    for row in rows:
        print(row)


for path in sys.argv[1:]:
    check(path)
