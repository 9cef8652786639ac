"""Features that may know the outcome, told before a model is fitted to them.

Rules, not proofs: an error is a feature or a split that cannot be right as it stands, a warning is
something that a person has to look at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from cxlib.churn import leak_checks
from cxlib.churn.features import Features
from cxlib.churn.leak_checks import ODDS_RATIO, ORDER_AUC, RUN_SHARE, Check, CheckedTable
from cxlib.churn.missing import RATE_DIFFERENCE, RATE_LEAST, RATE_RATIO, blanks, missing_rates
from cxlib.churn.single import LEAK_AUC, single_features
from cxlib.churn.validation import Validation
from cxlib.inference import holm, require_level

DATED, WINDOW = "dated after the cut-off", "window overlaps the horizon"
ALONE, NAME = "tells the outcome alone", "name speaks of the outcome"
COPIES, JUMP = "duplicates across the split", "churn rate jumps"
IDENTIFIER, BLANK = "identifier as a feature", "missing after the outcome"

RULES: Mapping[str, tuple[str, str]] = {
    DATED: (
        "a date column with days after the row's cut-off, a date written as a number (20240131) or "
        "text (2024-01-31, 2024-01) after it, or a negative count of days, weeks or months since "
        "something",
        "leave it out, or take its value as of the cut-off",
    ),
    WINDOW: (
        "a feature made of days after the cut-off, or parts of a split whose cut-offs lie closer "
        "than the horizon",
        "end the window at the cut-off; leave a horizon between training and test",
    ),
    ALONE: (
        f"an AUC above {LEAK_AUC:g} by this feature alone",
        "it is left out of the models; take it out of the file, or find out when it is known",
    ),
    NAME: (
        "a word for leaving in the name (English or Persian)",
        "leave it out, unless it speaks of something else",
    ),
    COPIES: (
        "a customer twice at one cut-off or in several parts of a split; or customers alike in "
        "every feature, at least three of which vary, although a number tells at least 99 % of the "
        "others apart",
        "keep one row of each",
    ),
    JUMP: (
        f"odds of leaving that change more than {ODDS_RATIO:g} times from one cut-off to the next, "
        f"beyond chance; or leavers (stayers) in one run of at least {RUN_SHARE:.0%} of them in "
        "the order of the rows or ids, longer than chance makes; or an AUC above "
        f"{ORDER_AUC:g} by that order",
        "find out how the file was put together; leave out ids and running numbers",
    ),
    IDENTIFIER: (
        "whole numbers that hardly ever repeat and rise or fall with the rows or ids, have eight "
        "or more digits each, or are the id; or a text with a value for every other customer",
        "leave it out: it tells who, not what kind of customer",
    ),
    BLANK: (
        f"missing (or there) more than {RATE_RATIO:g} times as often among leavers or stayers, or "
        f"with {RATE_DIFFERENCE * 100:g} points between them, by the interval's nearer end; by "
        f"Fisher's exact test, Holm over all tests of this report; in {RATE_LEAST:.0%} of one "
        "kind or more. Not asked of features computed as of the cut-off, nor where the values of "
        "another feature say exactly who misses it",
        "find out when it was filled or wiped; leave it out if that came with the leaving",
    ),
}


@dataclass(frozen=True)
class Leaks:
    """What a leakage report looked at and found.

    `findings`: kind, feature, severity ("error", "warning"), found, customers, rule, remedy.
    `checks`: a row a kind: looked_at (features, columns, cut-offs ...), found, not_checked
    (what not, and why), rule. `single`: AUC of each feature alone (`single_features`). `missing`:
    of each feature with missing values the share among leavers and stayers, their difference with
    Newcombe's interval, the AUC of the missing, why that is no sign of a leak, p_holm.
    """

    findings: pd.DataFrame
    checks: pd.DataFrame
    single: pd.DataFrame
    missing: pd.DataFrame

    @property
    def dated(self) -> pd.DataFrame:
        """The findings of features dated after the cut-off: an error of the file."""
        return self.findings[self.findings["kind"] == DATED]

    @property
    def left_out(self) -> list[str]:
        """Names of the features that no model uses: with an error, or telling the outcome alone.

        Of the second it is only likely that they know the outcome, hence a warning; a model with
        one of them would be of no use for all others.
        """
        wrong = (self.findings["severity"] == "error") | (self.findings["kind"] == ALONE)
        return sorted(set(self.findings.loc[wrong, "feature"]) & set(self.single.index))

    @property
    def sentence(self) -> str:
        """The findings in words; what was looked at where there are none."""
        if self.findings.empty:
            asked = int((self.checks["looked_at"] > 0).sum())
            return f"No sign of a leak, by {asked} of {len(self.checks)} kinds of check."
        told = self.findings[["severity", "feature", "kind", "found"]].to_numpy(dtype=str)
        return " ".join(
            f"{severity.capitalize()}: {feature} ({kind}: {found})."
            for severity, feature, kind, found in told
        )


def leak_report(
    features: Features,
    *,
    raw: pd.DataFrame | None = None,
    windows: pd.DataFrame | None = None,
    parts: ArrayLike | None = None,
    horizon_days: int = 0,
    level: float = 0.95,
    seed: int = 0,
) -> Leaks:
    """Eight kinds of leak, looked for before any model is fitted; the rules are `RULES`.

    `raw`: the table that the features come from, row by row, for its date columns. `windows`:
    feature, first_day, last_day (days from the cut-off), source (`Snapshots.windows`). `parts`:
    for each row the part of the split it is in ("train", "test", or a fold); blank is none.
    Tests (jumps, runs, missing values) share one Holm correction at 1 - level: at most so often
    does a clean table meet one of them by chance. The AUCs are those of at most 25,000 leavers and
    25,000 stayers, drawn by `seed`. Copies under other ids and identifiers are looked for in the
    newest row of each customer. Raises ParameterError for a level outside 0..1, ValueError for
    `raw` or `parts` of another length.
    """
    require_level(level)
    n = len(features.X)
    part = None if parts is None else pd.Series(np.asarray(parts, dtype=object)).replace("", None)
    for name, given in (("raw", raw), ("parts", part)):
        if given is not None and len(given) != n:
            raise ValueError(f"{name} has {len(given)} rows, the features have {n}.")
    table = CheckedTable(features, raw, windows, part, horizon_days)
    single = single_features(features.X, features.churned, level=level, seed=seed)
    missing = missing_rates(table, level)
    made = {
        DATED: list(leak_checks.dated(table)),
        WINDOW: list(leak_checks.overlaps(table)),
        ALONE: list(leak_checks.alone(single, table)),
        NAME: list(leak_checks.names(table)),
        COPIES: list(leak_checks.copies(table)),
        JUMP: list(leak_checks.jumps(table, level, seed)),
        IDENTIFIER: list(leak_checks.identifiers(table)),
        BLANK: list(blanks(missing)),
    }
    findings, checks, p_holm = _concluded(made, table, level)
    return Leaks(findings, checks, single, missing.assign(p_holm=p_holm))


def _concluded(
    made: Mapping[str, Sequence[Check]], table: CheckedTable, level: float
) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Findings and checks after Holm's correction, and the corrected p of missing values."""
    adjusted = iter(holm([one.p for several in made.values() for one in several]))
    rows, checks, p_holm = [], [], {}
    for kind, several in made.items():
        rule, remedy = RULES[kind]
        found = 0
        for one in several:
            p = next(adjusted)
            if kind == BLANK:
                p_holm[one.feature] = p
            # Without a test p is missing, and the rule alone decides.
            if one.flagged and not p >= 1 - level:
                told = (one.feature, one.severity, one.found, one.customers)
                rows.append((kind, *told, rule, remedy))
                found += 1
        checks.append((kind, len(several), found, _not_checked(kind, several, table), rule))
    names = ["kind", "feature", "severity", "found", "customers", "rule", "remedy"]
    looked = pd.DataFrame(checks, columns=["kind", "looked_at", "found", "not_checked", "rule"])
    return (
        pd.DataFrame(rows, columns=names),
        looked.set_index("kind"),
        pd.Series(p_holm, dtype=float),
    )


