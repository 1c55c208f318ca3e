"""Compares the extractor's steps with what the Python original does, side by side in one run.

usage: compare.py --measure BINARY [--bootstrap BINARY] [--pictures DIRECTORY] [--rounds N]

`--measure` is the example `measure` of the `extract` crate, `--bootstrap` the function's own binary, both built with the
profile that is deployed. This interpreter needs the libraries of `requirements.txt`. The programs run in turn, so that
other load on the machine meets all of them; ratios are of the medians of CPU time.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

from PIL import Image

import quality
import runtime_api

HERE = pathlib.Path(__file__).parent


def run(command: list[str]) -> dict:
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def peer(script: str, *arguments: str) -> list[str]:
    return [sys.executable, str(HERE / script), *arguments]


def interleaved(commands: dict[str, list[str]], rounds: int) -> dict[str, dict]:
    """Runs the commands in turn; of each figure the median of the rounds."""
    results = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            results[name].append(run(command))
    return {
        name: {key: statistics.median(line[key] for line in lines) for key in lines[0]}
        for name, lines in results.items()
    }


def report(title: str, results: dict[str, dict], bars: dict[str, tuple[float, float]]) -> None:
    print(f"\n{title}")
    ours = results["ours"]["cpu_us"]
    for name, figures in results.items():
        cells = [f"{name:>10}", f"{figures['cpu_us'] / 1e3:9.3f} ms", f"{int(figures['bytes']):8d} bytes"]
        if "peak_mb" in figures:
            cells.append(f"{figures['peak_mb']:6.1f} MB")
        if name in bars:
            goal, floor = bars[name]
            cells.append(f"{figures['cpu_us'] / ours:5.1f}x (goal {goal}x, floor {floor}x)")
        if "ssim" in figures:
            cells.append(f"SSIM_Y {figures['ssim']:.5f}")
        print("  ".join(cells))


def images(measure: str, directory: pathlib.Path, rounds: int) -> None:
    work = [
        ("image step, 12 MP JPEG", "photo-12mp.jpg", {"original": (7, 5), "best": (2.5, 1.8)}),
        ("image step, 6 MP PNG", "cover-6mp.png", {"original": (4, 3)}),
    ]
    for title, name, bars in work:
        source = str(directory / name)
        outputs = {who: str(directory / f"{who}-{name}.small.jpg") for who in ["ours", *bars]}
        commands = {"ours": [measure, "image", source, "20", outputs["ours"]]}
        commands |= {who: peer("image_step.py", who, source, "3", outputs[who]) for who in bars}
        results = interleaved(commands, rounds)
        size = Image.open(outputs["ours"]).size
        ideal = quality.ideal(source, size)
        for who, output in outputs.items():
            results[who]["ssim"] = quality.similarity(quality.luma(Image.open(output)), ideal)
        report(title, results, bars)


def records(measure: str, rounds: int) -> None:
    commands = {
        "ours": [measure, "record", "20000"],
        "pandas": peer("record_step.py", "pandas", "100"),
        "pyarrow": peer("record_step.py", "pyarrow", "100"),
    }
    report("one record to Parquet", interleaved(commands, rounds), {"pandas": (40, 30)})


def starts(bootstrap: str, rounds: int) -> None:
    ours = [runtime_api.median_start([bootstrap], 5) for _ in range(rounds)]
    python = [runtime_api.median_start(peer("start.py"), 1) for _ in range(rounds)]
    median = [statistics.median(column) for column in (*zip(*ours), *zip(*python))]
    print("\nspawn to first request of the Runtime API")
    print(f"      ours {median[0]:9.1f} ms  {median[1]:6.1f} MB")
    print(f"    python {median[2]:9.1f} ms  {median[3]:6.1f} MB  {median[2] / median[0]:5.0f}x (goal 150x, floor 100x)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measure", required=True)
    parser.add_argument("--bootstrap")
    parser.add_argument("--pictures", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        directory = options.pictures or pathlib.Path(temporary)
        if not (directory / "cover-6mp.png").exists():
            subprocess.run(peer("pictures.py", str(directory)), check=True)
        images(options.measure, directory, options.rounds)
    records(options.measure, options.rounds)
    if options.bootstrap:
        starts(options.bootstrap, options.rounds)


main()
