import re

import pytest
from bs4 import BeautifulSoup

from cxlib import pages
from cxlib.pages.sentences import figure, moved, what_changed
from cxlib.pages.sparkline import Point, sparkline

CAUSE = {"message": "sales.csv, line 3: <amount> is 'x'", "cell": 2}


def measure(value=29.21, low=25.7, high=32.5, **more):
    parts = {"name": "nps_latest", "unit": "points", "better": "higher", "n": 2986, "note": ""}
    return parts | {"value": value, "low": low, "high": high, "level": 0.95, "method": ""} | more


def change(d=3.1, low=0.4, high=5.8, beyond=True, **more):
    parts = {"name": "nps_latest", "unit": "points", "better": "higher", "why": ""}
    numbers = {"change": d, "low": low, "high": high, "p_holm": 0.01, "beyond_noise": beyond}
    return parts | numbers | {"now": 29.2, "now_low": 25.7, "now_high": 32.5} | more


def entry(name="satisfaction", **more):
    parts = {
        "name": name,
        "series": name,
        "group": "",
        "label": "",
        "title": "How <satisfied>?",
        "notebook": "02_satisfaction.ipynb",
        "status": "ok",
        "cause": None,
        "finished": "2026-11-02T06:00:00+00:00",
        "given": {},
        "headline": "NPS is <29>.",
        "leading": measure(),
        "measures": 3,
        "checks": [],
        "as_of": "2026-10-31",
        "inputs": [],
        "compared_with": None,
        "changes": [],
        "why_not_compared": "",
    }
    return parts | more


def run(number, *entries, **more):
    parts = {
        "run": f"run-{number}",
        "sequence": number,
        "started": "2026-11-02T05:59:00+00:00",
        "finished": "2026-11-02T06:00:01+00:00",
        "seconds": 61.5,
        "suite": None,
        "reports": list(entries),
    }
    return parts | more


def page(*manifests, unreadable=()):
    return BeautifulSoup(pages.index(manifests, unreadable), "html.parser")


def text(tag):
    return " ".join(tag.get_text().split())


def against(run="run-1", **more):
    parts = {"run": run, "finished": "2026-10-02T06:00:00+00:00", "as_of": "2026-09-30"}
    return parts | {"same_data": False} | more


def test_an_index_of_no_run_is_a_page():
    assert text(page().h1) == "Customer experience reports"
    assert "There is no run yet" in text(page())


def test_a_report_is_shown_with_its_latest_good_page():
    found = page(run(2, entry(headline="New.")), run(1, entry(headline="Old.")))
    [article] = found.select("article")
    assert article.h2.a["href"] == "run-2/satisfaction/satisfaction.html"
    assert text(article.h2) == "How <satisfied>? good"
    assert "New." in text(article)
    assert "Old." not in text(article)
    assert "nps latest 29.2 points (95 % interval 25.7 to 32.5)" in text(article)
    assert "as of 2026-10-31, n = 2,986, made 2026-11-02 06:00 UTC in run run-2" in text(article)


def test_texts_are_escaped_and_links_quoted():
    found = page(run(1, entry(name="a-<b> ۱", cause=CAUSE, status="input error")))
    assert not found.select("amount, satisfied, b")
    assert found.select_one("article .failed a")["href"].startswith("run-1/a-%3Cb%3E%20%DB%B1/")


def test_the_newest_run_is_the_first_given_whatever_the_clock_said():
    past = entry(finished="2020-01-01T00:00:00+00:00", headline="Clock set back.")
    assert "Clock set back." in text(page(run(2, past), run(1, entry())).article)


def test_a_stale_report_says_so_with_the_cause_and_the_failed_page():
    failed = entry(status="timed out", cause=CAUSE, title="How?", log="satisfaction/log.txt")
    found = page(run(2, failed), run(1, entry()))
    said = text(found.article.select_one(".failed"))
    assert said.startswith("Stale: the last run failed (timed out), 2026-11-02 06:00 UTC.")
    assert "What stands here is of 2026-11-02 06:00 UTC. See the failed report, its log" in said
    assert CAUSE["message"] in said
    links = [link["href"] for link in found.article.select("a")]
    assert links == [
        "run-1/satisfaction/satisfaction.html",
        "run-2/satisfaction/satisfaction.html",
        "run-2/satisfaction/log.txt",
    ]
    assert text(found.article.select_one(".badge")) == "stale"
    assert found.select_one("section.failed a")["href"] == "#" + found.article["id"]


