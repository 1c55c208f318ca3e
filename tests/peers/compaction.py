"""What a query gains by compaction: one day of one-record files, before and after, read by DuckDB.

usage: compaction.py --records BINARY --compact BINARY [--files N] [--rounds N]

`--records` is the example `measure` of the `extract` crate, which writes the files, `--compact` the example
`compact_folder` of the `compact` crate.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile
import time

import duckdb

DAY = "year=2026/month=03/day=09"
NOW = "2026-03-11T00:00:00Z"
QUERY = """
    SELECT publisher, count(*), count(DISTINCT author), avg(confidence)
    FROM read_parquet('{files}', hive_partitioning = true)
    GROUP BY publisher ORDER BY publisher
"""


def run(*command: str) -> dict:
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def query(folder: pathlib.Path, rounds: int) -> tuple[float, list]:
    """Median wall time in milliseconds, and the rows."""
    statement = QUERY.format(files=folder / "*/*/*/*.parquet")
    connection = duckdb.connect()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        rows = connection.execute(statement).fetchall()
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times), rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", required=True)
    parser.add_argument("--compact", required=True)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = pathlib.Path(temporary)
        made = run(options.records, "files", str(options.files), str(root / "processed" / DAY))
        before, rows = query(root / "processed", options.rounds)
        compacted = run(options.compact, str(root), NOW)
        files = list((root / "compacted").rglob("*.parquet"))
        after, same = query(root / "compacted", options.rounds)
        size = sum(file.stat().st_size for file in files)
    if [row[:3] for row in rows] != [row[:3] for row in same]:
        raise SystemExit("the compacted table answers otherwise than the live one")
    print("\ncompaction")
    print(f"    before  {made['files']:6d} files  {made['bytes']:10d} bytes  query {before:8.1f} ms")
    print(f"     after  {len(files):6d} files  {size:10d} bytes  query {after:8.1f} ms  {before / after:5.0f}x (goal 400x, floor 300x)")
    print(f"  compactor {compacted['cpu_ms']:8.0f} ms CPU  {compacted['peak_mb']:6.1f} MB")


main()
