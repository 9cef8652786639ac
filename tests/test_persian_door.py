"""What the door says, in Persian: each wording that stands in its code has an entry."""

import ast
import re

import pytest

from cxlib import PROJECT
from cxlib.persian import in_persian
from cxlib.persian.catalogue import LABELS, SENTENCES

CODE = PROJECT / "cxlib"
NAMES = ("contracts", "transactions", "subscriptions", "selection", "notation")
# Of the engine those that read a file; what the others say is of databases, Java or memory.
ENGINE = ("cells", "files", "folders", "opening", "staging", "structure", "text", "workbooks")
FILES = [
    *sorted((CODE / "door").glob("*.py")),
    *(CODE / "engine" / f"{name}.py" for name in ENGINE),
    *(CODE / f"{name}.py" for name in NAMES),
]
# What is said of the sources file, not of data, and of columns as such.
SILENT = ("problems", "_problem", "_folded_words", "__str__", "Column", "Contract", "ValueError")
NO_WORDING = re.compile(
    r"\b(SELECT|COPY|read_csv|read_parquet|regexp_\w+|url_decode|new_line|nullif|try_cast|trim)\b|__"
    r"|\(\?i\)|\|[a-z]|\?\)|^\W*(grand total|total g.n.ral|genel toplam|names below)\W*$"
    r"|: give scratch$|rows x "
)
# Parts of sentences: the whole sentences are among the texts below.
PARTS = {
    *("in its entry", "the rows", "are written in another way", "of the first {}", "the month"),
    *("all {} but {}", "{}, which reads {}, and correct those", "it is still right"),
    *("the letters still are", "ids that", "{} no purchase", "{} {} that {} does not have"),
    *("{} % of", "{} taken", "blanks around the name removed", "last month", "two months"),
    *("and {} more", "median of", "in the Jalali calendar", "{} {}-{} is {} times"),
    *("declare in {} which of these it is, for each reads every row{}{}", "correct the rows{}"),
    *("no answer{}{} is above {}, on a scale to {}", "{} {}-{} is {} times that of {}"),
    *("the month before", "two months before", "the months beside it"),
    *(
        "one id has {}, as one customer",
        "an id that names nobody has {} and counts as one customer",
    ),
    *("not weighted", "margins are shares of all, not {}", "years of two digits are read as {}"),
    *("refunds of {} larger than all their purchases", "{}, or correct the rows{}"),
    *("write numbers with a decimal point and no thousands mark", "{}, in the rows", "{}, {}"),
    *("write numbers with the marks that are declared, as 1{}065{}50", "{} % of the rows"),
    *("another company's file, or ids that", "{} is taken off", "write a code of 2 to 10 letters"),
    *("write a code of 2 to 10 letters, like EUR", "or, where all amounts are in one"),
    *('currency, currency = "..." in {} in place of the column', "the first sheet is {}, and no"),
    *(
        "the first sheet is {}, and no sheet is named",
        "adequate level",
        "export it again from where {}, as CSV UTF-8",
    ),
    *("{} It is not among those declared", "none of {}{}", "{} or {}, which stand for no date"),
    *("{}, or {}", "not a {}number from {} to {}", "not a date of the form {}", "whole "),
    *("{} (first on line {})", "{} (first: row {})", "{}, {} % of the rows", "{} (first)"),
    *("leave_out = { {} = {} }", "refunds larger than the purchases of their day"),
    *("declare what stands between the columns in {}: delimiter =", "say in {} what refunds do"),
    *("declare what the values mean in {}", 'declare a code for "no answer" in {}'),
    *('or, if it is a code for "no answer", declare it in {}', "delimiter =", "{}, {}"),
    "or, where words stand for answers, declare the number of each in {}",
    "or, where they stand for no answer",
    "{} leaves them out, {} takes them off the customer's last purchase",
    "declare what stands between the columns in {}",
}
TEXTS = [
    "12 customers that subscriptions does not have: 3.4 % of the rows",
    "none of its customers is in subscriptions: another company's file, or ids that are written in "
    "another way",
    "export it again from where it is still right, as CSV UTF-8",
    "export it again from where the letters still are, as CSV UTF-8",
    "header: blanks around the name removed: 12",
    "refunds larger than the purchases of their day: 12.00 is taken off no purchase",
    "refunds of 1 customer larger than all their purchases",
    "refunds of 12 customers larger than all their purchases",
    "median of 1997-05 is 9.7 times that of the month before: another unit of money, such as rial "
    "and toman? Then write all amounts in one unit",
    "median of 1997-05 is 9.7 times that of two months before",
    "median of 1997-05 is 230 times that of the months beside it",
    "not a date of the form %d/%m/%Y",
    "not a date of the form %d/%m/%Y in the Jalali calendar",
    "not a number from 1 to 5",
    "not a whole number from 1 to 5",
    'declare in [x] of y.toml: decimal = ",", which reads all rows but 12, and correct those',
    'declare in [x] of y.toml: decimal = ",", which reads all of the first 20,000 but 12, and '
    "correct those",
    'declare in [x] of y.toml which of these it is, for each reads every row: decimal = ",", or '
    'decimal = "."',
    "declare in [x] of y.toml which of these it is, for each reads every row of the first 20,000: "
    'decimal = ",", or decimal = "."',
    "write numbers with a decimal point and no thousands mark, or correct the rows",
    "write numbers with the marks that are declared, as 1,065.50, or correct the rows; or declare "
    'a code for "no answer" in [x] of y.toml: missing = { nps = ["..."] }',
    'correct the rows; or declare a code for "no answer" in [x] of y.toml: missing = { nps = 1 }',
    "correct the rows; or, where words stand for answers, declare the number of each in [x] of"
    ' y.toml: value_labels = { nps = { "a b" = N } }; or, where they stand for no answer: missing'
    ' = { nps = ["..."] }',
    "no answer is above 5, on a scale to 7: was the question asked on 1 to 5?",
    "no answer of 2024-01, 2024-02 and 3 more is above 5, on a scale to 7",
    "one id has 3.4 % of the rows, as one customer: a till, or customers without a name?",
    "an id that names nobody has 3.4 % of the rows and counts as one customer: leave it blank",
    'not weighted: margins are shares of all, not only branch "12"',
    "years of two digits are read as 1999 to 2005: if they are Jalali, write four digits",
    "write a code of 2 to 10 letters, like EUR, in the rows; or, where all amounts are in one "
    'currency, currency = "..." in [x] of y.toml in place of the column',
    'no code of a currency: "12" (14), "13" (3) and 4 more',
    'amounts in several currencies: "12" (14), "13" (3)',
    "the first sheet is hidden, and no sheet is named",
    "the first sheet is empty, and no sheet is named",
    "1900-01-01, 1970-01-01 or 9999-12-31, which stand for no date: taken as blank",
    '12 stands apart from all other values: a code for "no answer"? It is not among those declared',
    "none of voluntary, involuntary",
    'letters were lost? cells of nothing but "?" (first on line 12)',
    "hidden rows, left out by a filter perhaps, are read like all others (first: row 12)",
    'the name of the column says "000": the numbers are taken as they stand, in that unit',
    "two tables side by side? The empty column 4 parts the columns of the file",
    "rows struck out are read like all others (first: row 12)",
    "texts like 1.234 beside true numbers in column amount: is it a thousand? If so, write it as a"
    " number (first: row 12)",
    "shown in several currencies by the formats of the cells: €, $",
    "write all in one currency, or the currency into a column of its own",
    "blank: 3.4 % of the rows left out",
    "zero amount: 3.4 % of the rows left out",
    '12 "POST" is no purchase (leave_out): in no row',
    "not a number from 1 to 5 (row 3)",
    'correct the rows, or the scale that is declared; or, if it is a code for "no answer", declare '
    'it in [x] of y.toml: missing = { nps = ["..."] }',
    'declare what the values mean in [x] of y.toml: true_values = ["..."], false_values = ["..."]; '
    "correct a row that says neither, or take it out of the file",
    'declare what stands between the columns in [x] of y.toml: delimiter = ";"',
    'say in [x] of y.toml what refunds do: refunds = "exclude" leaves them out, refunds = "net" '
    "takes them off the customer's last purchase; or correct the rows",
    "before 1900-01-01 (line 12, 13, ...), in data/raw/a.csv",
    'goes down where the mean of the drivers goes up in branch "12", 2024-01 to 2024-02 and 3 more '
    "(correlation -0.59), though not elsewhere: if the lowest answer is the best one there, turn it"
    " in these rows",
    'no answer of branch "12" is above 5, of the others 60 % are, on a scale to 10: was the '
    "question asked on 1 to 5 there?",
    "no answer is above 5, on a scale to 7: was the question asked on 1 to 5? Correct the scale "
    "first, and turn answers after that",
    "the answers are 0 to 4 and none is 5: coded from 0, so add 1 to each, or declare the scale 0 "
    'to 4; if 0 stands for no answer, declare it in [x] of y.toml: missing = { csat = ["0"] }',
]
SET_APART = re.compile("\u2066[^\u2069]*\u2069|«[^»]*»")
# Keys of a sources file and names of forms, which nobody writes in Persian.
KNOWN = {
    *("uri", "only", "csat", "nps", "margins", "fixed", "key", "skip_lines", "sheet"),
    *("complete_to", "as_of", "observed_from", "treated", "campaign_day", "exchange_rates"),
    *("margin_rates", "default_margin_rate", "respondent_id", "started", "leave_out"),
    *("thousands", "UTF", "CSV", "Parquet", "HTML", "CR", "LF", "BOM", "Latin", "cp1252", "EUR"),
    *("C", "branch"),
}


