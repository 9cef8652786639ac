"""Ids leave under pseudonyms: keyed, the same everywhere, and no order that gives them away."""

import datetime as dt
import hashlib
from types import SimpleNamespace

import narwhals as nw
import pandas as pd
import pytest
from typer.testing import CliRunner

from cxlib import churn, cli, contracts, engine, results, sources, tables
from cxlib.inference import ParameterError
from cxlib.privacy.pseudonyms import (
    ID_COLUMNS,
    VARIABLE,
    PseudonymKeyError,
    Pseudonyms,
    are_pseudonyms,
)

KEY = "a key of the test, long enough"
IDS = ["10023", "007", "۱۲۳", "a b", "7"]


@pytest.fixture(autouse=True)
def no_key(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)


def table(ids=IDS, how="pseudonyms", sha256="a" * 64):
    frame = pd.DataFrame({"customer_id": ids, "amount": [float(n) for n in range(len(ids))]})
    return SimpleNamespace(
        provenance={"ids": how, "sha256": sha256, "period": None, "rows": len(ids), "input": "t"},
        frame=engine.lend(frame),
    )


def expected(kind, one, key=KEY):
    """The definition, in the words of the library of Python: keyed BLAKE2b of 64 bits."""
    own = hashlib.blake2b(key.encode(), digest_size=32, person=b"cx environment").digest()
    hashed = hashlib.blake2b(one.encode(), digest_size=8, key=own, person=kind.encode())
    return f"{kind.removesuffix('_id')}-{hashed.hexdigest()}"


def save(folder, tables, *inputs):
    return results.save(
        "clv", headline="h", measures=[], tables=tables, inputs=inputs, output_dir=folder
    )


def test_a_pseudonym_is_the_keyed_hash_of_the_id(monkeypatch):
    monkeypatch.setenv(VARIABLE, KEY)
    names = Pseudonyms.of([table()]).names("customer_id", IDS)
    assert names == [expected("customer_id", one) for one in IDS]
    assert are_pseudonyms(names)
    assert not are_pseudonyms(IDS)


def test_a_kind_has_names_of_its_own(monkeypatch):
    monkeypatch.setenv(VARIABLE, KEY)
    one = Pseudonyms.of([])
    tails = {one.names(kind, ["7"])[0].split("-")[1] for kind in ID_COLUMNS}
    assert len(tails) == len(ID_COLUMNS)
    with pytest.raises(ValueError, match="region is no kind of id"):
        one.names("region", ["7"])


def test_every_id_of_the_contracts_is_known():
    named = {
        column.name
        for contract in contracts.CONTRACTS.values()
        for column in contract.columns
        if column.name.endswith("_id")
    }
    assert named <= set(ID_COLUMNS)


def test_without_a_key_each_file_has_its_own():
    one, again, other = (
        Pseudonyms.of([source]).names("customer_id", ["7"])[0]
        for source in (table(), table(), table(IDS, sha256="b" * 64))
    )
    assert one == again != other


def test_the_hash_that_is_published_does_not_give_the_key():
    """Two files of one published hash but other rows: the rows are needed."""
    one, other = (Pseudonyms.of([table(ids)]).key for ids in (IDS, IDS[::-1]))
    assert one != other
    assert repr(Pseudonyms.of([table()]).key)[2:-1] not in repr(Pseudonyms.of([table()]))


def test_a_short_key_is_refused(monkeypatch):
    monkeypatch.setenv(VARIABLE, "short")
    with pytest.raises(PseudonymKeyError, match="CX_PSEUDONYM_KEY has 5 characters"):
        Pseudonyms.of([table()])


def test_a_key_of_few_different_letters_is_refused(monkeypatch):
    monkeypatch.setenv(VARIABLE, "abcde" * 10)
    with pytest.raises(PseudonymKeyError, match="has 5 different characters"):
        Pseudonyms.of([table()])
    monkeypatch.setenv(VARIABLE, "abcdef" * 3)
    assert Pseudonyms.of([table()]).key


def test_every_column_of_ids_is_coded_and_those_of_customers_alike(monkeypatch):
    monkeypatch.setenv(VARIABLE, KEY)
    frame = pd.DataFrame(
        {"customer_id": ["7"], "previous_customer_id": ["7"], "loyalty_card_id": [7], "paid": [7]}
    )
    shown = Pseudonyms.of([]).shown(frame).iloc[0]
    assert shown["customer_id"] == shown["previous_customer_id"] == expected("customer_id", "7")
    assert shown["loyalty_card_id"] == expected("loyalty_card_id", "7")
    assert shown["paid"] == 7
    assert Pseudonyms.of([]).names("a_rather_long_name_id", ["7"]) != ["7"]


