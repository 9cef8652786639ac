import json
import math

import numpy as np
import pytest
from scipy.stats import binom, norm

from cxlib import PROJECT
from cxlib.inference import proportion_interval, wilson_limits
from cxlib.runs.changes import (
    ITSELF_A_CHANGE,
    NO_INTERVAL,
    NO_WIDTH,
    PARAMETER,
    SAME_DATA,
    compare,
    difference,
    previous_comparable,
    same_data,
    since_last,
)


def measure(name="nps", value=1.0, low=0.5, high=1.5, **more):
    parts = {"unit": "", "better": "higher", "level": 0.95, "n": 30, "method": "t", "note": ""}
    return parts | {"name": name, "value": value, "low": low, "high": high} | more


def results(*measures):
    return {"measures": list(measures)}


def entry(**more):
    parameters = {"sources": "a.toml", "as_of": "", "horizon_weeks": 52, "level": 0.95, "seed": 1}
    parts = {
        "name": "clv",
        "series": "clv",
        "notebook": "05_clv.ipynb",
        "status": "ok",
        "finished": "2026-10-01T06:00:00+00:00",
        "as_of": "2026-09-30",
        "parameters": parameters | more.pop("parameters", {}),
        "given": {},
        "inputs": [{"input": "transactions", "sha256": "ab"}],
    }
    return parts | more


def manifest(run, *entries):
    return {"run": run, "reports": list(entries)}


def proportion(successes, n):
    one = proportion_interval(successes, n)
    return one.value, one.low, one.high


def test_two_proportions_have_the_published_interval():
    # Newcombe 1998, table II, 56/70 - 48/80, method 10; as MOVER: Zou & Donner 2008.
    (d, low, high), p = difference(proportion(56, 70), proportion(48, 80), level=0.95)
    assert (d, low, high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert p < 0.05


def test_symmetric_intervals_give_the_familiar_one():
    # Standard errors 3 and 4 make 5.
    z = norm.ppf(0.95)
    (d, low, high), p = difference(
        (20, 20 - 3 * z, 20 + 3 * z), (10, 10 - 4 * z, 10 + 4 * z), level=0.9
    )
    assert (d, low, high) == pytest.approx((10, 10 - 5 * z, 10 + 5 * z))
    assert p == pytest.approx(2 * norm.sf(2))


@pytest.mark.parametrize("way", [1, -1])
def test_p_is_that_of_the_level_where_the_interval_touches_zero(way):
    # Half-widths facing zero of 3 and 4, the others far larger.
    far, near = 60.0, (3.0, 4.0)
    now = (5.0, 2.0, far) if way > 0 else (0.0, -far, 4.0)
    before = (0.0, -far, 4.0) if way > 0 else (5.0, 2.0, far)
    (_, low, high), p = difference(now, before, level=0.95)
    assert math.hypot(*near) == 5
    assert (low if way > 0 else high) == pytest.approx(0)
    assert p == pytest.approx(0.05)


def test_without_any_width_towards_the_other_value_nothing_can_be_told():
    assert difference((2, 2, 2), (1, 1, 1), level=0.95) == ((1, 1, 1), None)
    assert difference((2, 2, 2), (1, 0, 1.1), level=0.95)[1] is None
    assert difference((1, 1, 2), (2, 1, 3), level=0.95)[1] > 0
    assert difference((1, 0, 2), (1, 1, 1), level=0.95)[1] == 1.0
    flat = measure(value=5, low=5, high=5)
    [one] = compare(results(flat), results(measure()))
    assert (one["change"], one["low"]) == (4, 3.5)
    assert (one["p_holm"], one["beyond_noise"], one["why"]) == (None, None, NO_WIDTH)


@pytest.mark.parametrize(("n", "rate", "m", "other"), [(30, 0.1, 40, 0.25), (15, 0.9, 15, 0.5)])
def test_the_interval_covers_as_often_as_it_says(n, rate, m, other):
    # Exact: all outcomes of the two samples, weighed. Wald's interval covers .943 and .916 here,
    # one that adds the wrong sides up .905 and .904.
    limits = {
        size: [(k / size, *wilson_limits(k / size, size)) for k in range(size + 1)]
        for size in (n, m)
    }
    chance = np.outer(binom.pmf(range(n + 1), n, rate), binom.pmf(range(m + 1), m, other))
    covered = 0.0
    for i, j in np.argwhere(chance > 1e-9):
        (_, low, high), _ = difference(limits[n][i], limits[m][j], level=0.95)
        covered += chance[i, j] * (low <= rate - other <= high)
    assert covered == pytest.approx(0.955, abs=0.01)


def test_the_interval_is_conservative_where_the_same_customers_are_in_both_runs():
    # Means of pairs with r = .5: the true spread is sqrt(1 - r) of that of independent ones, so
    # the interval covers 2 Phi(1.96 / sqrt(.5)) - 1 = .9944. Monte Carlo error .0012.
    rng = np.random.default_rng(4)
    draws = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], size=4_000)
    z = norm.ppf(0.975)
    covered = 0
    for a, b in draws:
        (_, low, high), _ = difference((a, a - z, a + z), (b, b - z, b + z), level=0.95)
        covered += low <= 0 <= high
    assert covered / len(draws) == pytest.approx(2 * norm.cdf(z / math.sqrt(0.5)) - 1, abs=0.004)


