"""What is a table: every type of every producer, and the same figures however a table is handed over."""

import datetime as dt
import decimal
import random

import pytest

import reident

pd = pytest.importorskip("pandas")
pa = pytest.importorskip("pyarrow")
pl = pytest.importorskip("polars")
pq = pytest.importorskip("pyarrow.parquet")

ROWS = 60
DAYS = [dt.date(2024, 1, 1) + dt.timedelta(days=at % 25) for at in range(ROWS)]
TIMES = [dt.datetime(2024, 1, 1, at % 24, 30) for at in range(ROWS)]
NUMBERS = [at % 17 for at in range(ROWS)]
TEXTS = ["abc"[at % 3] for at in range(ROWS)]

TAKEN = {
    "pandas int": (lambda: pd.Series(NUMBERS), "numeric"),
    "pandas float": (lambda: pd.Series([n / 3 for n in NUMBERS]), "numeric"),
    "pandas nullable int": (lambda: pd.Series([None, *NUMBERS[1:]], dtype="Int64"), "numeric"),
    "pandas bool": (lambda: pd.Series([n % 2 == 0 for n in NUMBERS]), "boolean"),
    "pandas str": (lambda: pd.Series(TEXTS), "categorical"),
    "pandas object str": (lambda: pd.Series(TEXTS, dtype=object), "categorical"),
    "pandas category": (lambda: pd.Series(TEXTS, dtype="category"), "categorical"),
    "pandas int category": (lambda: pd.Series(NUMBERS, dtype="category"), "numeric"),
    "pandas datetime": (lambda: pd.Series(pd.to_datetime(TIMES)), "datetime"),
    "pandas datetime with zone": (lambda: pd.Series(pd.to_datetime(TIMES)).dt.tz_localize("UTC"), "datetime"),
    "pandas date": (lambda: pd.Series(DAYS, dtype=object), "date"),
    "pandas decimal": (lambda: pd.Series([decimal.Decimal(n) / 4 for n in NUMBERS], dtype=object), "numeric"),
    "pandas timedelta": (lambda: pd.Series(pd.to_timedelta(NUMBERS, unit="s")), "numeric"),
    "pandas cut": (lambda: pd.cut(pd.Series(NUMBERS), [-1, 5, 11, 17]), "numeric"),
    "pandas intervals": (lambda: pd.Series(pd.arrays.IntervalArray.from_tuples([(n, n + 5) for n in NUMBERS], closed="left")), "numeric"),
    "pandas period": (lambda: pd.Series(pd.PeriodIndex(DAYS, freq="M")), "date"),
    "polars int8": (lambda: pl.Series(NUMBERS, dtype=pl.Int8), "numeric"),
    "polars uint16": (lambda: pl.Series(NUMBERS, dtype=pl.UInt16), "numeric"),
    "polars int128": (lambda: pl.Series(NUMBERS, dtype=pl.Int128), "numeric"),
    "polars float32": (lambda: pl.Series([n / 4 for n in NUMBERS], dtype=pl.Float32), "numeric"),
    "polars decimal": (lambda: pl.Series([decimal.Decimal(n) / 4 for n in NUMBERS], dtype=pl.Decimal(10, 2)), "numeric"),
    "polars categorical": (lambda: pl.Series(TEXTS, dtype=pl.Categorical), "categorical"),
    "polars enum": (lambda: pl.Series(TEXTS, dtype=pl.Enum(["a", "b", "c"])), "categorical"),
    "polars date": (lambda: pl.Series(DAYS), "date"),
    "polars datetime": (lambda: pl.Series(TIMES), "datetime"),
    "polars string": (lambda: pl.Series(TEXTS), "categorical"),
    "pyarrow string": (lambda: pa.array(TEXTS, pa.string()), "categorical"),
    "pyarrow large string": (lambda: pa.array(TEXTS, pa.large_string()), "categorical"),
    "pyarrow string view": (lambda: pa.array(TEXTS, pa.string_view()), "categorical"),
    "pyarrow dictionary": (lambda: pa.array(TEXTS).dictionary_encode(), "categorical"),
    "pyarrow date32": (lambda: pa.array(DAYS, pa.date32()), "date"),
    "pyarrow date64": (lambda: pa.array(DAYS, pa.date64()), "date"),
    "pyarrow timestamp": (lambda: pa.array(TIMES, pa.timestamp("ms")), "datetime"),
    "pyarrow decimal128": (lambda: pa.array([decimal.Decimal(n) for n in NUMBERS], pa.decimal128(10, 2)), "numeric"),
}
#: Those that are generalized values, with what the original holds.
GENERALIZED = {"pandas cut": NUMBERS, "pandas intervals": NUMBERS, "pandas period": DAYS}
REFUSED = {
    "pandas complex": lambda: pd.Series([complex(n) for n in NUMBERS]),
    "pandas sparse": lambda: pd.Series(pd.arrays.SparseArray(NUMBERS)),
    "pandas lists": lambda: pd.Series([[n] for n in NUMBERS]),
    "polars list": lambda: pl.Series([[n] for n in NUMBERS]),
    "polars struct": lambda: pl.Series([{"n": n} for n in NUMBERS]),
    "pyarrow map": lambda: pa.array([[("k", n)] for n in NUMBERS], pa.map_(pa.string(), pa.int64())),
    "pyarrow run ends": lambda: pa.RunEndEncodedArray.from_arrays([ROWS], ["a"]),
}


