"""Addresses and numbers of persons are taken out of free text, and nothing else is."""

import csv
import random

import pytest

from cxlib import PROJECT, sources, tables
from cxlib.contracts import InputError, Violation
from cxlib.privacy.screening import ACCOUNT, CARD, EMAIL, NATIONAL_ID, PHONE, screen, screened

REVIEWS = PROJECT.parent / "shared/data/digikala_reviews/digikala_reviews_dev.csv"
DIGITS = ("0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩")

# Accounts: the examples of ISO 13616 (Britain, Germany) and of Iran; cards: the test numbers of
# the schemes; national ids: worked by hand below.
PRIVATE = {
    "ali.rezaei+x@mail.example.ir": EMAIL,
    "Ali @ example.com": EMAIL,
    "علی@example.com": EMAIL,
    "GB82 WEST 1234 5698 7654 32": ACCOUNT,
    "de89370400440532013000": ACCOUNT,
    "IR580540105180021273113007": ACCOUNT,
    "IR58-0540-1051-8002-1273-1130-07": ACCOUNT,
    "580540105180021273113007": ACCOUNT,
    "4111 1111 1111 1111": CARD,
    "5555555555554444": CARD,
    "6274-1290-0547-3742": CARD,
    "09123456789": PHONE,
    "0912 345 67 89": PHONE,
    "0912-345-6789": PHONE,
    "9123456789": PHONE,
    "989123456789": PHONE,
    "+98 912 345 6789": PHONE,
    "00989123456789": PHONE,
    "+44 20 7946 0958": PHONE,
    "+1 (555) 010-9999": PHONE,
    "(555) 010-9999": PHONE,
    "555-010-9999": PHONE,
    "02188881234": PHONE,
    "021-88881234": PHONE,
    "021-88 88 12 34": PHONE,
    "(021) 88 88 12 34": PHONE,
    "0532 123 45 67": PHONE,
    "0912\t345\t6789": PHONE,
    "(0912) 345-6789": PHONE,
    "+98.21.8888.1234": PHONE,
    "(021) 8888 1234": PHONE,
    "0499370899": NATIONAL_ID,
    "049-937089-9": NATIONAL_ID,
}
HARMLESS = [
    "",
    "2021-01-31",
    "31.12.2021 10:20:30",
    "05-11-2021 12:30",
    "1403/01/15",
    "20211231235959",
    "1,234,567,890.50",
    "3.14159265358979",
    "lat +35.6892 51.3890",
    "profit +12500000",
    "+1403011512",
    "order 9512345678",
    "9121234567.00",
    "0.91234567891",
    "1.5e-05",
    "12345678",
    "line 1021, 1022, 1023, 1024",
    "5 @ 3",
    "@home",
    "GB82 WEST 1234 5698 7654 33",
    "IR580540105180021273113008",
    "4111 1111 1111 1112",
    "1499370899",
    "1111111111",
    "خیلی خوب بود ۱۲ بار خریدم",
]


@pytest.mark.parametrize(("text", "mark"), PRIVATE.items())
@pytest.mark.parametrize("digits", DIGITS)
def test_what_is_private_is_replaced_by_its_mark(text, mark, digits):
    written = text.translate(str.maketrans(DIGITS[0], digits))
    assert screened(written) == mark
    assert screened(f"قبل {written} بعد") == f"قبل {mark} بعد"
    assert screened(f"to {written} or 15 others") == f"to {mark} or 15 others"
    assert screened(f"({written}), {written}.") == f"({mark}), {mark}."


@pytest.mark.parametrize("between", [",", "/", "-", "،", "، ", "\n"])
def test_two_numbers_side_by_side_are_both_found(between):
    for text, mark in PRIVATE.items():
        if (text[0] == "0" and text.isdigit()) or mark == CARD:
            # A dash or a blank may stand within a number.
            assert screened(f"{text}{between}{text}") == f"{mark}{between}{mark}", text
    assert screened(f"09121234567{between}02188776655") == f"{PHONE}{between}{PHONE}"
    assert screened(f"09121234567{between}2") == f"{PHONE}{between}2"


@pytest.mark.parametrize(
    ("first", "count", "rate"),
    [
        # Iranian mobiles without 0 are 90 to 93 and 99: 5 of the 90 first pairs; of the others one
        # of eleven has the check digit: 5/90 + 85/90/11 = .141.
        (10**9, 9 * 10**9, 5 / 90 + 85 / 90 / 11),
        (10**8, 9 * 10**8, 0),
        (10**10, 9 * 10**10, 0),
    ],
)
def test_how_many_random_numbers_are_taken_for_one_of_a_person(first, count, rate):
    rng = random.Random(3)
    hits = sum(bool(screen(str(first + rng.randrange(count))).found) for _ in range(4000)) / 4000
    # Five standard errors of 4,000, and one for 98 and mobiles among 11 or 12 digits.
    assert abs(hits - rate) <= 5 * (rate * (1 - rate) / 4000) ** 0.5 + 0.001


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_not_is_left_as_it_is(text):
    assert screened(text) == text


