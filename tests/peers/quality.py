"""How close a small picture is to the ideal one: structural similarity of luma, 1 for equal pictures."""

import numpy
from PIL import Image


def luma(picture: Image.Image) -> numpy.ndarray:
    return numpy.asarray(picture.convert("YCbCr"))[:, :, 0].astype(numpy.float64)


def ideal(path: str, size: tuple[int, int]) -> numpy.ndarray:
    """The full picture, resampled by Lanczos without rounding in between."""
    plane = Image.fromarray(luma(Image.open(path).convert("RGB")).astype(numpy.float32))
    return numpy.asarray(plane.resize(size, Image.Resampling.LANCZOS)).astype(numpy.float64)


def similarity(one: numpy.ndarray, other: numpy.ndarray) -> float:
    """SSIM with the usual 11 by 11 Gaussian window (Wang et al. 2004)."""
    steps = numpy.arange(11) - 5
    window = numpy.exp(-(steps**2) / (2 * 1.5**2))
    window /= window.sum()

    def blurred(plane: numpy.ndarray) -> numpy.ndarray:
        for axis in (0, 1):
            plane = numpy.apply_along_axis(lambda line: numpy.convolve(line, window, "valid"), axis, plane)
        return plane

    mean_one, mean_other = blurred(one), blurred(other)
    variance_one = blurred(one * one) - mean_one**2
    variance_other = blurred(other * other) - mean_other**2
    covariance = blurred(one * other) - mean_one * mean_other
    first, second = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    numerator = (2 * mean_one * mean_other + first) * (2 * covariance + second)
    denominator = (mean_one**2 + mean_other**2 + first) * (variance_one + variance_other + second)
    return float((numerator / denominator).mean())
