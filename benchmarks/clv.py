"""From purchases to customer value against lifetimes and pymc-marketing, in one run.

    python benchmarks/clv.py --set-up                  # the peers' environments, once
    python benchmarks/clv.py                           # all parts
    python benchmarks/clv.py reduction fits --quick    # some, at a hundredth of the size
    python benchmarks/clv.py growth --most 100000000

Every figure is taken in a process of its own, with one thread for linear algebra: CPU seconds over
all threads (the engine uses every core), best of several where it is short, and the peak memory of
the whole process. Peers get the same rows. Only the ratios travel.
"""

import argparse
import itertools
import json
import math
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import clv_data
import pandas as pd
from measuring import measured_apart

HERE = Path(__file__).parent
PEERS = HERE.parent / "build" / "peers"
REQUIREMENTS = {
    "lifetimes": ["lifetimes==0.11.3", "pyarrow"],
    "pymc_marketing": ["pymc-marketing==0.19.2", "pyarrow"],
}
OURS = "ours"
# The last day of clv_data.shop, and the next two: nothing is left out.
AS_OF = "2024-12-31"
FORMATS = {
    "CPU s": "{:.3g}",
    "peak MB": "{:,.0f}",
    "MB before": "{:,.0f}",
    "CPU, times ours": "{:.3g}",
    "memory, times ours": "{:.2f}",
    "log-likelihood": "{:,.2f}",
    "log-likelihood - ours": "{:+.4f}",
    "exponent": "{:.2f}",
    "transactions": "{:,}",
    "distinct": "{:,.0f}",
    "MB written": "{:,.0f}",
}

Found = dict[str, Any]