def moved_by(*moves):
    """The changes of measures a, b ... that moved by so many standard errors."""
    # Half-widths of 1.96 * .6 and 1.96 * .8 make a standard error of 1.
    z = norm.ppf(0.975)
    names = "abcd"[: len(moves)]
    before = [measure(name, 0, -0.8 * z, 0.8 * z) for name in names]
    now = [measure(name, d, d - 0.6 * z, d + 0.6 * z) for name, d in zip(names, moves, strict=True)]
    return now, before, compare(results(*now), results(*before))


def test_the_leading_measure_is_judged_alone_and_the_others_after_holm():
    moves = (2, 3, -2.2, 1)
    _, _, changes = moved_by(*moves)
    p = [2 * norm.sf(abs(d)) for d in moves]
    assert [one["p_holm"] for one in changes] == pytest.approx([p[0], 3 * p[1], 2 * p[2], p[3]])
    assert [one["beyond_noise"] for one in changes] == [True, True, False, False]
    assert [one["change"] for one in changes] == list(moves)
    assert changes[1]["low"] == pytest.approx(3 - norm.ppf(0.975))


def test_where_the_leading_measure_is_not_tested_all_others_are_judged_after_holm():
    now, before, _ = moved_by(3, 2.2, 2.2)
    now[0] |= {"low": None, "high": None}
    changes = compare(results(*now), results(*before))
    p_holm = [one["p_holm"] for one in changes]
    assert p_holm[0] is None
    assert p_holm[1:] == pytest.approx([4 * norm.sf(2.2)] * 2)
    assert [one["beyond_noise"] for one in changes] == [None, False, False]


def test_a_change_has_the_fields_of_the_published_schema():
    path = PROJECT / "docs" / "schemas" / "manifest.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))["$defs"]["change"]
    [one] = compare(results(measure()), results(measure()))
    assert set(one) == set(schema["properties"]) == set(schema["required"])


@pytest.mark.parametrize(
    "one", [{"name": "nps_change"}, {"name": "rose_rate", "note": "since 2026-09-30"}]
)
def test_what_is_itself_a_change_is_not_compared(one):
    now, before = results(measure(**one, value=9, low=8, high=10)), results(measure(**one))
    [found] = compare(now, before)
    assert (found["change"], found["p_holm"], found["beyond_noise"]) == (None, None, None)
    assert (found["why"], found["now"], found["before"]) == (ITSELF_A_CHANGE, 9, 1)
    [other] = compare(now, before, same_data=True)
    assert (other["change"], other["why"]) == (8, SAME_DATA)


def test_a_parameter_of_a_model_is_shown_and_not_tested():
    how = {"name": "alpha", "method": "maximum likelihood, Wald interval on the log scale"}
    now, before = measure(**how, value=9, low=8, high=10), measure(**how)
    found, level = compare(results(now, measure()), results(before, measure()))
    assert (found["change"], found["why"]) == (8, PARAMETER)
    assert (found["p_holm"], found["beyond_noise"]) == (None, None)
    assert level["p_holm"] == 1


