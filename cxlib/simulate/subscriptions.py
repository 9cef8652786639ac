"""Customers of an invented telephone company: when they leave, why, and what a campaign changes.

Simorgh Mobile does not exist. Each day a customer leaves with a known hazard, so that survival,
retention, risks and the effect of the campaign can be held to what really is:

voluntary    BASE_HAZARDS by month of tenure * HAZARD_RATIOS of contract and age band * the ratio
             of the sign-up channel, which is not proportional: PROMOTION_RATIOS in the first six
             months and after them * PRICE_RATIO for each 10 above 30 * COMPLAINT_RATIO for each
             recent complaint as of the month before * the ratio of the campaign
involuntary  INVOLUNTARY_HAZARD * TRANSFER_RATIO for those who pay by transfer
"""

import datetime
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
TextArray = NDArray[np.object_]

FIRST_DAY, LAST_DAY = datetime.date(2023, 11, 1), datetime.date(2026, 10, 31)
# Who is there on this day is contacted by the throw of a coin; the effect lasts to the last day.
CAMPAIGN_DAY = datetime.date(2026, 5, 4)
MONTH_DAYS = 30.436875
SHOWN_MONTHS = 15

SHARES: dict[str, dict[str, float]] = {
    "contract": {"monthly": 0.6, "yearly": 0.4},
    "channel": {"web": 0.45, "shop": 0.3, "promotion": 0.25},
    "payment": {"automatic": 0.7, "transfer": 0.3},
    "age_band": {"18-29": 0.25, "30-44": 0.3, "45-59": 0.25, "60+": 0.2},
    "region": {"north": 0.4, "east": 0.3, "south": 0.3},
}
# First month of tenure -> voluntary hazard a month, of a reference customer.
BASE_HAZARDS = {0: 0.03, 3: 0.06, 12: 0.045, 24: 0.03}
HAZARD_RATIOS: dict[str, dict[str, float]] = {
    "contract": {"yearly": 0.35},
    "age_band": {"60+": 0.75},
}
PROMOTION_RATIOS, PROMOTION_MONTHS = (2.2, 0.7), 6
PRICE_RATIO, COMPLAINT_RATIO, MOST_COMPLAINTS = 1.2, 1.9, 2
INVOLUNTARY_HAZARD, TRANSFER_RATIO = 0.004, 2.5
# Complaints a month: of most, and of the customers with a bad line.
COMPLAINT_RATES, BAD_LINES = (0.03, 0.35), 0.15
# The campaign keeps some, reminds others that they could leave, and leaves the rest as they are.
CAMPAIGN_RATIOS = {"persuadable": 0.2, "sleeping dog": 2.0, "indifferent": 1.0}
# Prices a month of the three plans; each January they rise, each month some move up or down.
PRICES, PRICE_RISES, PLAN_SHARES = (15, 25, 40), (1, 2, 3), (0.45, 0.4, 0.15)
UPGRADE_RATE, DOWNGRADE_RATE = 0.02, 0.005
VOLUNTARY_REASONS, INVOLUNTARY_REASON = ("price", "moved", "service"), "non-payment"

_DAYS = (LAST_DAY - FIRST_DAY).days
_MONTHS = pd.period_range(FIRST_DAY, LAST_DAY, freq="M")
_MONTH_STARTS = np.array([(month.start_time.date() - FIRST_DAY).days for month in _MONTHS])


@dataclass(frozen=True)
class SimulatedSubscriptions:
    """The two files of a simulated company, and the truth of each customer.

    `customers`: customer, signed_up, left (blank: still there), reason, monthly_fee, contacted
    (yes, no; blank: not there at the campaign) and the attributes of `SHARES`.
    `months`: customer, month, fee and recent_complaints (of the month and the one before, two at
    most), of each month with a day under contract.
    `truth`, in the order of `customers`: response (persuadable, sleeping dog or indifferent); the
    hazards summed over the days under observation, `expected_early` and `expected_late` (voluntary,
    in the first six months and after) and `expected_involuntary`, which the numbers of leavers of
    any group fixed in advance have as their expectation; and for those there at the campaign
    `risk_contacted` and `risk_left_alone`, the chance of leaving by the last day either way,
    given prices and complaints.
    """

    customers: pd.DataFrame
    months: pd.DataFrame
    truth: pd.DataFrame


