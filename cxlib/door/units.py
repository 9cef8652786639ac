"""Amounts in two units of money within one column: rial among toman, cents among units."""

import re
from collections.abc import Collection, Hashable, Iterator, Sequence

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import ks_2samp

from cxlib.contracts import quoted
from cxlib.door.findings import at

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
_SHOWN_GROUPS = 3
_RIAL = "rial among toman? Write all in one unit"
_CENTS = "cents among units? Write all in one unit"
_THOUSANDS = "thousands among units? Write all in one unit"
# Of the fewer groups, where they are those of the larger numbers, and where of the smaller.
_GROUPS_TEN = (
    f"amounts of {{name}} {{values}} are about ten times those of all others: {_RIAL}",
    f"amounts of {{name}} {{values}} are about a tenth of those of all others: {_RIAL}",
)
_GROUPS_HUNDRED = (
    f"amounts of {{name}} {{values}} are about a hundred times those of all others: {_CENTS}",
    f"amounts of {{name}} {{values}} are about a hundredth of those of all others: {_CENTS}",
)
_GROUPS_THOUSAND = (
    f"amounts of {{name}} {{values}} are about a thousand times those of all others: {_THOUSANDS}",
    f"amounts of {{name}} {{values}} are about a thousandth of those of all others: {_THOUSANDS}",
)
_TEXT = "amounts of two kinds, ten to one, mixed within the file: rial among toman? {how}"

# Groups of which the units are compared, and how far apart the medians of one unit may be.
_LEAST_GROUPS, _MOST_GROUPS, _ENOUGH_ROWS, _LIKE = 3, 50, 30, 2
_TIMES_TEN, _TIMES_HUNDRED, _TIMES_THOUSAND = (7, 14), (60, 160), (600, 1600)
_NO_MONEY = 1e-6
_TENFOLD_CURRENCIES = {"", "irr", "irt", "tmn", "ریال", "تومان", "rial", "toman"}
_ALL_BUT_ODD, _HALF = 0.99, 0.5
_WHOLE, _HUNDREDTHS, _TENTHS = (
    re.compile(r"[0-9]+"),
    re.compile(r"[0-9]+[.,/\u066b][0-9]{2}"),
    re.compile(r"[0-9]+[.,/\u066b][0-9]"),
)
# Hundredths that end in a zero: who writes these writes no whole number without its hundredths.
_LEAST_ZEROS = 3


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


def unlike_groups(
    sample: nw.LazyFrame, names: Collection[str], rows: int, currency: str
) -> list[tuple[str, int]]:
    """A warning, as text and number of rows, where some values of an attribute have another unit.

    Of three groups or more with 30 amounts each, the medians are of two kinds, each within a factor
    of two; one kind is 7 to 14 times the other, and all its amounts are multiples of ten, as rial
    made of toman are (where `currency` is one of these or not declared); or 60 to 160 times, its
    amounts are whole but no full hundreds, and those of the other have hundredths; or 600 to 1,600
    times, also of two groups, and half of those of the other have more than two decimals. Of
    positive amounts of `sample`, which stands for `rows` transactions; `names`: the attributes.
    """
    present = sample.collect_schema().names()
    wanted = [name for name in names if name in present]
    if not wanted:
        return []
    found = sample.select("amount", *wanted).collect("pyarrow").to_pandas()
    return unlike_rows(found, wanted, rows, currency)


def unlike_rows(
    found: pd.DataFrame, names: Collection[str], rows: int, currency: str
) -> list[tuple[str, int]]:
    """As `unlike_groups`, of a frame in memory."""
    some = found[found["amount"] > 0]
    scale = rows / max(1, len(found))
    told = []
    for name in names:
        by = some.groupby(name, sort=False)["amount"]
        sizes = by.size()
        medians = by.median()[sizes >= _ENOUGH_ROWS].sort_values()
        if not 1 < len(medians) <= _MOST_GROUPS:
            continue
        for high, texts in _apart(medians, some, name, currency):
            are_fewer = len(high) <= len(medians) / 2
            fewer = high if are_fewer else medians.index.difference(high)
            shown = ", ".join(quoted(str(value)) for value in fewer[:_SHOWN_GROUPS])
            count = round(int(sizes[fewer].sum()) * scale)
            told.append((texts[not are_fewer].format(name=name, values=shown), count))
    return told


