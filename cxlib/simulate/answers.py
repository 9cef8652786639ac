"""How a latent normal value becomes an answer, in draws and exactly."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

FloatArray = NDArray[np.float64]


def cuts(low: int, high: int) -> FloatArray:
    """Between which latent values one answer gives way to the next: low + 1/2, ..., high - 1/2."""
    return np.arange(low + 0.5, high)


def answers(latent: FloatArray, low: int, high: int) -> FloatArray:
    """The latent values rounded and cut to the scale low..high."""
    return low + np.searchsorted(cuts(low, high), latent).astype(float)


def answer_chances(mean: ArrayLike, sd: float, low: int, high: int) -> FloatArray:
    """Chance of each answer low..high, last axis, when the latent value is normal."""
    z = (cuts(low, high) - np.asarray(mean, dtype=float)[..., None]) / sd
    beyond = np.ones((*z.shape[:-1], 1))
    return np.diff(np.concatenate([0 * beyond, ndtr(z), beyond], axis=-1), axis=-1)


def choose(count: int, shares: Mapping[str, float], rng: np.random.Generator) -> NDArray[np.str_]:
    """`count` independent draws of the names, with chances `shares`."""
    edges = np.cumsum(list(shares.values()))[:-1]
    return np.array(list(shares))[np.searchsorted(edges, rng.random(count), side="right")]