def telephone_customers(n: int, rng: np.random.Generator) -> SimulatedSubscriptions:
    """`n` customers who sign up within three years, followed until they leave or to the end.

    Raises ValueError without customers.
    """
    if n < 1:
        raise ValueError("a simulation needs customers")
    drawn = _draw(n, rng)
    followed = _follow(drawn, rng)
    return SimulatedSubscriptions(
        customers=_customers(drawn, followed, rng),
        months=_months(drawn, followed.ended),
        truth=_truth(drawn, followed),
    )


@dataclass(frozen=True)
class _Drawn:
    """What does not depend on who leaves: attributes, days of sign-up, prices, complaints."""

    people: dict[str, TextArray]
    start: IntArray
    prices: IntArray
    recent_complaints: IntArray
    contacted: NDArray[np.bool_]

    @property
    def response(self) -> TextArray:
        yearly = self.people["contract"] == "yearly"
        shop = self.people["channel"] == "shop"
        persuadable, sleeping, indifferent = CAMPAIGN_RATIOS
        kinds = np.select([yearly, ~shop], [sleeping, persuadable], indifferent)
        return kinds.astype(object)


def _draw(n: int, rng: np.random.Generator) -> _Drawn:
    people = {
        name: rng.choice(np.array(list(shares), dtype=object), size=n, p=list(shares.values()))
        for name, shares in SHARES.items()
    }
    # A quarter of the customers signed up in the first three months.
    within = np.where(rng.uniform(size=n) < 0.25, 90, _DAYS)
    start = np.sort((within * rng.uniform(size=n)).astype(np.int64))
    prices, complaints = _prices(start, rng), _recent_complaints(n, rng)
    return _Drawn(people, start, prices, complaints, rng.uniform(size=n) < 0.5)


def _prices(start: IntArray, rng: np.random.Generator) -> IntArray:
    """What each customer pays in each calendar month, from the month of sign-up on."""
    n, first = len(start), np.searchsorted(_MONTH_STARTS, start, side="right") - 1
    plan = rng.choice(len(PRICES), size=n, p=PLAN_SHARES)
    prices = np.empty((n, len(_MONTHS)), dtype=np.int64)
    rises = 0
    for column, month in enumerate(_MONTHS):
        rises += month.month == 1
        draw = rng.uniform(size=n)
        # Three months after sign-up a customer may change the plan.
        moves = (draw < UPGRADE_RATE) * 1 - (draw > 1 - DOWNGRADE_RATE) * 1
        plan = np.clip(plan + moves * (column - first > 3), 0, len(PRICES) - 1)
        prices[:, column] = np.take(PRICES, plan) + rises * np.take(PRICE_RISES, plan)
    return prices


def _recent_complaints(n: int, rng: np.random.Generator) -> IntArray:
    rate = np.where(rng.uniform(size=n) < BAD_LINES, COMPLAINT_RATES[1], COMPLAINT_RATES[0])
    complaints = rng.poisson(rate[:, None], size=(n, len(_MONTHS)))
    complaints[:, 1:] += complaints[:, :-1].copy()
    return np.minimum(complaints, MOST_COMPLAINTS)


def _monthly_factor(drawn: _Drawn) -> FloatArray:
    """By what the voluntary base hazard is multiplied in each calendar month, channel aside."""
    ratio = np.ones(len(drawn.start))
    for name, ratios in HAZARD_RATIOS.items():
        ratio *= [ratios.get(value, 1.0) for value in drawn.people[name]]
    before = np.zeros_like(drawn.recent_complaints)
    before[:, 1:] = drawn.recent_complaints[:, :-1]
    price = PRICE_RATIO ** ((drawn.prices - 30) / 10)
    return ratio[:, None] * price * COMPLAINT_RATIO**before


@dataclass(frozen=True)
class _Followed:
    """Day of leaving (the first without the contract; -1: none), its kind, and summed hazards."""

    ended: IntArray
    voluntary: NDArray[np.bool_]
    expected: dict[str, FloatArray]
    campaign: dict[str, FloatArray]