def silent(node):
    """Whether a text is documentation, a part of another, or said of no data."""
    if isinstance(node.above, ast.Expr | ast.JoinedStr | ast.FormattedValue):
        return True
    while hasattr(node, "above"):
        node = node.above
        name = getattr(node, "name", "") or getattr(getattr(node, "func", None), "id", "")
        if any(name == one or name.endswith(one) for one in SILENT):
            return True
    return False


FILLED = {"closest": "", "IN_ENTRY": "in {}", "_AGAIN": "export the file again"}


def template(node):
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if not isinstance(node, ast.JoinedStr):
        return ""
    return "".join(
        one.value if isinstance(one, ast.Constant) else filled(ast.dump(one)) for one in node.values
    )


def filled(place):
    return next((text for name, text in FILLED.items() if name in place), "{}")


def wordings():
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                child.above = node
        for node in ast.walk(tree):
            said = template(node)
            enough = len(re.findall("[a-z]{2,}", said)) > 1 and " " in said.strip()
            if enough and not silent(node) and not NO_WORDING.search(said):
                yield f"{path.name}: {said}"


def bare(text):
    """A sentence with all that varies as a place: figures, code to paste, where something is."""
    text = re.sub(r"\{\w*\}|\b\d[\d,.]*", "{}", text).replace("{} %", "{}")
    text = re.sub(r'\b\w+ = (\[[^]]*\]|\{ .* \}|"[^"]*"|\{\})', "{}", text)
    return re.sub(r"(\{\})+", "{}", text).strip(" .:;?!").lower()