def test_a_report_that_never_succeeded_says_so():
    found = page(run(1, entry(status="cell failed", cause=CAUSE, headline="")))
    assert "Failed, and there is no good report yet (cell failed)" in text(found.article)
    assert not found.article.h2.a
    assert "no good report yet (cell failed)" in text(found.section)


def test_a_long_cause_is_cut_between_words():
    failed = entry(status="cell failed", cause={"message": "many words " * 99, "cell": 1})
    said = text(page(run(1, failed)).select_one("article pre"))
    assert len(said) < 310
    assert said.endswith("words …")


def test_checks_that_were_not_passed_are_told():
    checks = [
        {"name": "a", "passed": True, "text": "fine"},
        {"name": "b", "passed": False, "text": "too few"},
        {"name": "c", "passed": None, "text": "no dates"},
    ]
    found = page(run(1, entry(checks=checks)))
    assert text(found.article.select_one(".badge")) == "1 check warned, 1 unsettled"
    assert [text(one) for one in found.select(".warning")] == [
        "Check warned (b): too few",
        "Check not settled (c): no dates",
    ]
    unsettled = page(run(1, entry(checks=[checks[2]] * 2)))
    assert text(unsettled.article.select_one(".badge")) == "2 checks unsettled"
    assert text(page(run(1, entry(checks=checks[:1]))).select_one(".badge")) == "good"


def test_a_fan_out_is_one_table():
    branches = [
        entry(f"nps-{name}", group="nps by branch", label=name) for name in ("North", "شیراز")
    ]
    branches[0] |= {"status": "input error", "cause": CAUSE}
    good = entry("nps-North", group="nps by branch", label="North", leading=measure(value=1.0))
    found = page(run(2, *branches), run(1, good))
    [article] = found.select("article")
    assert text(article.h2) == "How <satisfied>?"
    heads, north, shiraz = article.select("tr")
    assert [text(cell) for cell in heads.select("th")][:3] == [
        "nps by branch",
        "Status",
        "nps latest",
    ]
    assert [text(cell) for cell in north.select("th, td")][:3] == [
        "North",
        "stale input error",
        "1.0 points (95 % interval 25.7 to 32.5), n = 2,986",
    ]
    assert text(shiraz.th.bdi) == "شیراز"


def test_what_failed_for_several_of_a_fan_out_is_told_once():
    failed = [
        entry(f"nps-{name}", group="nps by branch", label=name, status="input error", cause=CAUSE)
        for name in "ABC"
    ]
    good = entry("nps-D", group="nps by branch", label="D")
    found = page(run(2, *failed, good))
    [said] = found.article.select(".failed")
    message = CAUSE["message"]
    assert text(said) == f"The last run failed (input error) for A, B, C {message}"
    [item] = found.select("section.failed li")
    assert text(item) == "How <satisfied>? (nps by branch): 3 of 4 reports (input error)"
    assert item.a["href"] == "#" + found.article["id"]


def test_recent_runs_are_listed_and_older_ones_counted():
    found = page(*(run(number, entry()) for number in range(12, 0, -1)))
    rows = found.select("section[aria-labelledby=runs] tbody tr")
    assert text(rows[0]) == "run-12 2026-11-02 05:59 satisfaction 61.5"
    assert len(rows) == 10
    assert "2 older runs not listed." in text(found)


def test_of_a_run_with_many_reports_the_failed_ones_are_named_and_the_others_counted():
    branches = [entry(f"b-{name}", group="by branch", label=name) for name in "ABC"]
    branches[1] |= {"status": "timed out", "cause": CAUSE}
    found = page(run(1, entry(), *branches), run(0))
    first, second = found.select("td.reports")
    assert text(first) == "b-B timed out, satisfaction, by branch (2 good)"
    assert text(second) == "none"


def test_a_change_beyond_noise_stands_out():
    changed = {"compared_with": against(), "changes": [change()]}
    branch = entry("x", group="by branch", label="B", **changed)
    found = page(run(1, entry(**changed), branch))
    up = "Up 3.1 points (+0.4 to +5.8) since 2026-09-30, beyond noise, for the better."
    assert [text(one) for one in found.select(".beyond")] == [up, up]
    same = entry(compared_with=against(same_data=True), changes=[change(beyond=False)])
    assert not page(run(1, same)).select(".beyond")


def test_runs_that_cannot_be_read_are_named():
    found = page(run(1, entry()), unreadable=["run-<0>"])
    assert "run-<0>" in text(found.select_one("[aria-labelledby=damaged]"))