def test_ids_without_a_key_are_never_saved(tmp_path):
    with pytest.raises(PseudonymKeyError, match="there is no key"):
        save(tmp_path, {"people": pd.DataFrame({"customer_id": ["7"]})})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("as_lazy", [False, True])
@pytest.mark.parametrize("key", ["", KEY])
def test_no_id_reaches_a_file(tmp_path, monkeypatch, as_lazy, key):
    monkeypatch.setenv(VARIABLE, key)
    ids = [f"9{n:07}" for n in range(500)]
    frame = pd.DataFrame({"customer_id": ids, "response_id": ids, "value": range(500)})
    frame.loc[3, "response_id"] = None
    folder = save(tmp_path, {"people": engine.lend(frame) if as_lazy else frame}, table(ids))
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in written} == {
        *("results.json", "clv.xlsx", "people.csv", "people.parquet"),
    }
    kept = pd.read_parquet(folder / "tables" / "people.parquet")
    assert are_pseudonyms(kept["customer_id"])
    assert not set(kept["customer_id"]) & set(ids)
    text = (folder / "tables" / "people.csv").read_text()
    assert not any(one in text for one in ids)
    # Nobody is lost, no value is at another's, a blank stays one.
    named = Pseudonyms.of([table(ids)])
    back = kept["customer_id"].map(named.ids(engine.lend(frame)))
    assert dict(zip(back, kept["value"], strict=True)) == dict(zip(ids, range(500), strict=True))
    assert kept.loc[kept["value"] == 3, "response_id"].isna().all()
    assert kept["response_id"].isna().sum() == 1


def test_frames_lazy_or_not_are_saved_alike(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, KEY)
    frame = pd.DataFrame({"customer_id": ["b", "a", "b", "c"], "n": [2, 1, 1, 3]})
    ours, lazy = (
        pd.read_parquet(save(tmp_path / name, {"people": one}) / "tables" / "people.parquet")
        for name, one in (("frame", frame.sort_values("n")), ("lazy", engine.lend(frame)))
    )
    pd.testing.assert_frame_equal(ours.drop(columns="index"), lazy)


def test_the_order_of_rows_tells_no_id(monkeypatch):
    monkeypatch.setenv(VARIABLE, KEY)
    frame = pd.DataFrame({"customer_id": [f"{n:04}" for n in range(100)]})
    shown = Pseudonyms.of([]).exported(frame)["customer_id"]
    assert shown.is_monotonic_increasing
    ranked = Pseudonyms.of([]).exported(frame.assign(rank=range(100)))
    assert ranked["rank"].tolist() == list(range(100))


def test_plain_ids_are_asked_for_and_said(tmp_path):
    frame = pd.DataFrame({"customer_id": IDS})
    folder = save(tmp_path, {"people": frame}, table(how="plain"))
    kept = pd.read_parquet(folder / "tables" / "people.parquet")
    assert kept["customer_id"].tolist() == IDS
    # One input that does not ask for it is enough.
    folder = save(tmp_path, {"people": frame}, table(how="plain"), table())
    kept = pd.read_parquet(folder / "tables" / "people.parquet")
    assert are_pseudonyms(kept["customer_id"])


def test_two_ids_of_one_pseudonym_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(Pseudonyms, "names", lambda self, kind, ids: ["customer-0"] * len(ids))
    frame = pd.DataFrame({"customer_id": IDS})
    for one in (frame, engine.lend(frame)):
        with pytest.raises(ValueError, match="customer_id: 5 ids have 1 pseudonyms"):
            save(tmp_path, {"people": one}, table())


def test_the_holder_of_the_key_finds_a_customer(monkeypatch):
    told = CliRunner().invoke(cli.app, ["pseudonym", "customer_id", "10023"])
    assert told.exit_code == 2
    monkeypatch.setenv(VARIABLE, KEY)
    told = CliRunner().invoke(cli.app, ["pseudonym", "customer_id", "10023"])
    assert (told.exit_code, told.stdout.strip()) == (0, expected("customer_id", "10023"))