def table(column):
    if isinstance(column, pd.Series):
        return pd.DataFrame({"x": column, "y": TEXTS})
    if isinstance(column, pl.Series):
        return pl.DataFrame({"x": column, "y": TEXTS})
    return pa.table({"x": column, "y": TEXTS})


@pytest.mark.parametrize("name", TAKEN)
def test_taken(name):
    made, kind = TAKEN[name]
    tables = [table(made())]
    if name in GENERALIZED:
        # A release of intervals does not hide what the original holds.
        tables.insert(0, pd.DataFrame({"x": GENERALIZED[name], "y": TEXTS}))
    found = reident.inspect(*tables)
    assert found.kinds()["x"] == kind
    if name in GENERALIZED:
        assert found.columns[0]["tables"][1]["generalized"] == ROWS


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    with pytest.raises(reident.InputError) as caught:
        reident.inspect(table(REFUSED[name]()))
    assert "x" in str(caught.value) or "original" in str(caught.value)


def test_intervals_of_pandas_are_intervals():
    original = pd.DataFrame({"x": NUMBERS, "y": TEXTS})
    release = original.assign(x=pd.cut(original["x"], [-1, 5, 11, 17]))
    of_cut = reident.evaluate(original, release, only=["linkability"], warnings=False)
    of_text = reident.evaluate(original, release.assign(x=release["x"].astype(str)), only=["linkability"], warnings=False)
    assert of_cut.inputs.columns[0].generalized == ROWS
    assert of_cut.to_dict()["attacks"] == of_text.to_dict()["attacks"]


def test_index_mixed_names_and_others():
    frame = pd.DataFrame({"x": NUMBERS, "y": TEXTS}, index=range(100, 100 + ROWS))
    assert list(reident.inspect(frame).kinds()) == ["x", "y"]
    keyed = frame.set_index(pd.Index(range(ROWS), name="id"))
    only = {"only": ["linkability"], "columns": {"id": {"role": "record_key"}}, "warnings": False}
    assert reident.evaluate(keyed, keyed, **only).settings.record_key == "id"
    with pytest.warns(reident.ReidentWarning, match="`x`"):
        reident.inspect(pd.DataFrame({"x": pd.Series([1, "a"] * 30, dtype=object), "y": TEXTS}))
    assert list(reident.inspect(pd.DataFrame({0: NUMBERS, 1: TEXTS})).kinds()) == ["0", "1"]
    for wrong in (pd.DataFrame([[1, 2]], columns=["x", "x"]), pd.DataFrame({("a", "b"): [1]}), {"x": [1], "y": [1, 2]}):
        with pytest.raises(reident.InputError):
            reident.inspect(wrong)
    with pytest.raises(reident.InputError, match="no rows"):
        reident.inspect(pd.DataFrame({"x": pd.Series([], dtype=int)}))
    with pytest.raises(TypeError, match="__arrow_c_stream__"):
        reident.inspect(3)
    assert reident.inspect(pl.LazyFrame({"x": NUMBERS})).kinds() == {"x": "numeric"}
    reader = pa.table({"x": NUMBERS}).to_reader()
    assert reident.inspect(reader).kinds() == {"x": "numeric"}


def test_a_frame_in_parts_stays_in_parts():
    frame = pl.concat([pl.DataFrame({"x": NUMBERS, "y": TEXTS})] * 3, rechunk=False)
    assert reident.inspect(frame).tables[0]["rows"] == 3 * ROWS
    assert frame.n_chunks("all") == [3, 3]


def test_relations_of_duckdb():
    duckdb = pytest.importorskip("duckdb")
    relation = duckdb.sql("select i % 7 as n, 'abc'[1 + i % 3] as t from range(60) r(i)")
    assert reident.inspect(relation).kinds() == {"n": "numeric", "t": "categorical"}


def people(seed):
    """A table of columns of many kinds, some cells missing."""
    draw = random.Random(seed)
    rows = draw.randint(40, 120)
    columns = {
        "age": [draw.randint(0, 90) for _ in range(rows)],
        "income": [round(draw.lognormvariate(10, 1), draw.randint(0, 3)) for _ in range(rows)],
        "town": [draw.choice(["Ulm", "Köln", "北京", "a, b", 'quo"te']) for _ in range(rows)],
        "born": [dt.date(1950, 1, 1) + dt.timedelta(days=draw.randint(0, 20_000)) for _ in range(rows)],
        "insured": [draw.choice(["yes", "no", None]) for _ in range(rows)],
    }
    return pd.DataFrame(columns)


@pytest.mark.parametrize("seed", range(40))
def test_memory_parquet_and_csv_give_the_same_attacks(seed, tmp_path):
    original = people(seed)
    release = original.sample(frac=0.7, random_state=seed).reset_index(drop=True)
    frames = [original, release]
    for at, frame in enumerate(frames):
        frame.to_csv(tmp_path / f"{at}.csv", index=False)
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), tmp_path / f"{at}.parquet")
    given = [
        frames,
        [pl.from_pandas(frame) for frame in frames],
        [pa.Table.from_pandas(frame, preserve_index=False) for frame in frames],
        [tmp_path / "0.parquet", tmp_path / "1.parquet"],
        [tmp_path / "0.csv", tmp_path / "1.csv"],
    ]
    attacks = [reident.evaluate(*tables, seed=seed, attacks=50, warnings=False).to_dict()["attacks"] for tables in given]
    assert all(other == attacks[0] for other in attacks[1:])
