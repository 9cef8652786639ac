"""What became of the customers that an earlier run scored."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow
from numpy.typing import NDArray

from cxlib.churn.calibration import (
    calibration_intercept,
    calibration_slope,
    calibration_verdict,
)
from cxlib.churn.contacts import CONTACT
from cxlib.churn.drift import SCORE
from cxlib.churn.ranking import auc
from cxlib.inference import (
    MIN_GROUP,
    Estimate,
    ParameterError,
    proportion_interval,
    require_level,
    wilson_limits,
)
from cxlib.privacy import pseudonyms

REPORT = "churn"
# The second adds checks, which are not read here.
SCHEMAS = (1, 2)
RISK_COLUMNS = ("customer_id", SCORE)
REFERENCE_COLUMNS = ("feature", "bin", "low", "high", "level", "share", "n")
LIST_COLUMNS = ("customer_id", "group")
DATED_MEASURES = ("observed_over_expected", "calibration_slope", "calibration_intercept")


@dataclass(frozen=True)
class PreviousRun:
    """What an earlier churn report left for this one.

    `reference`: the table of `reference_shares`. `risks`: customer_id, cutoff (missing where the
    data had none), horizon_days (0: none), churn_probability, to_contact (whether its contact list
    said to contact the customer; False for all where it left no list). Both are empty where
    `reason` says why nothing can be compared.
    """

    headline: str
    reference: pd.DataFrame
    risks: pd.DataFrame
    reason: str


@dataclass(frozen=True)
class Outcomes:
    """How an earlier run's risks compare with what happened since.

    `estimates`: observed_rate, observed_over_expected, auc, calibration_slope,
    calibration_intercept; one that cannot be had says why in its method. `counts`: of the
    customers who were scored how many were judged, and why the others were not. `reason` is
    not empty where nothing could be compared, and `estimates` is empty then.
    """

    estimates: Mapping[str, Estimate]
    counts: pd.Series
    sentence: str
    reason: str


def previous_run(folder: str | Path) -> PreviousRun:
    """Read an earlier run of this report, or say why it cannot be read.

    `folder` holds the report's results.json, or is the folder of the whole run, which has the
    report in `churn`. Reads results.json, the tables `reference` and `risks` and, where it is
    there, `contact_list` as Parquet, and of these the columns that are needed. Whatever is wrong
    with them is told in `reason`; nothing is raised.
    """
    why = "its files cannot be read"
    try:
        return _read(Path(folder))
    except _ForeignError as problem:
        why = str(problem)
    except (OSError, ValueError, TypeError, RecursionError, pyarrow.ArrowException):
        pass
    reason = f"The earlier run cannot be compared: {why}."
    return PreviousRun("", pd.DataFrame(), pd.DataFrame(), reason)


def outcomes_since(
    risks: pd.DataFrame,
    now: pd.DataFrame | nw.LazyFrame,
    *,
    complete_to: dt.date | None = None,
    level: float = 0.95,
) -> Outcomes:
    """Compare an earlier run's risks with who has left since.

    `risks` is that of `previous_run`, of its newest cut-off. Customers to be contacted by its list
    are not judged, for the campaign changes whether they leave; those held out or not listed are.
    As the list holds the risky, the AUC is that of a group in which they are fewer. `now` holds
    customer_id and, by what there is, `date` (all purchases: left is who bought nothing in the
    horizon after the cut-off), `ended` (contracts: left is whose ended in it) or `churned` (left is
    who has churned by now; then there is no horizon, and only the ranking can be judged).
    `complete_to` is the last day that `now` covers, needed with dates.

    observed_over_expected = leavers / sum of risks, with Wilson's interval of the leavers' share
    (with different risks it is on the careful side). AUC, calibration slope and intercept as in
    `ranking` and `calibration`; missing with fewer than 10 leavers or 10 stayers. Customers that
    `now` does not know are not followed, and those who had left by the cut-off after all are left
    out; both are counted. Nothing is said before the horizon is over. Raises ParameterError
    without a `complete_to` where dates need it, or for a level outside 0..1.
    """
    require_level(level)
    frame = nw.from_native(now).lazy()
    columns = frame.collect_schema().names()
    scored, cutoff, horizon = _newest(risks)
    dated = "date" in columns or "ended" in columns
    if problem := _problem(scored, cutoff, horizon, complete_to, dated):
        return _no_outcomes(problem)
    if dated and cutoff is not None:
        label = _bought_again if "date" in columns else _ended
        known = label(frame, cutoff, cutoff + dt.timedelta(days=horizon))
    else:
        known = frame.select("customer_id", left="churned").collect("pandas").to_native()
        horizon = 0
    known = known.assign(customer_id=known["customer_id"].astype(str)).set_index("customer_id")
    left = known["left"].reindex(scored["customer_id"]).to_numpy(dtype=object)
    found = np.isin(scored["customer_id"], known.index)
    followed = found & ~pd.isna(left)
    judged = followed.copy()
    if "to_contact" in scored:
        judged &= ~scored["to_contact"].to_numpy(dtype=bool)
    counts = pd.Series(
        {
            "scored": len(scored),
            "judged": int(judged.sum()),
            "not in the data any more": int((~found).sum()),
            "had left by the cut-off after all": int((found & ~followed).sum()),
            "to be contacted by the earlier list": int((followed & ~judged).sum()),
        },
        name="customers",
    )
    if not followed.any():
        why = "none of the customers scored then is in the data now"
        if pseudonyms.are_pseudonyms(scored["customer_id"]):
            why += f", or they cannot be told: {pseudonyms.HOW_TO_FOLLOW[:-1]}"
        return _no_outcomes(why)
    if not judged.any():
        return _no_outcomes("all customers who can be followed were to be contacted by its list")
    y = left[judged].astype(bool)
    estimates = _estimates(y, scored[SCORE].to_numpy(dtype=float)[judged], horizon, level)
    sentence = _sentence(y, estimates, counts, cutoff, horizon)
    return Outcomes(estimates, counts, sentence, "")


class _ForeignError(Exception):
    """Files that this report never wrote."""


def _read(folder: Path) -> PreviousRun:
    if not folder.is_dir():
        # The name alone: a report shows no path of this machine.
        raise _ForeignError(f"there is no folder {folder.name}")
    if not (folder / "results.json").exists() and (folder / REPORT).is_dir():
        folder = folder / REPORT
    _require(folder, "results.json")
    content = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    if not isinstance(content, dict) or content.get("schema") not in SCHEMAS:
        raise _ForeignError("its results.json is not one of this version")
    if content.get("report") != REPORT:
        raise _ForeignError(f"it holds another report than {REPORT}")
    _require(folder, "tables/reference.parquet", "tables/risks.parquet")
    reference = _read_table(folder, "reference", REFERENCE_COLUMNS)
    risks = _checked_risks(_read_table(folder, "risks", RISK_COLUMNS))
    to_contact = np.zeros(len(risks), dtype=bool)
    if (folder / "tables" / "contact_list.parquet").is_file():
        listed = _read_table(folder, "contact_list", LIST_COLUMNS)
        called = listed["customer_id"][listed["group"] == CONTACT].astype(str)
        to_contact = risks["customer_id"].isin(called).to_numpy()
    headline = str(content.get("headline", ""))
    return PreviousRun(
        headline, _checked_reference(reference), risks.assign(to_contact=to_contact), ""
    )


def _require(folder: Path, *names: str) -> None:
    if absent := [name for name in names if not (folder / name).is_file()]:
        raise _ForeignError(f"{absent[0]} is not there")


def _read_table(folder: Path, name: str, needed: tuple[str, ...]) -> pd.DataFrame:
    table = pd.read_parquet(folder / "tables" / f"{name}.parquet")
    if absent := [column for column in needed if column not in table]:
        raise _ForeignError(f"its table {name} has no {', '.join(absent)}")
    return table


def _checked_reference(table: pd.DataFrame) -> pd.DataFrame:
    figures = table[["low", "high", "share", "n"]].astype(float)
    totals = figures["share"].groupby(table["feature"]).sum()
    if not (figures["share"].between(0, 1) & (figures["n"] >= 1)).all():
        raise _ForeignError("its table reference has shares outside 0 to 1")
    if not totals.between(0.999, 1.001).all():
        raise _ForeignError("its table reference has shares that do not add up")
    texts = table[["feature", "level"]].astype(str)
    return pd.concat([texts, table[["bin"]], figures], axis=1)[list(REFERENCE_COLUMNS)]


def _checked_risks(risks: pd.DataFrame) -> pd.DataFrame:
    risk = risks[SCORE].astype(float)
    if not risk.between(0, 1).all():
        raise _ForeignError("its table risks has risks outside 0 to 1")
    cutoff = risks["cutoff"] if "cutoff" in risks else pd.Series(pd.NaT, index=risks.index)
    horizon = risks["horizon_days"] if "horizon_days" in risks else pd.Series(0, index=risks.index)
    checked = pd.DataFrame(
        {
            "customer_id": risks["customer_id"].astype(str),
            "cutoff": pd.to_datetime(cutoff),
            "horizon_days": horizon.astype(int),
            SCORE: risk,
        }
    )
    if checked.duplicated(["customer_id", "cutoff"]).any():
        raise _ForeignError("its table risks has a customer twice at one cut-off")
    return checked


def _newest(risks: pd.DataFrame) -> tuple[pd.DataFrame, dt.date | None, int]:
    """The risks of the latest cut-off, the cut-off, and the horizon in days."""
    days = risks["cutoff"]
    if days.notna().any():
        risks = risks[days == days.max()]
    horizon = 0 if risks.empty else int(risks["horizon_days"].iloc[0])
    return risks, (days.max().date() if days.notna().any() else None), horizon


def _problem(
    scored: pd.DataFrame,
    cutoff: dt.date | None,
    horizon: int,
    complete_to: dt.date | None,
    dated: bool,
) -> str:
    """Why nothing can be said, "" if something can."""
    if scored.empty:
        return "the earlier run scored nobody"
    if not dated:
        return ""
    if cutoff is None or horizon == 0:
        return "the earlier risks have no cut-off and horizon, the data now have dates"
    if complete_to is None:
        raise ParameterError("complete_to: without it nobody can be said to have stayed.")
    over = cutoff + dt.timedelta(days=horizon)
    if complete_to < over:
        return (
            f"the {horizon} days after {cutoff} are over on {over}, the data reach to {complete_to}"
        )
    return ""


def _bought_again(frame: nw.LazyFrame, cutoff: dt.date, over: dt.date) -> pd.DataFrame:
    date, day = nw.col("date"), dt.timedelta(days=1)
    first, end = (dt.datetime.combine(one + day, dt.time()) for one in (cutoff, over))
    ahead = (date >= nw.lit(first)) & (date < nw.lit(end))
    back = frame.select("customer_id", ahead=nw.when(ahead).then(1).otherwise(0))
    people = back.group_by("customer_id").agg(nw.col("ahead").max())
    found = people.collect("pandas").to_native()
    return pd.DataFrame({"customer_id": found["customer_id"], "left": found["ahead"] == 0})


def _ended(frame: nw.LazyFrame, cutoff: dt.date, over: dt.date) -> pd.DataFrame:
    """Who has left in the horizon; missing for those who had before."""
    found = frame.select("customer_id", "ended").collect("pandas").to_native()
    ended = pd.to_datetime(found["ended"])
    left = (ended <= pd.Timestamp(over)).astype(object)
    left[(ended <= pd.Timestamp(cutoff)).to_numpy()] = None
    return pd.DataFrame({"customer_id": found["customer_id"], "left": left})


def _no_outcomes(why: str) -> Outcomes:
    reason = f"What became of the earlier predictions cannot be told: {why}."
    return Outcomes({}, pd.Series(dtype=int, name="customers"), reason, reason)


def _estimates(
    y: NDArray[np.bool_], risk: NDArray[np.float64], horizon: int, level: float
) -> dict[str, Estimate]:
    n, left = len(y), int(y.sum())
    expected = float(risk.mean())
    ratio = Estimate(None, None, None, level, n, "no leaver was expected")
    if expected > 0:
        low, high = (limit / expected for limit in wilson_limits(left / n, n, level=level))
        method = "leavers over the sum of risks, Wilson interval of the leavers"
        ratio = Estimate(left / n / expected, low, high, level, n, method)
    found = {
        "observed_rate": proportion_interval(left, n, level=level),
        "observed_over_expected": ratio,
    }
    few = f"fewer than {MIN_GROUP} leavers or {MIN_GROUP} stayers were followed"
    measures = {
        "auc": auc,
        "calibration_slope": calibration_slope,
        "calibration_intercept": calibration_intercept,
    }
    for name, measure in measures.items():
        enough = min(left, n - left) >= MIN_GROUP
        none = Estimate(None, None, None, level, n, few)
        found[name] = measure(y, risk, level=level) if enough else none
    if horizon == 0:
        none = Estimate(None, None, None, level, n, "the earlier risks have no horizon")
        found |= dict.fromkeys(DATED_MEASURES, none)
    return found


def _sentence(
    y: NDArray[np.bool_],
    estimates: Mapping[str, Estimate],
    counts: pd.Series,
    cutoff: dt.date | None,
    horizon: int,
) -> str:
    when = f" as of {cutoff}" if cutoff else ""
    within = f"within {horizon} days" if horizon else "since"
    judged, called = counts["judged"], counts["to be contacted by the earlier list"]
    text = f"Of {counts['scored']:,} customers scored{when}, {judged + called:,} could be followed"
    if called:
        text += (
            f". {called:,} of these were to be contacted by the list of that run and are not "
            f"judged, for a campaign changes who leaves. Of the {judged:,} held out or not listed, "
            f"{int(y.sum()):,} left {within}"
        )
    else:
        text += f"; {int(y.sum()):,} of them left {within}"
    ratio = estimates["observed_over_expected"]
    if ratio.value is not None:
        text += (
            f", {ratio.value:.2f} times as many as the risks said ({ratio.low:.2f} to "
            f"{ratio.high:.2f})"
        )
    text += "."
    ranking = estimates["auc"]
    if ranking.value is None:
        text += f" How well they ranked cannot be told: {ranking.method}."
    else:
        bounds = "" if ranking.low is None else f" ({ranking.low:.3f} to {ranking.high:.3f})"
        text += f" They ranked with an AUC of {ranking.value:.3f}{bounds}."
    if horizon:
        slope, intercept = (estimates[f"calibration_{one}"] for one in ("slope", "intercept"))
        text += f" {calibration_verdict(slope, intercept)}"
    if called:
        return f"{text} The list holds the risky, so they are fewer among these customers."
    return f"{text} Contacting customers in between changes who leaves, and with it these figures."
