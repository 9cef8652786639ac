"""Survival figures of lifelines for the tests, in lifelines_figures.csv beside this file.

lifelines holds pandas below 3 and so cannot stand in the project's environment. In one of its own:
    python -m venv ENV; ENV/bin/pip install lifelines
    ENV/bin/python tests/reference/lifelines_figures.py

Whole months are tied with months of entry: lifelines' Kaplan-Meier counts who enters at t as at
risk at t, R and this project from after t on. Half a month is added to an entry, so that both mean
the same customers. lifelines refuses a Kaplan-Meier curve where nobody is at risk in between, so
that the curve of Telco has the last six months of each customer, and Cox regression the last one.
"""

import pathlib
import platform

import lifelines
import numpy as np
import pandas as pd
from lifelines import AalenJohansenFitter, CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test, proportional_hazard_test
from lifelines.utils import median_survival_times, restricted_mean_survival_time

HERE = pathlib.Path(__file__).parent
FEATURES = ["senior_citizen", "partner", "contract", "payment_method", "paperless_billing"]
FEATURES += ["internet_service", "monthly_charges"]


def telco() -> pd.DataFrame:
    raw = pd.read_csv(HERE.parents[1] / "data" / "raw" / "telco_churn.csv")
    left = raw["churn"] == "Yes"
    duration = np.where(left, np.maximum(raw["tenure"], 1), raw["tenure"]).astype(float)
    frame = raw[FEATURES].assign(duration=duration, left=left)
    frame["six_months"], frame["entry"] = (np.maximum(duration - span, 0) for span in (6, 1))
    return frame[duration > 0].reset_index(drop=True)


def leukemia() -> pd.DataFrame:
    return pd.read_csv(HERE / "leukemia.csv", comment="#").astype({"left": bool})


def dummies(frame: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for name in frame.columns.drop(["duration", "left", "six_months", "entry"], errors="ignore"):
        if pd.api.types.is_numeric_dtype(frame[name]):
            parts.append(frame[name].astype(float))
            continue
        reference = frame[name].value_counts().idxmax()
        for level in sorted(set(frame[name]) - {reference}):
            column = (frame[name] == level).astype(float)
            parts.append(column.rename(f"{name}: {level} against {reference}"))
    return pd.concat(parts, axis=1)


def curve(frame: pd.DataFrame, entry: pd.Series | None) -> list[tuple]:
    fitted = KaplanMeierFitter().fit(frame["duration"], frame["left"], entry=entry)
    table = fitted.survival_function_.join(fitted.confidence_interval_)
    table.columns = ["survival", "survival_low", "survival_high"]
    rows = [
        (figure, month, value)
        for month, row in table.loc[sorted(set(frame["duration"]))].iterrows()
        for figure, value in row.items()
    ]
    limits = median_survival_times(fitted.confidence_interval_)
    rows += [("median_months", "", fitted.median_survival_time_)]
    rows += [("median_months_low", "", limits.iloc[0, 0])]
    rows += [("median_months_high", "", limits.iloc[0, 1])]
    horizon = frame["duration"].max() - 2
    mean = restricted_mean_survival_time(fitted, t=horizon)
    return [*rows, ("restricted_mean_months", horizon, mean)]


def regression(frame: pd.DataFrame, entry: pd.Series | None) -> list[tuple]:
    design = dummies(frame).assign(duration=frame["duration"], left=frame["left"])
    extra = {}
    if entry is not None:
        design, extra = design.assign(entry=entry), {"entry_col": "entry"}
    fitted = CoxPHFitter().fit(
        design, "duration", "left", fit_options={"precision": 1e-14}, **extra
    )
    rows = [("log_likelihood", "", fitted.log_likelihood_)]
    for name in fitted.params_.index:
        rows += [("log_hazard_ratio", name, fitted.params_[name])]
        rows += [("standard_error", name, fitted.standard_errors_[name])]
    if entry is None:
        rows += [("concordance", "", fitted.concordance_index_)]
        ordered = design.sort_values("duration", kind="stable")
        test = proportional_hazard_test(fitted, ordered, time_transform=ranks)
        chi2 = test.summary["test_statistic"]
        rows += [("proportionality", name, chi2[name]) for name in chi2.index]
    return rows


def ranks(duration: pd.Series, left: pd.Series, _weights: object) -> pd.Series:
    """Mid-ranks of the times of leaving, 0 for the rest, which the test does not read."""
    return duration[left.astype(bool)].rank().reindex(duration.index).fillna(0.0)


def main() -> None:
    found = []
    for name, frame, group in (("telco", telco(), "contract"), ("leukemia", leukemia(), "treated")):
        for delayed in ("no", "yes"):
            entry = frame["entry"] + 0.5 if delayed == "yes" else None
            longer = frame.get("six_months", frame["entry"]) + 0.5 if delayed == "yes" else None
            rows = curve(frame, longer) + regression(frame, entry)
            if entry is None:
                test = multivariate_logrank_test(frame["duration"], frame[group], frame["left"])
                rows += [("log_rank", group, test.test_statistic)]
            found += [(name, delayed, *row) for row in rows]
    # Untied times of two causes, as lifelines moves tied ones at random.
    causes = pd.DataFrame({"duration": np.arange(1, 41) ** 1.1, "cause": [1, 2, 0, 1, 0] * 8})
    for cause in (1, 2):
        fitted = AalenJohansenFitter().fit(causes["duration"], causes["cause"], cause)
        table = fitted.cumulative_density_.iloc[1:, 0]
        limits = fitted.confidence_interval_.iloc[1:]
        for place, value in enumerate(table):
            found.append(("causes", "no", f"incidence {cause}", place, value))
            found.append(("causes", "no", f"incidence_low {cause}", place, limits.iloc[place, 0]))
    versions = f"lifelines {lifelines.__version__}, pandas {pd.__version__}, numpy {np.__version__}"
    columns = ["data", "delayed_entry", "figure", "of", "value"]
    path = HERE / "lifelines_figures.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(f"# {versions}, Python {platform.python_version()}; see lifelines_figures.py\n")
        pd.DataFrame(found, columns=columns).to_csv(file, index=False, float_format="%.12g")


if __name__ == "__main__":
    main()
