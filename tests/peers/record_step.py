"""One record to Parquet as the Python original does it (pandas), and by pyarrow alone.

usage: record_step.py {pandas|pyarrow} RUNS [OUTPUT]
Prints one JSON line: median CPU time of a run and size of the file. The record is that of `examples/measure.rs`.
"""

import io
import json
import statistics
import sys
import time

RECORD = {
    "title": "The Great Gatsby",
    "author": "F. Scott Fitzgerald",
    "isbn": "9780743273565",
    "publisher": "Scribner",
    "published_year": 2004,
    "description": "A portrait of the Jazz Age in all of its decadence and excess, and of one man's hope that "
    "the past can be repeated; it earned itself a permanent place in American mythology.",
    "confidence": 0.88,
    "id": "b6f0c1de-0000-5000-8000-000000000001",
    "filename": "covers/cover_0001.jpg",
    "processed_at": "2026-03-09T15:05:30.123Z",
    "source_bucket": "vision-raw-123456789012-eu-west-2",
    "etag": "9b2cf535f27731c974343645a3985328",
    "model_id": "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
    "parse_stage": "direct",
    "validation_errors": None,
    "input_tokens": 1893,
    "output_tokens": 142,
}


def by_pandas():
    import pandas

    def write(target: io.BytesIO) -> None:
        pandas.DataFrame([RECORD]).to_parquet(target, index=False, engine="pyarrow")

    return write


def by_pyarrow():
    import pyarrow
    import pyarrow.parquet

    def write(target: io.BytesIO) -> None:
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist([RECORD]), target)

    return write


def main() -> None:
    write = {"pandas": by_pandas, "pyarrow": by_pyarrow}[sys.argv[1]]()
    times = []
    for _ in range(int(sys.argv[2])):
        before = time.process_time()
        target = io.BytesIO()
        write(target)
        result = target.getvalue()
        times.append(time.process_time() - before)
    if len(sys.argv) > 3:
        with open(sys.argv[3], "wb") as file:
            file.write(result)
    print(json.dumps({"cpu_us": statistics.median(times) * 1e6, "bytes": len(result)}))


main()
