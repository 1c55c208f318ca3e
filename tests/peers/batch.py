"""Compares the batch system's steps on tables with what Python does, side by side in one run.

usage: batch.py --measure BINARY [--data DIRECTORY] [--rows N] [--rounds N]

`--measure` is the example `measure_tables` of the `tables` crate, built with the profile that is deployed. The programs run in
turn, so that other load on the machine meets all of them; figures are medians. CPU and wall time are of whole processes,
peak memory is what they tell of themselves. Preprocessing is compared twice: with what the peers do of it, lines for the
model, and as it is deployed, where ours counts the rows before and writes them as Parquet, too. Fails when outputs differ.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
PREPROCESS = {"pandas": (30, 24), "polars": (5, 3.5)}
POSTPROCESS = {"pandas": (8, 4), "polars": None, "duckdb-2": (1.5, 1.1), "duckdb-1": (1.5, 1.1)}
CHUNK = "50000"


def run(command: list[str]) -> dict:
    """Runs a program, and tells its CPU and wall time in seconds and its peak memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    told = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} failed")
    return {"cpu": usage.ru_utime + usage.ru_stime, "wall": wall, "peak_mb": json.loads(told)["peak_mb"]}


def peer(script: str, *arguments: object) -> list[str]:
    return [sys.executable, str(HERE / script), *map(str, arguments)]


def interleaved(commands: dict[str, list[str]], folders: dict[str, pathlib.Path], rounds: int) -> dict[str, dict]:
    """Runs the commands in turn, once to warm up, each into an empty folder: putting a file in the place of another costs
    as much as writing it. Of each figure the median of the rounds."""
    results = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            shutil.rmtree(folders[name], ignore_errors=True)
            figures = run(command)
            if turn:
                results[name].append(figures)
    return {
        name: {key: statistics.median(line[key] for line in lines) for key in lines[0]}
        for name, lines in results.items()
    }


def report(title: str, results: dict[str, dict], measure: str, bars: dict, memory_floor: int) -> None:
    print(f"\n{title}")
    ours = results["ours"]
    for name, figures in results.items():
        cells = [f"{name:>10}", f"{figures['cpu']:6.2f} s CPU", f"{figures['wall']:6.2f} s wall", f"{figures['peak_mb']:6.1f} MB"]
        if name == "ours":
            cells.append(f"(floor {memory_floor} MB)")
        elif name in results:
            cells.append(f"{figures['cpu'] / ours['cpu']:5.1f}x CPU {figures['wall'] / ours['wall']:5.1f}x wall")
        if bars.get(name):
            goal, floor = bars[name]
            cells.append(f"(goal {goal}x, floor {floor}x {measure})")
        print("  ".join(cells))


def lines_of(folder: pathlib.Path) -> list[str]:
    """What the model is given for each row, in a form that does not depend on the writer."""
    lines = (line for file in sorted(folder.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines())
    return [json.dumps(json.loads(line)["modelInput"], sort_keys=True) for line in lines]


def must_agree(step: str, results: dict[str, object]) -> None:
    for name, result in results.items():
        if result != results["ours"]:
            raise SystemExit(f"{step}: {name} has another result than ours")
    print(f"  {' and '.join(results)} agree on every row")


def preprocess(measure: str, data: pathlib.Path, rows: int, rounds: int) -> None:
    posts = data / "posts.csv"
    folders = {name: data / f"{name}-lines" for name in ["ours", *PREPROCESS, "deployed"]}
    commands = {"ours": [measure, "lines", str(posts), str(folders["ours"]), CHUNK, str(rows)]}
    commands |= {name: peer("batch_step.py", "preprocess", name, posts, folders[name]) for name in PREPROCESS}
    commands["deployed"] = [measure, "chunks", str(posts), str(folders["deployed"]), CHUNK]
    report("preprocess: CSV to lines for the model", interleaved(commands, folders, rounds), "CPU", PREPROCESS, 16)
    must_agree("preprocess", {name: lines_of(folder) for name, folder in folders.items()})


def postprocess(measure: str, data: pathlib.Path, rounds: int) -> None:
    import pyarrow.dataset

    outputs, rows = data / "outputs", data / "rows"
    folders = {name: data / f"{name}-results" for name in ["ours", *POSTPROCESS]}
    commands = {"ours": [measure, "join", str(outputs), str(rows), str(folders["ours"])]}
    commands |= {name: peer("batch_step.py", "postprocess", name, outputs, rows, folders[name]) for name in POSTPROCESS}
    report("postprocess: join of outputs in random order", interleaved(commands, folders, rounds), "wall", POSTPROCESS, 64)
    columns = ["record_id", "user", "text", "response", "error_message"]
    tables = {name: pyarrow.dataset.dataset(folder).to_table(columns=columns) for name, folder in folders.items()}
    # DuckDB and pandas keep no order of the rows.
    must_agree("postprocess", {name: table.sort_by("record_id").to_pydict() for name, table in tables.items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measure", required=True)
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        data = options.data or pathlib.Path(temporary)
        if not (data / "outputs").exists():
            subprocess.run(peer("batch_data.py", data, options.rows), check=True)
        preprocess(options.measure, data, options.rows, options.rounds)
        postprocess(options.measure, data, options.rounds)


main()