def _apart(
    medians: pd.Series, some: pd.DataFrame, name: str, currency: str
) -> Iterator[tuple[pd.Index, tuple[str, str]]]:
    """The groups of the larger numbers, and what to say of it; none where there is one unit."""
    values = medians.to_numpy("float64")
    at = int(np.argmax(values[1:] / values[:-1])) + 1
    low, high = values[:at], values[at:]
    if low[-1] > _LIKE * low[0] or high[-1] > _LIKE * high[0]:
        return
    ratio = float(np.exp(np.log(high).mean() - np.log(low).mean()))
    is_high = some[name].isin(medians.index[at:])
    larger = some["amount"][is_high].to_numpy("float64")
    smaller = some["amount"][some[name].isin(medians.index[:at])].to_numpy("float64")
    are_many = len(values) >= _LEAST_GROUPS
    of_ten = (
        are_many
        and _TIMES_TEN[0] <= ratio <= _TIMES_TEN[1]
        and (larger % 10 == 0).mean() >= _ALL_BUT_ODD
    )
    if of_ten and currency.casefold() in _TENFOLD_CURRENCIES:
        yield medians.index[at:], _GROUPS_TEN
    of_hundred = are_many and _TIMES_HUNDRED[0] <= ratio <= _TIMES_HUNDRED[1]
    if of_hundred and _are_cents(larger, smaller):
        yield medians.index[at:], _GROUPS_HUNDRED
    if _TIMES_THOUSAND[0] <= ratio <= _TIMES_THOUSAND[1] and _have_thousandths(smaller):
        yield medians.index[at:], _GROUPS_THOUSAND


def _are_cents(larger: FloatArray, smaller: FloatArray) -> bool:
    """Whether amounts are whole, and no full hundreds, while the others have hundredths."""
    is_whole = (larger % 1 == 0).mean() >= _ALL_BUT_ODD
    is_full = (larger % 100 == 0).mean() >= _HALF
    return bool(is_whole and not is_full and (smaller % 1 != 0).mean() >= _HALF)


def _have_thousandths(amounts: FloatArray) -> bool:
    """Whether amounts have more decimals than money has."""
    hundredths = amounts * 100
    return bool((np.abs(hundredths - np.rint(hundredths)) > _NO_MONEY).mean() >= _HALF)


# Whole amounts that may have lost their mark.
_LEAST_WHOLE, _MOST_WHOLE = 2, 0.05


def cents_among_units(texts: pd.Series) -> list[tuple[str, int]]:
    """A warning, as text and number of rows, where whole amounts may be cents beside hundredths.

    Of the trimmed `texts` of a text file: 30 whole ones and 30 with two decimals or more, some of
    which end in a zero, none with one; the median of the first is 60 to 160 times that of the
    others, and at most half of them are full hundreds. Fewer whole ones: see `_without_mark`.
    """
    whole = np.array([float(one) for one in texts if _WHOLE.fullmatch(one)], dtype="float64")
    pointed = [one for one in texts if _HUNDREDTHS.fullmatch(one)]
    zeros = sum(one.endswith("0") for one in pointed)
    if len(pointed) < _ENOUGH_ROWS or not len(whole) or zeros < _LEAST_ZEROS:
        return []
    if any(_TENTHS.fullmatch(one) for one in texts):
        return []
    hundredths = np.array([float(f"{one[:-3]}.{one[-2:]}") for one in pointed], dtype="float64")
    if len(whole) < _ENOUGH_ROWS:
        lines = [line for line, one in texts.items() if _WHOLE.fullmatch(one)]
        return _without_mark(whole, hundredths, lines)
    ratio = float(np.median(whole)) / max(float(np.median(hundredths)), 0.01)
    if not _TIMES_HUNDRED[0] <= ratio <= _TIMES_HUNDRED[1] or not _are_cents(whole, hundredths):
        return []
    text = (
        "whole amounts are about a hundred times those with two decimals: cents among units? Write"
        " all in one unit"
    )
    return [(text, len(whole))]


def _without_mark(
    whole: np.ndarray, hundredths: np.ndarray, lines: Sequence[Hashable]
) -> list[tuple[str, int]]:
    """A warning where a few whole amounts lie above all others, and their hundredths among them."""
    are_few = _LEAST_WHOLE <= len(whole) <= _MOST_WHOLE * len(hundredths)
    if not are_few or whole.min() <= hundredths.max() or whole.max() > 100 * hundredths.max():
        return []
    text = (
        "whole amounts lie above all those with two decimals, and a hundredth of each among them:"
        f" was a decimal mark lost? (first: {at('line', map(str, lines))})"
    )
    return [(text, len(whole))]