def test_everybody_of_a_table_is_found_again(monkeypatch):
    monkeypatch.setenv(VARIABLE, KEY)
    people = nw.from_native(engine.lend(pd.DataFrame({"customer_id": ["7", "7", None]})))
    assert Pseudonyms.of([]).ids(people) == {expected("customer_id", "7"): "7"}


def earlier_risks(folder, ids, source):
    risks = pd.DataFrame({"customer_id": ids, "churn_probability": 0.5})
    risks = risks.assign(cutoff=pd.Timestamp("2024-03-31"), horizon_days=90)
    reference = churn.reference_shares(pd.DataFrame({"x": range(len(ids))}), risks.iloc[:, 1])
    tables = {"risks": risks, "reference": reference}
    results.save(
        "churn", headline="h", measures=[], tables=tables, inputs=[source], output_dir=folder
    )
    return churn.previous_run(folder).risks


@pytest.mark.parametrize(("key", "followed"), [(KEY, 30), ("", 0)])
def test_customers_are_followed_to_another_file_with_one_key(tmp_path, monkeypatch, key, followed):
    monkeypatch.setenv(VARIABLE, key)
    ids = [f"{n:03}" for n in range(40)]
    then = earlier_risks(tmp_path, ids, table(ids))
    assert are_pseudonyms(then["customer_id"])
    # Ten of the file are gone, ten are new: another file, and so another key where none is given.
    later = pd.DataFrame({"customer_id": [f"{n:03}" for n in range(10, 50)], "ended": pd.NaT})
    later["ended"] = pd.to_datetime(later["ended"])
    source = table(later["customer_id"].tolist(), sha256="b" * 64)
    names = Pseudonyms.of([source]).ids(engine.lend(later))
    known = then.set_index("customer_id").rename(index=names).reset_index()
    since = churn.outcomes_since(known, later, complete_to=dt.date(2024, 12, 31))
    assert since.counts.get("judged", 0) == followed
    assert ("CX_PSEUDONYM_KEY" in since.reason) == (followed == 0)


@pytest.mark.parametrize("key", [KEY, ""])
def test_values_of_another_report_are_known(tmp_path, monkeypatch, key):
    monkeypatch.setenv(VARIABLE, key)
    frame = pd.DataFrame({"customer_id": IDS, "value": [1.0, 2.0, 3.0, 4.0, 5.0]})
    folder = save(tmp_path, {"customers": frame}, table())
    given = churn.value_table(folder / "tables" / "customers.parquet")
    found = given.rename(index=Pseudonyms.of([table()]).ids(table().frame))
    assert churn.known_values(found, IDS).value.tolist() == [1, 2, 3, 4, 5]
    with pytest.raises(ParameterError, match="only with one and the same key in CX_PSEUDONYM_KEY"):
        churn.known_values(given, IDS)


@pytest.mark.parametrize(
    ("line", "how"),
    [("", "pseudonyms"), ('ids = "pseudonyms"', "pseudonyms"), ('ids = "plain"', "plain")],
)
def test_the_entry_says_how_ids_are_shown(tmp_path, monkeypatch, line, how):
    described(tmp_path, monkeypatch, line)
    loaded = tables.load("transactions")
    assert loaded.provenance["ids"] == how
    assert ("as they are" in loaded.summary.set_index("kind")["what"]["ids"]) == (how == "plain")
    folder = save(tmp_path / "out", {"people": loaded.frame.select("customer_id")}, loaded)
    kept = pd.read_parquet(folder / "tables" / "people.parquet")["customer_id"]
    assert (kept.tolist() == ["1001"]) == (how == "plain")


def test_another_word_for_it_is_refused(tmp_path, monkeypatch):
    described(tmp_path, monkeypatch, 'ids = "hashed"')
    with pytest.raises(
        contracts.InputError, match=r'ids = "hashed".* write "pseudonyms", or "plain"'
    ):
        tables.load("transactions")


def described(folder, monkeypatch, line):
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", folder)
    (folder / "data").mkdir()
    (folder / "data" / "t.csv").write_text("who,day,paid\n1001,2021-01-31,1\n")
    columns = 'columns = { customer_id = "who", date = "day", amount = "paid" }\n'
    text = f'[transactions]\nuri = "t.csv"\n{columns}complete_to = 2021-12-31\n{line}\n'
    (folder / "data" / "sources.toml").write_text(text)