@pytest.mark.parametrize(
    ("n", "n_before", "told"), [(29, 99, False), (99, 29, False), (30, 30, True)]
)
def test_of_a_few_nothing_is_told(n, n_before, told):
    now, before = measure(value=9, low=8, high=10, n=n), measure(n=n_before)
    [one] = compare(results(now), results(before))
    assert one["change"] == 8
    assert one["beyond_noise"] is (True if told else None)
    assert one["why"] == ("" if told else "too few to tell, n = 29 is below 30")


@pytest.mark.parametrize(
    ("now", "before", "comparable"),
    [
        ("2025-11 to 2026-10", "2026-08 to 2026-10", False),
        ("2026-10-01 to 2026-10-31", "2026-09-01 to 2026-09-10", False),
        ("2026-10-01 to 2026-10-31", "2026-02-01 to 2026-02-28", True),
        ("2026-02-01 to 2026-02-28", "2026-01-01 to 2026-01-31", True),
        ("2026-08 to 2026-10", "2025-11 to 2026-01", True),
        ("2026-10", "2026-09", True),
    ],
)
@pytest.mark.parametrize("part", ["note", "method"])
def test_periods_of_another_length_are_not_compared(now, before, comparable, part):
    [one] = compare(results(measure(**{part: now})), results(measure(**{part: before})))
    assert (one["change"] is not None) == comparable
    why = f"a period of another length, before: {before}"
    assert one["why"] == ("" if comparable else why)


def test_a_number_without_interval_changes_and_nobody_can_tell_how_much_of_it_is_noise():
    bare = measure(value=7, low=None, high=None)
    [one] = compare(results(bare), results(measure(value=5)))
    assert (one["change"], one["low"], one["p_holm"]) == (2, None, None)
    assert (one["beyond_noise"], one["why"]) == (None, NO_INTERVAL)


@pytest.mark.parametrize(
    ("now", "before", "why"),
    [
        ({"unit": "GBP"}, {"unit": ""}, "another unit, before: none"),
        ({"level": 0.9}, {}, "another level, before: 0.95"),
        ({"method": "Wilson"}, {}, "another method, before: t"),
        ({"note": "model: logistic"}, {"note": "model: boosting"}, "another note"),
        ({"note": "item 04"}, {"note": "item 07"}, "another note, before: item 07"),
        ({"value": None, "note": "9 answers"}, {}, "suppressed now: 9 answers"),
        ({}, {"value": None, "method": "too few"}, "suppressed before: too few"),
    ],
)
def test_what_is_measured_otherwise_is_not_compared(now, before, why):
    [one] = compare(results(measure(**now)), results(measure(**before)))
    assert (one["change"], one["beyond_noise"]) == (None, None)
    assert one["why"].startswith(why)


def test_numbers_in_a_method_and_dates_in_a_note_move_with_the_data():
    now = measure(method="k; 102 customers left out", note="2025-11 to 2026-10")
    before = measure(method="k; 1,020 customers left out", note="2025-10 to 2026-09")
    [one] = compare(results(now), results(before))
    assert (one["why"], one["change"]) == ("", 0)


def test_new_and_vanished_measures_are_named():
    changes = compare(results(measure("new")), results(measure("gone")))
    told = [(one["name"], one["now"], one["before"], one["why"]) for one in changes]
    assert told == [
        ("new", 1.0, None, "not in the run before"),
        ("gone", None, 1.0, "not in this run"),
    ]


def test_same_data_change_nothing_and_if_they_do_that_is_no_noise():
    now = results(measure("a"), measure("b", value=1.25))
    equal, other = compare(now, results(measure("a"), measure("b")), same_data=True)
    assert (equal["change"], equal["beyond_noise"], equal["why"]) == (0, False, SAME_DATA)
    assert (other["change"], other["beyond_noise"], other["why"]) == (0.25, None, SAME_DATA)