@pytest.mark.parametrize("damage", [{"reports": [{"name": "x"}]}, {"reports": ["x"]}])
def test_a_manifest_that_lacks_something_costs_its_run_alone(damage):
    found = page(run(2, **damage), run(1, entry()))
    assert text(found.select_one("[aria-labelledby=damaged] code")) == "run-2"
    assert text(found.article.h2) == "How <satisfied>? good"


def test_a_run_that_was_killed_makes_its_reports_stale():
    killed = {"run": "run-2", "started": "2026-11-03T06:00:00+00:00"} | {"series": ["satisfaction"]}
    html = pages.index([run(1, entry(), entry("other"))], unfinished=[killed])
    found = BeautifulSoup(html, "html.parser")
    assert [text(one) for one in found.select("article .badge")] == ["good", "stale"]
    assert "Run run-2 was stopped or killed" in text(found.select_one("article .failed"))
    listed = text(found.select_one("[aria-labelledby=unfinished] li"))
    assert listed == "run-2, started 2026-11-03 06:00 UTC: satisfaction"
    later = run(3, entry(), started="2026-11-04T06:00:00+00:00")
    html = pages.index([later, run(1, entry())], unfinished=[killed])
    assert text(BeautifulSoup(html, "html.parser").select_one(".badge")) == "good"


def test_manifests_of_the_first_schema_are_shown():
    old = {
        "name": "clv",
        "title": "Worth?",
        "notebook": "05_clv.ipynb",
        "status": "ok",
        "cause": None,
        "finished": "2026-11-02T06:00:00+00:00",
        "given": {"sources": "mine/retail.toml"},
        "headline": "Much.",
        "measures": 30,
        "inputs": [{"input": "transactions", "period": ["2025-01-01", "2026-01-01"], "note": ""}],
    }
    found = page(run(1, old))
    assert "Much." in text(found.article)
    assert "clv-retail" in text(found.article)


def test_the_filter_comes_with_many_reports_alone():
    few = page(run(1, *(entry(f"a{number}") for number in range(12))))
    many = page(run(1, *(entry(f"a{number}") for number in range(13))))
    assert not few.select("script, input")
    assert "script-src" not in few.select_one("meta[http-equiv]")["content"]
    assert many.select("script, input[type=search]")
    assert re.search(
        r"script-src 'sha256-[\w+/]{43}='", many.select_one("meta[http-equiv]")["content"]
    )


def months(*values):
    """Runs, newest first, each compared with the one before."""
    return [
        run(
            number,
            entry(
                leading=measure(value=value),
                as_of=f"2026-{number:02}-28",
                compared_with=against(f"run-{number - 1}"),
            ),
        )
        for number, value in reversed(list(enumerate(values, start=1)))
    ]


def test_the_history_is_that_of_comparable_runs():
    other = run(9, entry(leading=measure(value=99.0), as_of="2026-02-20"))
    found = page(*months(28.0, 30.0, 29.0), other).article.svg
    assert found["role"] == "img"
    assert text(found.title) == (
        "History of nps latest over 3 runs, 2026-01-28 to 2026-03-28: lowest 28.0 points, highest "
        "30.0 points, last 29.0 points (95 % interval 25.7 to 32.5)."
    )


def test_the_history_has_one_point_a_date_and_only_measures_alike():
    again = months(28.0, 30.0, 29.0, 31.0)
    again[1]["reports"][0]["as_of"] = again[0]["reports"][0]["as_of"]
    again[2]["reports"][0]["leading"] = measure(unit="%")
    drawn = page(*again).article.svg.polyline["points"].split()
    assert len(drawn) == 2
    assert not page(*months(28.0)).select("svg")


def test_a_circle_of_comparisons_ends():
    first, second = months(28.0, 29.0)
    second["reports"][0]["compared_with"] = against("run-2")
    assert page(first, second).article.svg


def points(svg, name):
    pairs = BeautifulSoup(svg, "html.parser").find(name)["points"].split()
    return [tuple(map(float, pair.split(","))) for pair in pairs]


def test_a_sparkline_keeps_dates_and_values_in_proportion():
    days = ["2026-01-01", "2026-01-11", "2026-02-10"]
    svg = sparkline([Point(day, "", y, y, y) for day, y in zip(days, (0, 1, 4), strict=True)], "x")
    (x0, y0), (x1, y1), (x2, y2) = points(svg, "polyline")
    assert (x1 - x0) / (x2 - x0) == pytest.approx(10 / 40, abs=0.002)
    assert (y1 - y0) / (y2 - y0) == pytest.approx(1 / 4, abs=0.005)
    assert y2 < y0