def test_a_national_id_by_hand():
    # 0 4 9 9 3 7 0 8 9 by 10 9 8 7 6 5 4 3 2: 36 + 72 + 63 + 18 + 35 + 24 + 18 = 266 = 24 x 11 + 2,
    # so the last is 11 - 2 = 9; with 8 in its place it is none.
    assert screened("0499370899") == NATIONAL_ID
    assert screen("0499370898").found == {PHONE: 1}  # 0, an area and so many digits all the same
    # 1 2 3 4 5 6 7 8 9: 10 + 18 + 24 + 28 + 30 + 30 + 28 + 24 + 18 = 210 = 19 x 11 + 1: last is 1.
    assert screened("1234567891") == NATIONAL_ID
    assert screened("1234567890") == "1234567890"


def test_unseen_marks_between_digits_hide_nothing():
    for mark in "\u200c\u200d\u200e\u200f\u202a\u2066\ufeff\u00ad":
        assert screened(f"تماس: 0912{mark}345{mark}6789!") == f"تماس: {PHONE}!"


def test_each_mark_is_counted():
    text = "a@b.de, c@d.ir or 09123456789"
    assert screen(text).found == {EMAIL: 2, PHONE: 1}
    assert screen("nobody").found == {}


def test_a_number_of_random_digits_is_a_card_one_time_in_ten():
    rng = random.Random(1)
    hits = sum(screened(f"{rng.randrange(10**16):016}") == CARD for _ in range(4000))
    # Binomial(4000, .1): 400 +- 5 x 19.
    assert 305 < hits < 495


def test_the_rest_of_a_text_stays():
    rng, replaced = random.Random(2), 0
    for _ in range(3000):
        text = "".join(rng.choices("0912 -+()@.aIR۰۹\u200c", k=rng.randrange(60)))
        once = screened(text)
        for mark in (EMAIL, ACCOUNT, CARD, PHONE, NATIONAL_ID):
            once = once.replace(mark, "\0")
        replaced += "\0" in once
        at = 0
        for part in once.split("\0"):
            at = text.index(part, at) + len(part)
    assert replaced > 100


def test_a_long_text_is_read_once():
    """Quadratic search would take hours."""
    assert screened("a" * 200_000 + "@") == "a" * 200_000 + "@"
    assert screened("1 " * 100_000) == "1 " * 100_000


def test_an_error_shows_no_number_of_a_person():
    violation = Violation(
        "t.csv",
        "none of these",
        "correct it; the file has ali@example.com, 09123456789",
        column="plan",
        source_column="4111 1111 1111 1111",
        count=2,
        places=(3, 7),
        examples=("write to me at a-rather-long-address: ali@example.com", "۰۹۱۲۳۴۵۶۷۸۹"),
    )
    text = str(InputError("transactions", "t.csv", [violation]))
    text += repr(violation)
    assert not any(one in text for one in ("ali@", "0912", "۰۹۱۲", "4111"))
    assert EMAIL in text
    assert PHONE in text
    assert "lines 3, 7" in text


@pytest.mark.skipif(not REVIEWS.exists(), reason="the reviews are not here")
def test_no_false_alarm_in_real_reviews():
    """5,402 product reviews in Persian, with titles; none of them holds a number of a person."""
    with REVIEWS.open(encoding="utf-8", newline="") as stream:
        texts = [row[name] for row in csv.DictReader(stream) for name in ("title", "comment")]
    assert len(texts) == 2 * 5402
    assert [text for text in texts if screened(text) != text] == []


def test_labels_hold_no_number_of_a_person(tmp_path, monkeypatch):
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", tmp_path)
    (tmp_path / "data").mkdir()
    rows = ["a,2021-01-01,1,north", "b,2021-01-02,2,ask ali@example.com", "c,2021-01-03,3,south"]
    rows += [
        "d,2021-01-04,4,۰۹۱۲ ۳۴۵ ۶۷۸۹",
        "e,2021-01-05,5,ask ali@example.com",
        "f,2021-01-06,6,",
    ]
    (tmp_path / "data" / "t.csv").write_text("\n".join(["who,day,paid,note", *rows]) + "\n")
    (tmp_path / "data" / "sources.toml").write_text(
        '[transactions]\nuri = "t.csv"\ncomplete_to = 2021-12-31\nattributes = ["note"]\n'
        'columns = { customer_id = "who", date = "day", amount = "paid" }\n'
    )
    table = tables.load("transactions")
    found = table.frame.collect("pandas").to_native()
    assert found["customer_id"].tolist() == list("abcdef")
    labels = ["north", f"ask {EMAIL}", "south", PHONE, f"ask {EMAIL}"]
    assert found["note"].tolist()[:5] == labels
    assert found["note"].isna().tolist() == [False] * 5 + [True]
    told = [(one.rule, one.count) for one in table.repairs]
    assert told[-1:] == [(f"personal data in the text replaced by {EMAIL}, {PHONE}", 3)]
