"""How long each customer was a customer, and while watched: durations in months."""

import datetime
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.churn.features import MISSING
from cxlib.churn.groups import levels_or_quarters
from cxlib.inference import NOT_STATED, ParameterError, suppressed

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

DAYS_PER_MONTH = 30.436875  # a year of 365.2425 days, by twelve
ALL = "all customers"


@dataclass(frozen=True)
class Lifetimes:
    """Time from sign-up in months, one entry a customer in the order of the frame.

    A customer was at risk of being seen to leave in (entry, duration], and `left` at its end or was
    still there. `cause` is that of leaving: "voluntary", "involuntary", "not stated", and "" for
    those still there and where the file has no causes. `note` says what the reader must know of the
    way they were watched, `reason` why there are no lifetimes (all arrays are then empty).
    """

    entry: FloatArray
    duration: FloatArray
    left: BoolArray
    cause: pd.Categorical
    note: str
    reason: str

    @property
    def watched(self) -> BoolArray:
        """Who has any time at risk: those who signed up on the last day have none."""
        return self.duration > self.entry

    def of_cause(self, cause: str) -> "Lifetimes":
        """Leaving for one cause: who left for another was watched until then (cause-specific).

        Rates and ratios (`cox`) of these are sound as such (Prentice et al. 1978); a Kaplan-Meier
        curve of them would not be a share of customers: see `cumulative_incidence`.
        """
        of_it = np.asarray(self.cause == cause, dtype=bool)
        return replace(self, left=self.left & of_it, cause=self.cause.set_categories(["", cause]))

    def counts(self, groups: pd.Series | None = None) -> pd.DataFrame:
        """Distinct group, entry, duration, left and cause of the watched, with `customers`."""
        each = pd.DataFrame(
            {
                "group": ALL if groups is None else group_names(groups),
                "entry": self.entry,
                "duration": self.duration,
                "left": self.left,
                "cause": self.cause,
            }
        )
        keys = list(each)
        counted = each[self.watched].groupby(keys, observed=True, sort=True).size()
        return counted.rename("customers").reset_index()


def lifetimes(
    frame: pd.DataFrame,
    *,
    leavers: str = "",
    complete_to: datetime.date | None = None,
    observed_from: datetime.date | None = None,
) -> Lifetimes:
    """Lifetimes of canonical subscriptions, of either form.

    With `started` and `ended` (missing: still there): duration = days from started to ended or to
    `complete_to`, by 30.436875. An end after complete_to has not happened yet. Where the file holds
    leavers from `observed_from` on only, a customer who started earlier is at risk from then on
    (left truncation, delayed entry): entry = months from started to the day before. Who ended
    before was not held as one of all who did, and is not watched.

    Without dates: tenure_months and churned, and `leavers` says whose leaving the file records.
    "all": entry 0. "last month": each customer was watched for the last month of tenure alone,
    entry = duration - 1, not below 0. "": there are no lifetimes, with the reason.

    Who left on the day of sign-up, or at tenure 0, left half a day later, or at the end of the
    first month where tenures are whole months: a duration of 0 has no time at risk. Who is still
    there at 0 has not been watched yet and counts nowhere. Raises ParameterError where a frame with
    dates comes without complete_to, or for another `leavers`.
    """
    if "started" in frame:
        if complete_to is None:
            raise ParameterError("complete_to: dated subscriptions need the last day they cover.")
        entry, duration, left, note = _from_dates(frame, complete_to, observed_from)
    elif "tenure_months" not in frame:
        return _none("Purchases have no end that is seen; the value report has their P(alive).")
    elif leavers == "":
        return _none(
            "The source does not say whose leaving it records: declare leavers (everybody who ever "
            "left, or those of the last month), or give the dates started and ended."
        )
    elif leavers in ("all", "last month"):
        entry, duration, left, note = _from_tenure(frame, leavers)
    else:
        raise ParameterError(f'leavers: {leavers!r} is neither "all" nor "last month".')
    cause = pd.Categorical(np.full(len(frame), ""))
    if "leaving" in frame:
        stated = frame["leaving"].astype("string").fillna(NOT_STATED).to_numpy(dtype=object)
        cause = pd.Categorical(np.where(left, stated, ""))
    return Lifetimes(entry, duration, left, cause, note, "")


def shown_groups(counts: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Groups whose figures may be shown, and those of fewer than 10 (see `suppressed`)."""
    sizes = counts.groupby("group", observed=True, sort=False)["customers"].sum().sort_index()
    hidden = suppressed(sizes)
    return [str(one) for one in sizes.index[~hidden]], [str(one) for one in sizes.index[hidden]]


def group_names(values: pd.Series) -> pd.Categorical:
    """Levels of a text, values or quarters of a number; missing values are a group."""
    if not pd.api.types.is_numeric_dtype(values):
        codes, options = pd.factorize(values)  # -1: missing, the last of the names
        names = np.array([*(str(one) for one in options), MISSING], dtype=object)
        groups: list[str] = sorted(set(names[codes]))
        place = {name: code for code, name in enumerate(groups)}
        of_option = np.array([place.get(name, -1) for name in names], dtype=np.intp)
        categories: pd.Index = pd.Index(groups)
        return pd.Categorical.from_codes(of_option[codes], categories=categories)
    return pd.Categorical(levels_or_quarters(values.reset_index(drop=True)))


def _none(reason: str) -> Lifetimes:
    empty = np.array([], dtype=float)
    return Lifetimes(empty, empty, empty.astype(bool), pd.Categorical([]), "", reason)


def _from_tenure(
    frame: pd.DataFrame, leavers: str
) -> tuple[FloatArray, FloatArray, BoolArray, str]:
    tenure = frame["tenure_months"].to_numpy(dtype=float)
    left = frame["churned"].to_numpy(dtype=bool)
    whole = bool((tenure == np.floor(tenure)).all())
    least = 1.0 if whole else 0.5 / DAYS_PER_MONTH
    duration = np.where(left & (tenure == 0), least, tenure)
    if leavers == "all":
        return np.zeros_like(duration), duration, left, ""
    note = (
        "The file holds only those leavers who left within its last month, so each customer counts "
        "for that one month of tenure. The curve joins such months of customers who signed up at "
        "different times: it describes a customer of today if those who sign up now leave as "
        "earlier ones did at the same tenure."
    )
    return np.maximum(duration - 1, 0), duration, left, note


def _from_dates(
    frame: pd.DataFrame, complete_to: datetime.date, observed_from: datetime.date | None
) -> tuple[FloatArray, FloatArray, BoolArray, str]:
    started = frame["started"].to_numpy(dtype="datetime64[D]")
    ended = frame["ended"].to_numpy(dtype="datetime64[D]")
    last = np.datetime64(complete_to, "D")
    left = ended <= last  # a missing date is no earlier day
    days = (np.where(left, ended, last) - started).astype(float)
    days = np.where(left & (days == 0), 0.5, np.maximum(days, 0))
    entry = np.zeros_like(days)
    note = ""
    if observed_from is not None:
        first = np.datetime64(observed_from, "D")
        # Half a day before, so that who ended on the first observed day was at risk on it.
        entry = np.maximum((first - started).astype(float) - 0.5, 0)
        earlier, late = int((left & (ended < first)).sum()), int((entry > 0).sum())
        note = (
            f"The file holds leavers from {observed_from} on. {late:,} customers had signed up "
            "before and count from their tenure on that day"
        )
        note += f"; {earlier:,} who had left by then are not counted." if earlier else "."
    return entry / DAYS_PER_MONTH, days / DAYS_PER_MONTH, left, note