def _not_checked(kind: str, several: Sequence[Check], table: CheckedTable) -> str:
    """What could not be looked at for a kind, and why; "" if all could."""
    if kind == COPIES and all(one.feature == "customer_id" for one in several):
        return (
            "copies under other ids: no number tells customers apart, or fewer than "
            f"{leak_checks.LEAST_VARYING} features vary"
        )
    if several:
        return ""
    if kind == DATED:
        return "no cut-off" if table.cutoff is None else "no date among the columns"
    if kind == WINDOW:
        return "the windows of the features are not known"
    if kind == BLANK:
        return "no missing value in a feature that may have been wiped"
    return "too few customers"


def leak_warning(leaks: Leaks, validation: Validation) -> str:
    """The report's sentence on what was found, and models that rank almost perfectly.

    "" when nothing was found. Where a model's AUC is above .99, several features may know the
    outcome together, although none does alone.
    """
    sentences = [] if leaks.findings.empty else [leaks.sentence]
    models = [
        name
        for (name, measure), one in validation.estimates.items()
        if measure == "auc" and one.value is not None and one.value > LEAK_AUC
    ]
    if models:
        sentences.append(
            f"Warning: the model {' and the model '.join(models)} ranks almost perfectly (AUC "
            f"above {LEAK_AUC:g}): some of the features may know the outcome (leak)."
        )
    return " ".join(sentences)
