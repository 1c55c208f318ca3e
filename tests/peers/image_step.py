"""The image step as the Python original does it, and with the best setting Pillow has.

usage: image_step.py {original|best} FILE RUNS [OUTPUT]
Prints one JSON line: median CPU time of a run, size of the result, peak memory of the process.
"""

import io
import json
import resource
import statistics
import sys
import time

from PIL import Image

BOX = (1024, 1024)
LANCZOS = Image.Resampling.LANCZOS


def original(content: bytes) -> bytes:
    """Convert first, then shrink: the whole picture is decoded at its full size."""
    with Image.open(io.BytesIO(content)) as opened:
        picture = opened.convert("RGB")
        picture.thumbnail(BOX, LANCZOS)
        return encoded(picture)


def best(content: bytes) -> bytes:
    """Shrink first, and let the decoder do as much of it as it can."""
    with Image.open(io.BytesIO(content)) as picture:
        picture.thumbnail(BOX, LANCZOS, reducing_gap=1.0)
        return encoded(picture.convert("RGB"))


def encoded(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, format="JPEG", quality=90)
    return target.getvalue()


def main() -> None:
    step = {"original": original, "best": best}[sys.argv[1]]
    with open(sys.argv[2], "rb") as file:
        content = file.read()
    times = []
    for _ in range(int(sys.argv[3])):
        before = time.process_time()
        result = step(content)
        times.append(time.process_time() - before)
    if len(sys.argv) > 4:
        with open(sys.argv[4], "wb") as file:
            file.write(result)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = {"cpu_us": statistics.median(times) * 1e6, "bytes": len(result), "peak_mb": peak}
    print(json.dumps(line))


main()