def test_the_newest_good_run_of_the_series_is_compared_with():
    old, new = entry(), entry(parameters={"as_of": "2026-08-31", "seed": 7})
    manifests = [
        manifest("4", entry(series="clv-other")),
        manifest("3", entry(status="timed out")),
        manifest("2", new),
        manifest("1", old),
    ]
    found = previous_comparable(entry(parameters={"as_of": "2026-09-30"}), manifests)
    assert found == (manifests[2], new)


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ({"parameters": {"horizon_weeks": 26}}, "had horizon_weeks = 26, this one 52"),
        ({"parameters": {"level": 0.9}}, "had level = 0.9, this one 0.95"),
        ({"parameters": {"sources": "b/a.toml"}}, "had sources = 'b/a.toml', this one 'a.toml'"),
        ({"notebook": "06_clv.ipynb"}, "was made by 06_clv.ipynb"),
        ({"parameters": {"margin": 0.2}, "given": {"margin": 0.2}}, "was given margin, which is"),
    ],
)
def test_another_question_is_not_compared(before, why):
    text = previous_comparable(entry(), [manifest("r1", entry(**before))])
    assert text.startswith(f"The last run (r1) {why}")


def test_an_older_run_with_the_same_question_will_do():
    manifests = [manifest("2", entry(parameters={"horizon_weeks": 26})), manifest("1", entry())]
    assert previous_comparable(entry(), manifests)[0]["run"] == "1"


def test_a_parameter_that_came_with_new_code_does_not_count_until_it_is_given():
    known = [manifest("1", entry())]
    assert not isinstance(previous_comparable(entry(parameters={"margin": 1}), known), str)
    given = entry(parameters={"margin": 1}, given={"margin": 1})
    assert "did not know margin" in previous_comparable(given, known)


def test_a_first_run_says_so():
    first = "This is the first good run of this report."
    assert previous_comparable(entry(), []) == first
    assert previous_comparable(entry(), [manifest("1", entry(status="timed out"))]) == first


def test_same_data_are_the_same_files_as_of_the_same_date():
    assert same_data(entry(parameters={"seed": 2}), entry())
    assert not same_data(entry(parameters={"as_of": "2026-08-31"}), entry())
    assert not same_data(entry(inputs=[{"input": "transactions", "sha256": "cd"}]), entry())
    assert not same_data(entry(inputs=[]), entry(inputs=[]))


def test_what_a_report_says_about_change(tmp_path):
    (tmp_path / "r1" / "clv").mkdir(parents=True)
    before = results(measure(value=1))
    (tmp_path / "r1" / "clv" / "results.json").write_text(json.dumps(before))
    now = entry(inputs=[{"input": "transactions", "sha256": "cd"}])
    told = since_last(now, results(measure(value=3)), [manifest("r1", entry())], tmp_path)
    assert told["compared_with"] == {
        "run": "r1",
        "finished": "2026-10-01T06:00:00+00:00",
        "as_of": "2026-09-30",
        "same_data": False,
    }
    assert [one["change"] for one in told["changes"]] == [2]
    assert told["why_not_compared"] == ""


@pytest.mark.parametrize("content", [None, "{", "[]", "{}"])
def test_damaged_results_of_the_run_before_fail_no_report(tmp_path, content):
    (tmp_path / "r1" / "clv").mkdir(parents=True)
    if content is not None:
        (tmp_path / "r1" / "clv" / "results.json").write_text(content)
    told = since_last(entry(), results(measure()), [manifest("r1", entry())], tmp_path)
    assert told["compared_with"] is None
    assert told["why_not_compared"].startswith("The results of run r1 cannot be read")


def test_a_change_goes_forward_in_time():
    known = [
        manifest("trial", entry(as_of="2026-12-31")),
        manifest("before", entry(as_of="2026-08-31")),
    ]
    assert previous_comparable(entry(), known)[0]["run"] == "before"
    assert previous_comparable(entry(), known[:1]) == (
        "The last run (trial) is of a later date, 2026-12-31."
    )
    assert previous_comparable(entry(as_of=""), known)[0]["run"] == "trial"
