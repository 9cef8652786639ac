"""The shipped files: which seeds they are drawn with, and the truth written beside each."""

import json
from collections.abc import Hashable
from pathlib import Path

import numpy as np
import pandas as pd

from cxlib import PROJECT
from cxlib.simulate import feedback, indices, internal, subscriptions, survey

COMPANY = "Simorgh Bank (invented)"
TELEPHONE_COMPANY = "Simorgh Mobile (invented)"
SEED = 20261122
# Each wave and each further file draws from a stream of its own: changing one leaves the others.
WAVE_SEEDS: dict[str, list[int]] = {"2026": [SEED], "2025": [SEED, 2025]}
WAVE_RESPONDENTS = {"2026": 600, "2025": 400}
INTERNAL_SEED, FEEDBACK_SEED, INDICES_SEED = [SEED, 1], [SEED, 2], [SEED, 3]
SUBSCRIPTIONS_SEED = [SEED, 4]
RESPONSES, SUBSCRIBERS = 6000, 3600
# Digits of figures in a truth: beyond them, they depend on the machine.
DIGITS = 8


def survey_waves() -> pd.DataFrame:
    """The shipped survey: the wave of 2026, S001 to S600, then that of 2025, S601 to S1000."""
    waves = [
        survey.servqual(WAVE_RESPONDENTS[wave], np.random.default_rng(seed), wave)
        for wave, seed in WAVE_SEEDS.items()
    ]
    responses = pd.concat(waves, ignore_index=True)
    return responses.assign(respondent=[f"S{row + 1:03d}" for row in responses.index])


def subscribers() -> subscriptions.SimulatedSubscriptions:
    """The shipped customers of Simorgh Mobile, their months and their truth."""
    return subscriptions.telephone_customers(SUBSCRIBERS, np.random.default_rng(SUBSCRIPTIONS_SEED))


def main(folder: Path = PROJECT / "data" / "raw") -> None:
    """Write the shipped files and their truths into `folder`."""
    mobile = subscribers()
    files = {
        "servqual_simulated": (survey_waves(), _survey_truth()),
        "servqual_internal_simulated": (
            internal.internal_answers(np.random.default_rng(INTERNAL_SEED)),
            _internal_truth(),
        ),
        "feedback_simulated": (
            feedback.feedback_responses(RESPONSES, np.random.default_rng(FEEDBACK_SEED)),
            _feedback_truth(),
        ),
        "indices_simulated": (
            indices.monthly_indices(np.random.default_rng(INDICES_SEED)),
            _indices_truth(),
        ),
        "subscriptions_simulated": (mobile.customers, _subscriptions_truth(mobile.truth)),
        "subscription_months_simulated": (mobile.months, _months_truth()),
    }
    for name, (frame, truth) in files.items():
        floats = frame.select_dtypes("float")
        whole = floats.loc[:, (floats.isna() | (floats % 1 == 0)).all()].astype("Int64")
        frame.assign(**whole).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
        text = json.dumps({"company": COMPANY, "seed": SEED} | truth, indent=1, ensure_ascii=False)
        (folder / f"{name}_truth.json").write_text(text + "\n", encoding="utf-8")


def _records(frame: pd.DataFrame) -> list[dict[Hashable, object]]:
    return frame.round(DIGITS).to_dict(orient="records")


def _survey_truth() -> dict[str, object]:
    items = {wave: survey.expected_answers(wave) for wave in WAVE_SEEDS}
    gaps = {
        wave: (frame["gap"] * frame["branch_share"]).groupby(frame["dimension"], sort=False).sum()
        / frame["branch_share"].groupby(frame["dimension"], sort=False).sum()
        for wave, frame in items.items()
    }
    return {
        "respondents": WAVE_RESPONDENTS,
        "importance": dict(survey.IMPORTANCE),
        "steps_below_expectation": {
            str(steps): chance for steps, chance in survey.STEPS_BELOW.items()
        },
        "latent_wave_effects": {
            wave: dict(effects) for wave, effects in survey.WAVE_EFFECTS.items()
        },
        "gap_change_2025_to_2026": (gaps["2026"] - gaps["2025"]).round(DIGITS).to_dict(),
        "items": _records(items["2026"]),
        "items_2025": _records(items["2025"]),
    }


def _internal_truth() -> dict[str, object]:
    return {
        "people": dict(internal.ROLES),
        "signs": (
            "gap_1 = managers - expectation, gap_2 = standards - managers, gap_3 = staff -"
            " standards, gap_4 = staff - promises, gap_5 = perception - expectation"
        ),
        "dimensions": _records(internal.expected_internal().reset_index()),
    }