def set_up() -> None:
    """Make each peer's environment, with uv where it is on the path."""
    for peer, requirements in REQUIREMENTS.items():
        folder = PEERS / peer
        shutil.rmtree(folder, ignore_errors=True)
        if uv := shutil.which("uv"):
            subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
            install = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python"]
            install.append(str(_python(peer)))
        else:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            install = [str(_python(peer)), "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, *requirements], check=True)


def _python(peer: str) -> Path:
    return PEERS / peer / "bin" / "python"


def run(who: str, task: str, *arguments: object) -> Found:
    """One task in its own process (see measuring.run_task); empty for a peer that is not set up."""
    python = Path(sys.executable) if who == OURS else _python(who)
    if not python.exists():
        return {}
    script = HERE / f"clv_{who}.py"
    return measured_apart(python, "-W", "ignore", script, task, *arguments)


def reduction(folder: Path, scale: float) -> None:
    """Transactions to histories: distinct ones with counts, and one row a customer in a file."""
    transactions = round(10_000_000 * scale)
    path = _shop(folder, transactions)
    tasks = [(OURS, "distinct"), (OURS, "distinct by hand"), (OURS, "customers")]
    tasks += [(OURS, "customers by hand"), *((peer, "reduction") for peer in REQUIREMENTS)]
    found = {task: run(*task, path, AS_OF) for task in tasks}
    [counted] = {(one["customers"], one["purchases"]) for one in found.values() if one}
    title = f"{transactions:,} transactions of {counted[0]:,} customers, {counted[1]:,} repeat days"
    rows = [
        {"step": f"{who}: {task}", **_spent(one), **_times(one, found[OURS, "distinct"])}
        for (who, task), one in found.items()
        if one
    ]
    _show(f"Reduction: {title}", rows)


def fits(folder: Path, scale: float) -> None:
    """Each model on the rows of customers, by each tool that has it."""
    many, some = round(1_000_000 * scale), round(100_000 * scale)
    paths = {"CDNOW": folder / "cdnow.parquet"}
    clv_data.cdnow(paths["CDNOW"])
    for law, customers in (("BG/NBD", many), ("Pareto/NBD", some), ("Pareto/NBD", many)):
        name = f"{customers:,} as {law}"
        paths[name] = folder / f"{law.replace('/', '_')}-{customers}.parquet"
        clv_data.histories(paths[name], customers, law)
    lifetimes, pymc_marketing = REQUIREMENTS
    both = (lifetimes, pymc_marketing)
    cases = [
        ("CDNOW", "BG/NBD", both),
        ("CDNOW", "Pareto/NBD", both),
        ("CDNOW", "Gamma-Gamma", (lifetimes,)),
        (f"{many:,} as BG/NBD", "BG/NBD", (lifetimes,)),
        (f"{many:,} as BG/NBD", "MBG/NBD", ()),
        (f"{many:,} as BG/NBD", "Gamma-Gamma", (lifetimes,)),
        (f"{some:,} as Pareto/NBD", "Pareto/NBD", (lifetimes,)),
        (f"{many:,} as Pareto/NBD", "Pareto/NBD", ()),
        (f"{many:,} as Pareto/NBD", "BG/NBD", ()),
    ]
    rows = []
    for data, model, peers in cases:
        found = run(OURS, "fit", paths[data], model)
        case = {"customers": data, "model": model}
        rows.append(case | {"tool": OURS, **_spent(found), "log-likelihood": found["llf"]})
        for peer in peers:
            if theirs := run(peer, model, paths[data]):
                params = json.dumps(theirs["params"])
                gain = run(OURS, "log_likelihood", paths[data], model, params)["llf"] - found["llf"]
                times = {"CPU, times ours": theirs["cpu_s"] / found["cpu_s"]}
                row = {"tool": peer, **_spent(theirs), **times, "log-likelihood - ours": gain}
                rows.append(case | row)
    _show("Fits to one row a customer, collapse included", rows)


def scoring(folder: Path, scale: float) -> None:
    """Histories of customers in a file to one row each with its value and interval, in a file."""
    customers = round(10_000_000 * scale)
    path = folder / "customers.parquet"
    clv_data.histories(path, customers, "BG/NBD")
    found = run(OURS, "scoring", path)
    _show(f"Scoring {customers:,} customers, fits included", [_spent(found) | _counts(found)])


def growth(folder: Path, most: int) -> None:
    """How the cost of the reduction grows with the transactions."""
    rows: list[Found] = []
    for transactions in itertools.takewhile(lambda n: n <= most, (10**k for k in range(5, 10))):
        path = _shop(folder, transactions)
        for task in ("distinct", "customers"):
            found = run(OURS, task, path, AS_OF)
            row = {"step": task, "transactions": transactions, **_spent(found), **_counts(found)}
            before = next((one for one in reversed(rows) if one["step"] == task), None)
            if before:
                row["exponent"] = math.log10(row["CPU s"] / before["CPU s"])
            rows.append(row)
    _show("Growth of the reduction", rows)


def _shop(folder: Path, transactions: int) -> Path:
    path = folder / f"shop-{transactions}.parquet"
    if not path.exists():
        clv_data.shop(path, transactions)
    return path


def _spent(found: Found) -> Found:
    spent = {"CPU s": found["cpu_s"], "peak MB": found["peak_mb"]}
    return spent | {"MB before": found["before_mb"]}


def _times(found: Found, ours: Found) -> Found:
    return {
        "CPU, times ours": found["cpu_s"] / ours["cpu_s"],
        "memory, times ours": found["peak_mb"] / ours["peak_mb"],
    }


def _counts(found: Found) -> Found:
    return {name: found[name] for name in ("customers", "distinct", "MB written") if name in found}


def _show(title: str, rows: list[Found]) -> None:
    print(f"\n{title}")
    table = pd.DataFrame(rows)
    for name in table.columns.intersection(list(FORMATS)):
        table[name] = table[name].map(FORMATS[name].format, na_action="ignore")
    print(table.to_string(index=False, na_rep=""), flush=True)


PARTS: dict[str, Callable[..., None]] = {
    "reduction": reduction,
    "fits": fits,
    "scoring": scoring,
    "growth": growth,
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("parts", nargs="*", help=f"some of {', '.join(PARTS)}; all if none")
    options.add_argument("--set-up", action="store_true", help="make the peers' environments")
    options.add_argument("--quick", action="store_true", help="a hundredth of the sizes")
    options.add_argument("--most", type=int, default=10_000_000, help="largest of growth")
    options.add_argument("--folder", type=Path, help="keep the simulated transactions here")
    given = options.parse_args()
    if given.set_up:
        set_up()
        return
    if unknown := set(given.parts) - set(PARTS):
        options.error(f"no part {', '.join(sorted(unknown))}")
    scale = 0.01 if given.quick else 1.0
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for part in given.parts or PARTS:
            size = round(given.most * scale) if part == "growth" else scale
            PARTS[part](folder, size)
    if missing := [peer for peer in REQUIREMENTS if not _python(peer).exists()]:
        print(f"\nWithout {', '.join(missing)}: run with --set-up first.")


if __name__ == "__main__":
    main()
