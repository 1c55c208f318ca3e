"""Times synthesis: every stack of ours against one stack of about that size by the AWS CDK, whole processes in turn.

usage: synth.py --infra BINARY --cdk FOLDER [--rounds N]

`--infra` is the tool, built for release; `--cdk` a copy of `cdk/` in which `npm install` was run.
"""

import argparse
import pathlib
import statistics
import subprocess
import tempfile
import time


def timed(command: list[str], folder: pathlib.Path) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return (time.perf_counter() - start) * 1e3


def peak(command: list[str], folder: pathlib.Path) -> float:
    """Peak memory in MB of the largest process of a command, read by a process that waits for nothing else."""
    script = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], check=True, capture_output=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    result = subprocess.run(["python3", "-c", script, *command], check=True, capture_output=True, text=True, cwd=folder)
    return float(result.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--infra", type=pathlib.Path, required=True)
    parser.add_argument("--cdk", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        commands = {
            "ours": ([str(options.infra.resolve()), "synth", "--out", temporary], pathlib.Path.cwd()),
            "cdk": (["node_modules/.bin/cdk", "synth", "--quiet", "--output", f"{temporary}/cdk"], options.cdk),
        }
        times = {name: [] for name in commands}
        for _ in range(options.rounds):
            for name, (command, folder) in commands.items():
                times[name].append(timed(command, folder))
        memory = {name: peak(command, folder) for name, (command, folder) in commands.items()}
    ours = statistics.median(times["ours"])
    print("\nsynth")
    for name, all_times in times.items():
        median = statistics.median(all_times)
        print(f"{name:>10}  {median:8.1f} ms  {memory[name]:6.1f} MB  {median / ours:5.0f}x")


main()