def _feedback_truth() -> dict[str, object]:
    expected = feedback.expected_feedback().assign(
        all="all",
        period=lambda frame: np.where(frame["month"] >= feedback.CHANGE, "after", "before"),
    )
    averages = {
        f"{name}_{chances}": _records(feedback.expected_metrics(expected, by, chances))
        for name, by in {
            "overall": ["all"],
            "periods": ["period"],
            "months": ["month"],
            "age_bands": ["age_band"],
            "branches": ["branch"],
            "channels_by_period": ["period", "channel"],
        }.items()
        for chances in ("population", "sample")
    }
    importance = {
        outcome: _records(
            feedback.driver_importance(outcome).merge(feedback.driver_asymmetry(outcome))
        )
        for outcome in feedback.OUTCOMES
    }
    return {
        "responses": RESPONSES,
        "scales": {
            name: [outcome.low, outcome.high] for name, outcome in feedback.OUTCOMES.items()
        },
        "method": (
            "exact, by quadrature and enumeration, without Monte Carlo error; population: all"
            " customers, every month the same; sample: responses as they are expected to come;"
            " share: of the customers or responses; importance: LMG among responses with all six"
            " drivers rated, outcome as a number; penalty of a rating of 1 or 2 and reward of 5"
            " against 3 or 4, among the same"
        ),
        "population_margins": {
            column: {value: round(share, DIGITS) for value, share in shares.items()}
            for column, shares in feedback.population_margins().items()
        },
        "change_from": feedback.CHANGE,
        "nps_change_at_fixed_mix": round(feedback.nps_change_at_fixed_mix(), DIGITS),
        "contributions": {
            name: list(driver.contributions) for name, driver in feedback.DRIVERS.items()
        },
        "importance": importance,
    } | averages


def _indices_truth() -> dict[str, object]:
    return {
        "change_from": feedback.CHANGE,
        "complaints_per_1000_before": indices.COMPLAINTS_PER_1000_BEFORE,
        "complaints_per_1000_after": indices.COMPLAINTS_PER_1000_AFTER,
        "market_share_pct_first_last": [indices.MARKET_SHARE_FIRST, indices.MARKET_SHARE_LAST],
        "profit_billion_rials_first_last": [indices.PROFIT_FIRST, indices.PROFIT_LAST],
    }


def _subscriptions_truth(customers: pd.DataFrame) -> dict[str, object]:
    there = customers.dropna(subset=["risk_contacted"])
    risks = there.groupby("response")[["risk_contacted", "risk_left_alone"]].mean()
    effects = risks.assign(
        effect=risks["risk_contacted"] - risks["risk_left_alone"],
        customers=there.groupby("response").size(),
    )
    return {
        "company": TELEPHONE_COMPANY,
        "customers": SUBSCRIBERS,
        "first_day": str(subscriptions.FIRST_DAY),
        "last_day": str(subscriptions.LAST_DAY),
        "method": (
            "hazards a month, of 30.436875 days; ratios multiply them; the channel promotion has"
            " the first ratio in the first six months of tenure and the second one after; effect:"
            " difference in the chance of leaving by the last day, exact for each"
            " customer who was there, given prices and complaints, and averaged; persuadable:"
            " monthly contracts but for those made in a shop, which are indifferent; sleeping dog:"
            " yearly contracts"
        ),
        "base_hazards_by_first_month_of_tenure": {
            str(month): hazard for month, hazard in subscriptions.BASE_HAZARDS.items()
        },
        "hazard_ratios": subscriptions.HAZARD_RATIOS,
        "promotion_ratios": list(subscriptions.PROMOTION_RATIOS),
        "price_ratio_for_10_more": subscriptions.PRICE_RATIO,
        "ratio_of_a_recent_complaint": subscriptions.COMPLAINT_RATIO,
        "involuntary_hazard": subscriptions.INVOLUNTARY_HAZARD,
        "involuntary_ratio_of_transfer": subscriptions.TRANSFER_RATIO,
        "campaign_day": str(subscriptions.CAMPAIGN_DAY),
        "campaign_ratios": subscriptions.CAMPAIGN_RATIOS,
        "campaign_effects": _records(effects.reset_index()),
    }


def _months_truth() -> dict[str, object]:
    return {
        "company": TELEPHONE_COMPANY,
        "prices_of_the_plans": list(subscriptions.PRICES),
        "price_rises_each_january": list(subscriptions.PRICE_RISES),
        "upgrade_rate_a_month": subscriptions.UPGRADE_RATE,
        "downgrade_rate_a_month": subscriptions.DOWNGRADE_RATE,
        "complaints_a_month_of_most_and_of_bad_lines": list(subscriptions.COMPLAINT_RATES),
        "share_of_bad_lines": subscriptions.BAD_LINES,
    }
