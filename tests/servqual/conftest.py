"""Small surveys that the tests of every part share."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from cxlib import simulate

Survey = tuple[pd.DataFrame, dict[str, list[str]]]


@pytest.fixture
def responses() -> pd.DataFrame:
    """Four respondents; the third left out P_b, the fourth E_b and E_c."""
    nan = np.nan
    return pd.DataFrame(
        {
            "E_a": [7, 6, 7, 5],
            "E_b": [7, 7, 6, nan],
            "E_c": [7, 5, 4, nan],
            "E_d": [4, 4, 4, 4],
            "P_a": [4, 6, 5, 6],
            "P_b": [5, 6, nan, 3],
            "P_c": [6, 6, 3, 3],
            "P_d": [4, 3, 5, 4],
        },
        dtype=float,
    )


@pytest.fixture
def dimensions() -> dict[str, list[str]]:
    """The dimensions of `responses`."""
    return {"staff": ["a", "b", "c"], "place": ["d"]}


@pytest.fixture(scope="session")
def simulated() -> Callable[[int, int], Survey]:
    """A maker of simulated surveys: (respondents, seed) -> answers with E_ and P_, dimensions."""

    def make(respondents: int, seed: int) -> Survey:
        survey = simulate.servqual(respondents, np.random.default_rng(seed))
        names = {f"{x}{i:02d}": f"{x}_{i:02d}" for x in "EP" for i in range(1, 23)}
        ids = iter(range(1, 23))
        dimensions = {
            name: [f"{next(ids):02d}" for _ in means]
            for name, means in simulate.LATENT_MEANS.items()
        }
        return survey.rename(columns=names), dimensions

    return make
