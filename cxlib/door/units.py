"""Amounts in two units of money, ten to one, within one column: rial among toman."""

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import ks_2samp

FloatArray = NDArray[np.float64]

# Rows of each of the two groups, and their share of all.
_LEAST_ROWS, _LEAST_SHARE = 20, 0.02
# Decades between the two groups that hold nearly no amount, and between their medians.
_LEAST_GAP, _MOST_BETWEEN = 0.2, 0.015
_TENFOLD = (0.85, 1.15)
_ALIKE = 0.01
# Prices that are there once more, ten times as high, and how many times as many as by chance.
_LEAST_PRICES, _TIMES_CHANCE = 20, 3
_OTHER_FACTORS = (6, 7, 8, 9, 11, 12, 13, 14)
_TEXT = "amounts of two kinds, ten to one, mixed within the file: rial among toman? {how}"


def mixed_units(sample: nw.LazyFrame, rows: int) -> list[tuple[str, int]]:
    """A warning, as text and number of rows, where some amounts may be in a unit ten times smaller.

    Told where one of three signs is met: the amounts, or their ratios to the amount before of the
    same product or customer, are two groups with a gap between, ten to one and alike in shape; or
    many prices are there once more ten times as high, far more than nine or eleven times as high.
    Amounts that differ severalfold for one product or customer, at prices that hardly occur twice,
    hide two units. Positive amounts of `sample`, which stands for `rows` transactions: the number
    of rows is that of the sample, scaled up.
    """
    present = sample.collect_schema().names()
    names = [name for name in ("product", "customer_id") if name in present]
    found = sample.select("amount", *names).collect("pyarrow").to_pandas()
    some = found[found["amount"] > 0]
    scale = rows / max(1, len(found))
    amounts = some["amount"].to_numpy("float64")
    logarithms: FloatArray = np.asarray(np.log10(amounts), dtype="float64")
    if count := _two_groups(logarithms):
        return [(_TEXT.format(how="no amount lies between the two"), round(count * scale))]
    for name in names:
        if count := _tenfold_steps(logarithms, some[name]):
            how = f"amounts of one {name.removesuffix('_id')} differ tenfold, and hardly less"
            return [(_TEXT.format(how=how), round(count * scale))]
    if count := _repeated_prices(amounts):
        how = "many prices are there once more, ten times as high"
        return [(_TEXT.format(how=how), round(count * scale))]
    return []


def _tenfold_steps(logarithms: FloatArray, of: pd.Series) -> int:
    """How many purchases of a customer or a product are ten times that before, or a tenth of it.

    0 where other steps lie between these and the usual ones, or where both kinds are not alike.
    """
    by = pd.Series(logarithms).groupby(of.to_numpy(), sort=False)
    steps: FloatArray = np.abs(by.diff().dropna().to_numpy("float64"))
    found = _upper_group(steps)
    if not found:
        return 0
    upper = np.sort(steps)[-found:]
    lower = np.sort(steps)[:-found]
    center = float(np.median(upper))
    is_alike = ks_2samp(lower, np.abs(upper - center)).pvalue >= _ALIKE
    return found if _is_tenfold(center) and is_alike else 0


def _two_groups(logarithms: FloatArray) -> int:
    """How many amounts lie above a gap between two groups that are ten to one and alike, or 0."""
    found = _upper_group(logarithms)
    if not found:
        return 0
    ordered = np.sort(logarithms)
    lower, upper = ordered[:-found], ordered[-found:]
    apart = float(np.median(upper) - np.median(lower))
    is_alike = ks_2samp(lower - np.median(lower), upper - np.median(upper)).pvalue >= _ALIKE
    return found if _is_tenfold(apart) and is_alike else 0


def _upper_group(logarithms: FloatArray) -> int:
    """How many values lie above a gap with enough of them on both sides; 0 where there is none."""
    ordered = np.sort(logarithms)
    n = len(ordered)
    least = max(_LEAST_ROWS, int(_LEAST_SHARE * n))
    if n < 2 * least:
        return 0
    # As many as may lie between are passed over at once.
    over = int(_MOST_BETWEEN * n) + 1
    widths = ordered[over:] - ordered[:-over]
    places = np.arange(least, n - least - over + 1)
    if not len(places):
        return 0
    wide = places[widths[places - 1] >= _LEAST_GAP]
    if not len(wide):
        return 0
    # At the ends of a distribution gaps are wide as well.
    at = int(wide[np.argmax(np.minimum(wide, n - wide))])
    return n - at - over + 1


def _is_tenfold(decades: float) -> bool:
    return _TENFOLD[0] <= decades <= _TENFOLD[1]


def _repeated_prices(amounts: FloatArray) -> int:
    """Rows of prices whose tenth is a price, too, where chance does not explain it; else 0."""
    hundredths = np.rint(amounts * 100).astype(np.int64)
    prices, counts = np.unique(hundredths, return_counts=True)
    common = prices[counts > 1]
    found = {factor: prices[np.isin(prices, common * factor)] for factor in (10, *_OTHER_FACTORS)}
    chance = max(len(found[factor]) for factor in _OTHER_FACTORS)
    tenfold = found[10]
    if len(tenfold) < max(_LEAST_PRICES, _TIMES_CHANCE * chance):
        return 0
    rows = int(counts[np.isin(prices, tenfold)].sum())
    return rows if rows >= _LEAST_SHARE * len(amounts) else 0
