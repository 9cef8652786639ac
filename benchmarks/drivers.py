"""Exact LMG of many drivers against plain peers, in one run on one machine.

Only the ratios travel. Peers: R squared of every subset of drivers by least squares on the rows
(numpy), the same by scikit-learn's LinearRegression, and dominance-analysis where its own
environment is given. All values are compared with ours.

    python benchmarks/drivers.py [--answers 100000] [--drivers 10] [--dominance PYTHON]
"""

import argparse
import json
import math
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import narwhals as nw
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression

from cxlib import drivers
from cxlib.drivers.answers import correlations

DOMINANCE = """
import contextlib, io, json, sys, time
import pandas as pd
with contextlib.redirect_stdout(io.StringIO()):
    from dominance_analysis import Dominance
    answers = pd.read_csv(sys.argv[1])
    start = time.perf_counter()
    found = Dominance(data=answers, target="y", top_k=answers.shape[1] - 1, objective=1)
    values = found.incremental_rsquare()
    seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "values": values}))
"""


def simulated(answers: int, count: int) -> pd.DataFrame:
    """Ratings from 1 to 5 with a halo, and a score from 0 to 10 that they drive."""
    rng = np.random.default_rng(1)
    latent = 3.6 + 0.7 * rng.normal(size=(answers, 1)) + rng.normal(size=(answers, count))
    ratings = np.clip(np.round(latent), 1, 5)
    score = 1 + ratings @ rng.uniform(0, 3 / count, count) + rng.normal(size=answers)
    frame = pd.DataFrame(ratings, columns=[f"d{k}" for k in range(count)])
    return frame.assign(y=np.clip(np.round(score), 0, 10))


def by_subsets(x: np.ndarray, explained: Callable[[np.ndarray], float]) -> np.ndarray:
    """LMG by its definition from R squared of every subset of columns."""
    p = x.shape[1]
    columns = np.arange(p)
    subsets = [columns[(code >> columns) & 1 == 1] for code in range(2**p)]
    r_squared = [explained(x[:, subset]) if len(subset) else 0.0 for subset in subsets]
    shares = np.zeros(p)
    for code, subset in enumerate(subsets):
        for k in columns[(code >> columns) & 1 == 0]:
            weight = 1 / (p * math.comb(p - 1, len(subset)))
            shares[k] += weight * (r_squared[code | 1 << int(k)] - r_squared[code])
    return shares


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--drivers", type=int, default=10)
    parser.add_argument("--dominance", help="python of an environment with dominance-analysis")
    arguments = parser.parse_args()
    feedback = simulated(arguments.answers, arguments.drivers)
    names = list(feedback.columns.drop("y"))

    rng = np.random.default_rng(0)
    begun = time.perf_counter()
    answers = drivers.complete_answers(nw.from_native(feedback).lazy(), "y", names)
    moments = drivers.block_moments(answers, rng)
    values = drivers.lmg(correlations(moments.blocks.sum(axis=0)))
    ours = time.perf_counter() - begun
    begun = time.perf_counter()
    drivers.importance(moments, rng)
    bootstrap = time.perf_counter() - begun
    print(f"{arguments.answers:,} answers, {arguments.drivers} drivers")
    print(f"cxlib, s: LMG from the rows {ours:.3f}, with all intervals {ours + bootstrap:.3f}")

    x, y = feedback[names].to_numpy(), feedback["y"].to_numpy()
    total = np.sum((y - y.mean()) ** 2)

    def least_squares(part: np.ndarray) -> float:
        design = np.column_stack([np.ones(len(part)), part])
        residuals = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
        return float(1 - residuals @ residuals / total)

    def regression(part: np.ndarray) -> float:
        return float(LinearRegression().fit(part, y).score(part, y))

    rows = []
    for peer, explained in {"numpy lstsq": least_squares, "scikit-learn": regression}.items():
        begun = time.perf_counter()
        theirs = by_subsets(x, explained)
        rows.append(_row(peer, time.perf_counter() - begun, ours, theirs - values))
    if arguments.dominance:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "answers.csv"
            feedback.to_csv(path, index=False)
            command = [arguments.dominance, "-c", DOMINANCE, str(path)]
            peer = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        theirs = np.array([peer["values"][name] for name in names])
        rows.append(_row("dominance-analysis", peer["seconds"], ours, theirs - values))
    print(pd.DataFrame(rows).to_string(index=False))


def _row(peer: str, seconds: float, ours: float, apart: np.ndarray) -> dict[str, object]:
    difference = f"{np.abs(apart).max():.1e}"
    return {
        "peer": peer,
        "s": round(seconds, 2),
        "times ours": round(seconds / ours, 1),
        "largest difference": difference,
    }


if __name__ == "__main__":
    main()