ENTRIES = {bare(text) for text in [*LABELS, *SENTENCES]}
KNOWN_SENTENCES = ENTRIES | set(map(bare, PARTS)) | {"", "{}"}


def left(text):
    told = SET_APART.sub("", in_persian(text))
    return set(re.findall(r"[A-Za-z]\w*", told)) - KNOWN


def is_known(said):
    """Whether a text, or else each of its sentences, is an entry, with places where it has some."""
    said = re.sub(r" \(first: .*$", "", said)
    if {bare(said), bare(said.removesuffix(" {}"))} & KNOWN_SENTENCES:
        return True
    if "{}" not in said and not left(said):
        return True
    parts = re.split(r"(?<=[.?!:;])\s+", said.strip())
    return len(parts) > 1 and all(map(is_known, parts))


@pytest.mark.parametrize("said", sorted(set(wordings())))
def test_each_wording_in_the_code_of_the_door_has_an_entry(said):
    assert is_known(said.partition(": ")[2])


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_is_put_together_is_told_in_persian(text):
    assert left(text) == set()


def test_code_to_paste_stays_as_it_is_from_left_to_right():
    told = in_persian('declare it in [x] of y.toml: missing = { nps = ["99", "98"] }')
    assert told == (
        "آن را در \u2066[x]\u2069 از فایل \u2066y.toml\u2069 اعلام کنید: "
        '\u2066missing = { nps = ["99", "98"] }\u2069'
    )