def test_a_sparkline_without_all_dates_has_equal_steps_and_a_band():
    made = [Point("", "", 1, 0, 3), Point("2026-01-11", "", 2, None, None), Point("", "", 1, 0, 3)]
    svg = sparkline(made, "<x>")
    (x0, _), (x1, middle), (x2, _) = points(svg, "polyline")
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.11)
    band = points(svg, "polygon")
    assert len(band) == 6
    assert band[1] == band[4] == (x1, middle)
    assert "<x>" not in svg


def test_a_sparkline_of_equal_values_is_level():
    svg = sparkline([Point("", "", 0.0, None, None)] * 2, "x")
    assert len({y for _, y in points(svg, "polyline")}) == 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (measure(), "29.2 points (95 % interval 25.7 to 32.5)"),
        (
            measure(value=0.84512, low=0.8361, high=0.8541, unit=""),
            "0.8451 (95 % interval 0.8361 to 0.8541)",
        ),
        (
            measure(value=95553.1, low=81077, high=108573, unit="GBP"),
            "95,553 GBP (95 % interval 81,077 to 108,573)",
        ),
        (measure(value=1234.5, low=None, high=None, unit=""), "1,234"),
        (measure(value=0.0, low=None, high=None, unit=""), "0"),
        (measure(value=None, low=None, high=None, method="few"), "suppressed: few"),
    ],
)
def test_a_figure_has_two_digits_of_its_uncertainty(given, expected):
    assert figure(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (change(), "Up 3.1 points (+0.4 to +5.8) since May, beyond noise, for the better."),
        (
            change(-3.1, -5.8, -0.4),
            "Down 3.1 points (-5.8 to -0.4) since May, beyond noise, for the worse.",
        ),
        (
            change(-3.1, -5.8, -0.4, better="lower"),
            "Down 3.1 points (-5.8 to -0.4) since May, beyond noise, for the better.",
        ),
        (
            change(better=""),
            "Up 3.1 points (+0.4 to +5.8) since May, beyond noise.",
        ),
        (
            change(0.02, -2, 2.1, beyond=False),
            "Unchanged (-2.0 to +2.1) since May, within noise.",
        ),
        (
            change(3.0, None, None, beyond=None, why="no interval"),
            "Up 3.00 points since May; noise cannot be told: no interval.",
        ),
        (
            change(-3.1, -5.8, -0.4, beyond=False),
            "Down 3.1 points (-5.8 to -0.4) since May, beyond noise alone, but not among all "
            "figures tested.",
        ),
        (
            change(None, None, None, beyond=None, why="another note, before: x"),
            "Not comparable with May: another note, before: x.",
        ),
    ],
)
def test_a_change_is_told_with_its_interval_and_whether_it_is_noise(given, expected):
    assert moved(given, "May") == expected


def test_other_figures_that_moved_are_counted_and_named():
    others = [change(name=f"m_{number}", beyond=number < 5) for number in range(9)]
    untold = change(name="x", p_holm=None, beyond=None)
    told = what_changed(
        entry(compared_with=against(), changes=[change(low=-0.4, beyond=False), *others, untold])
    )
    assert told == (
        "Up 3.1 points (-0.4 to +5.8) since 2026-09-30, within noise. "
        "5 of 9 other figures moved beyond noise: m 0, m 1, m 2 and 2 more."
    )


def test_the_date_of_a_comparison_is_that_of_the_run_where_the_data_are_of_one_date():
    same_date = against(as_of="2026-10-31")
    told = what_changed(entry(compared_with=same_date, changes=[change()]))
    assert "since 2026-10-02" in told


def test_the_same_data_are_named_as_such():
    equal = change(0, beyond=False)
    same = against(same_data=True)
    told = what_changed(entry(compared_with=same, changes=[equal]))
    assert told == "The same data as on 2026-09-30: the figures are equal."
    other = what_changed(entry(compared_with=same, changes=[equal, change(beyond=None)]))
    assert "yet 1 of 2 figures differ: the code or the seed is another" in other
    suppressed = change(None, None, None, beyond=None, why="suppressed now: few")
    assert what_changed(entry(compared_with=same, changes=[equal, suppressed])) == told


def test_what_is_not_compared_says_why():
    assert what_changed(entry(why_not_compared="This is the first.")) == "This is the first."
    assert what_changed({}) == ""