def _follow(drawn: _Drawn, rng: np.random.Generator) -> _Followed:
    """Each customer day by day, until the summed hazard passes an exponential threshold."""
    people, start, factor = drawn.people, drawn.start, _monthly_factor(drawn)
    n = len(start)
    threshold, coin = rng.standard_exponential(n), rng.uniform(size=n)
    involuntary = np.where(people["payment"] == "transfer", TRANSFER_RATIO, 1.0)
    involuntary *= INVOLUNTARY_HAZARD / MONTH_DAYS
    promotion = people["channel"] == "promotion"
    effect = np.array([CAMPAIGN_RATIOS[kind] for kind in drawn.response])
    begun = (CAMPAIGN_DAY - FIRST_DAY).days
    first_months = np.array(list(BASE_HAZARDS)) * MONTH_DAYS
    hazards = np.array(list(BASE_HAZARDS.values())) / MONTH_DAYS
    ended, voluntary, summed = np.full(n, -1), np.zeros(n, dtype=bool), np.zeros(n)
    expected = {name: np.zeros(n) for name in ("early", "late", "involuntary")}
    campaign = {name: np.zeros(n) for name in ("risk_contacted", "risk_left_alone")}
    # The last day is not gone through: who left on it has the day after it as the first without.
    for day in range(_DAYS):
        tenure = day - start
        column = np.searchsorted(_MONTH_STARTS, day, side="right") - 1
        base = hazards[np.searchsorted(first_months, tenure, side="right") - 1]
        early = tenure < PROMOTION_MONTHS * MONTH_DAYS
        own = base * factor[:, column]
        own *= np.where(promotion, np.where(early, *PROMOTION_RATIOS), 1.0)
        if day >= begun:
            campaign["risk_contacted"] += own * effect + involuntary
            campaign["risk_left_alone"] += own + involuntary
            own = np.where(drawn.contacted, own * effect, own)
        there = (tenure >= 0) & (ended < 0)
        own, other = own * there, involuntary * there
        expected["early"] += own * early
        expected["late"] += own * ~early
        expected["involuntary"] += other
        summed += own + other
        left = there & (summed >= threshold)
        ended[left] = day + 1
        voluntary[left] = (coin * (own + other) < own)[left]
    risks = {name: 1 - np.exp(-total) for name, total in campaign.items()}
    return _Followed(ended, voluntary, expected, risks)


def _dates(days: IntArray) -> pd.Series:
    dates = pd.Timestamp(FIRST_DAY) + pd.to_timedelta(days, unit="D")
    return pd.Series(dates.strftime("%Y-%m-%d"), dtype=object).where(days >= 0, "")


def _at_campaign(start: IntArray, ended: IntArray) -> NDArray[np.bool_]:
    begun = (CAMPAIGN_DAY - FIRST_DAY).days
    return (start <= begun) & ((ended < 0) | (ended > begun))


def _ids(n: int) -> list[str]:
    return [str(1001 + row) for row in range(n)]


def _customers(drawn: _Drawn, followed: _Followed, rng: np.random.Generator) -> pd.DataFrame:
    start = drawn.start
    ended = followed.ended
    last_day = np.where(ended < 0, _DAYS, ended - 1)
    last_month = np.searchsorted(_MONTH_STARTS, last_day, side="right") - 1
    wish = rng.choice(np.array(VOLUNTARY_REASONS, dtype=object), size=len(start))
    reason = np.where(followed.voluntary, wish, INVOLUNTARY_REASON)
    return pd.DataFrame(
        {
            "customer": _ids(len(start)),
            "signed_up": _dates(start),
            "left": _dates(ended),
            "reason": np.where(ended < 0, "", reason),
            "monthly_fee": drawn.prices[np.arange(len(start)), last_month],
            **drawn.people,
            "contacted": np.where(
                _at_campaign(start, ended), np.where(drawn.contacted, "yes", "no"), ""
            ),
        }
    )


def _months(drawn: _Drawn, ended: IntArray) -> pd.DataFrame:
    """The rows of the last months in which a customer was under contract for a day."""
    start, n = drawn.start, len(drawn.start)
    month_ends = np.append(_MONTH_STARTS[1:], _DAYS + 1)
    until = np.where(ended < 0, _DAYS + 1, ended)
    there = (start[:, None] < month_ends) & (until[:, None] > _MONTH_STARTS)
    there[:, :-SHOWN_MONTHS] = False
    row, column = np.nonzero(there)
    return pd.DataFrame(
        {
            "customer": np.array(_ids(n), dtype=object)[row],
            "month": _MONTHS.strftime("%Y-%m").to_numpy()[column],
            "fee": drawn.prices[row, column],
            "recent_complaints": drawn.recent_complaints[row, column],
        }
    )


def _truth(drawn: _Drawn, followed: _Followed) -> pd.DataFrame:
    at_campaign = _at_campaign(drawn.start, followed.ended)
    return pd.DataFrame(
        {
            "response": drawn.response,
            **{f"expected_{name}": total for name, total in followed.expected.items()},
            **{name: np.where(at_campaign, x, np.nan) for name, x in followed.campaign.items()},
        }
    )
