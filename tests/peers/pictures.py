"""Draws the pictures of the comparison: the same ones everywhere, with detail, text and noise as photographs have.

usage: pictures.py DIRECTORY
"""

import pathlib
import sys

import numpy
from PIL import Image, ImageDraw, ImageFilter, ImageFont


def photograph(width: int, height: int, seed: int) -> Image.Image:
    """Clouds of noise of several sizes under a tilted book cover, and grain over everything."""
    random = numpy.random.default_rng(seed)
    picture = numpy.full((height, width, 3), 128, numpy.float32)
    for cells, strength in [(6, 55), (24, 30), (96, 18), (384, 10), (1200, 6)]:
        rows = max(2, cells * height // width)
        noise = random.standard_normal((rows, cells, 3)).astype(numpy.float32)
        for channel in range(3):
            cloud = Image.fromarray(noise[:, :, channel]).resize((width, height), Image.BICUBIC)
            picture[:, :, channel] += strength * numpy.asarray(cloud)
    canvas = Image.fromarray(picture.clip(0, 255).astype(numpy.uint8))
    book = cover(width // 2, height * 4 // 5, random)
    mask = Image.new("L", book.size, 255).rotate(3, expand=True)
    book = book.rotate(3, expand=True, resample=Image.BICUBIC)
    corner = ((width - book.width) // 2, (height - book.height) // 2)
    canvas.paste(book, corner, mask)
    grain = random.standard_normal((height, width, 1)) * 3 + random.standard_normal((height, width, 3))
    grainy = numpy.asarray(canvas).astype(numpy.float32) + grain
    return Image.fromarray(grainy.clip(0, 255).astype(numpy.uint8))


def cover(width: int, height: int, random: numpy.random.Generator) -> Image.Image:
    picture = Image.new("RGB", (width, height), tuple(int(value) for value in random.integers(30, 200, 3)))
    draw = ImageDraw.Draw(picture)

    def text(x: float, y: float, size: float, content: str, colour: str) -> None:
        font = ImageFont.load_default(size=max(8, int(size * width)))
        draw.text((x * width, y * height), content, font=font, fill=colour)

    draw.rectangle([width // 20, height // 20, width * 19 // 20, height // 3], outline="white", width=width // 150 + 1)
    text(0.1, 0.08, 0.14, "A BOOK OF\nMANY PAGES", "white")
    text(0.1, 0.40, 0.08, "Somebody Who Writes", "yellow")
    for line in range(20):
        content = f"Line {line} of what somebody else has to say about this book, in print that is small"
        text(0.1, 0.52 + line * 0.019, 0.021, content, "white")
    return picture


def main() -> None:
    directory = pathlib.Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    photograph(4032, 3024, 1).save(directory / "photo-12mp.jpg", quality=85, subsampling="4:2:0")
    photograph(2000, 3000, 2).filter(ImageFilter.GaussianBlur(1.2)).save(directory / "cover-6mp.png", compress_level=6)


main()
