"""Reviews every commit that changed a template against its parent, and says how long that takes.

Each review is a process of its own, as in a pull request: git, reading, comparing, writing. A review that fails fails this.
"""

import argparse
import statistics
import subprocess
import sys
import time


def commits() -> list[str]:
    log = ["git", "log", "--format=%H", "--no-merges", "--diff-filter=M", "--", "snapshots/*/template.json.snap"]
    return subprocess.run(log, check=True, capture_output=True, text=True).stdout.split()


def review(infra: str, commit: str) -> float:
    command = [infra, "diff", "--base", f"{commit}^", "--head", commit, "--fail-on", "none", "--format", "json"]
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--infra", required=True, help="the tool, compiled for release")
    infra = parser.parse_args().infra
    times = [1000 * review(infra, commit) for commit in commits()]
    if not times:
        sys.exit("no commit changed a template: is this a shallow clone?")
    print(f"{len(times)} commits: median {statistics.median(times):.1f} ms, longest {max(times):.1f} ms")


if __name__ == "__main__":
    main()
