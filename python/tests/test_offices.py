"""Files of offices and databases. Workbooks as spreadsheet programs and libraries write them: the figures are those of the frame that was written."""

import datetime
import os
import sqlite3

import pytest

import reident

pd = pytest.importorskip("pandas")
ENGINES = {"xlsx": "openpyxl", "ods": "odf"}


def persons(shift):
    rows = range(60)
    first = datetime.datetime(2020, 1, 1)
    return pd.DataFrame({
        "age": [20 + (row * 7 + shift) % 50 for row in rows],
        "income": [1000.5 + (row * 37 + shift) % 911 for row in rows],
        "seen": [first + datetime.timedelta(days=(row * 13 + shift) % 700) for row in rows],
        "hour": [first + datetime.timedelta(minutes=(row * 977 + shift * 31) % 9000) for row in rows],
        "town": [f"T{(row + shift) % 9}" for row in rows],
        "ill": [None if row % 11 == 0 else (row * shift) % 3 == 0 for row in rows],
    })  # fmt: skip


def figures(*tables, **settings):
    evaluation = reident.evaluate(*tables, warnings=False, only=["linkability", "inference"], **settings)
    return [attack.to_dict() if hasattr(attack, "to_dict") else repr(attack) for attack in evaluation.attacks]


@pytest.mark.parametrize("end", ENGINES)
def test_a_workbook_is_its_frame(tmp_path, end):
    pytest.importorskip(ENGINES[end])
    frames = [persons(0), persons(5), persons(11)]
    paths = []
    for number, frame in enumerate(frames):
        paths.append(tmp_path / f"{number}.{end}")
        frame.to_excel(paths[-1], index=False, engine=ENGINES[end])
    kinds = {"ill": {"kind": "boolean"}}
    assert figures(*paths, columns=kinds) == figures(*frames, columns=kinds)


def test_sheets(tmp_path):
    pytest.importorskip("openpyxl")
    path = tmp_path / "all.xlsx"
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        for shift in (0, 5):
            persons(shift).to_excel(writer, index=False, sheet_name=f"s{shift}")
    with pytest.raises(reident.InputError, match="--sheet"):
        reident.evaluate(path, path)
    evaluation = reident.evaluate(path, path, sheet="s5", only=["linkability"], warnings=False)
    assert evaluation.settings["sheet"] == "s5" if isinstance(evaluation.settings, dict) else evaluation.settings.sheet == "s5"


def test_labels_of_statistical_files(tmp_path):
    pyreadstat = pytest.importorskip("pyreadstat")
    labels = {"sex": {1: "female", 2: "male"}}
    frame = persons(0)[["age", "income", "town"]].assign(sex=[1 + row % 2 for row in range(60)])
    paths = {}
    for write, read, end in ((pyreadstat.write_sav, pyreadstat.read_sav, "sav"), (pyreadstat.write_dta, pyreadstat.read_dta, "dta")):
        paths[end] = tmp_path / f"t.{end}"
        write(frame, str(paths[end]), variable_value_labels=labels)
        labelled, _ = read(str(paths[end]), apply_value_formats=True)
        plain = frame.assign(sex=frame["sex"].map(labels["sex"]))
        assert figures(labelled, plain) == figures(plain, plain)
        with pytest.raises(reident.InputError, match="SPSS|Stata"):
            reident.evaluate(paths[end], paths[end])


def stored(path):
    """Persons in a database of SQLite's."""
    frame = persons(0)[["age", "income", "town"]]
    with sqlite3.connect(path) as database:
        frame.to_sql("persons", database, index=False)
    return frame


def test_a_database_through_adbc(tmp_path):
    dbapi = pytest.importorskip("adbc_driver_sqlite.dbapi")
    frame = stored(tmp_path / "people.db")
    with dbapi.connect(str(tmp_path / "people.db")) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM persons")
        fetched = cursor.fetch_arrow_table()
    assert figures(fetched, frame) == figures(frame, frame)


def test_a_database_through_duckdb(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    frame = stored(tmp_path / "people.db")
    try:
        duckdb.sql(f"ATTACH '{tmp_path / 'people.db'}' AS people (TYPE sqlite)")
    except duckdb.Error as error:
        pytest.skip(f"DuckDB's reader of SQLite is fetched from the network: {error}")
    assert figures(duckdb.table("people.main.persons"), frame) == figures(frame, frame)


def test_a_server(tmp_path):
    """A PostgreSQL server, where the machine has one: `REIDENT_POSTGRES` is its address, such as `postgresql://user@localhost/test`."""
    address = os.environ.get("REIDENT_POSTGRES")
    if not address:
        pytest.skip("REIDENT_POSTGRES names no server")
    dbapi = pytest.importorskip("adbc_driver_postgresql.dbapi")
    pa = pytest.importorskip("pyarrow")
    frame = persons(0)[["age", "income", "town"]]
    with dbapi.connect(address) as connection, connection.cursor() as cursor:
        cursor.adbc_ingest("reident_persons", pa.Table.from_pandas(frame, preserve_index=False), mode="create", temporary=True)
        cursor.execute("SELECT * FROM reident_persons")
        fetched = cursor.fetch_arrow_table()
    assert figures(fetched, frame) == figures(frame, frame)
