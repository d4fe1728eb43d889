"""What is a table, and what pandas writes otherwise than it is meant."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from . import _core
from ._errors import InputError, ReidentWarning

#: What :func:`reident.evaluate` takes for a table.
KINDS = (
    "a path, a table with __arrow_c_stream__ (pandas, polars, pyarrow, DuckDB and others), a LazyFrame, or a dict of columns"
)


def table(given: Any, name: str, keys: tuple[str, ...] = ()) -> Any:
    """The table as the extension takes it: a path, something with ``__arrow_c_stream__``, or a dict of columns that have it, out of which the
    extension takes them."""
    if isinstance(given, (str, os.PathLike)):
        return os.fspath(given)
    if isinstance(given, Mapping):
        return of_columns(given, name)
    if _is_pandas(given):
        return _of_pandas(given, name, keys)
    if _is_polars(given):
        # A frame would bring its columns into one part each before it hands them over, which is to copy them.
        return {column.name: column for column in given.iter_columns()}
    if hasattr(given, "__arrow_c_stream__"):
        return given
    collect = getattr(given, "collect", None)
    if callable(collect):
        collected = collect()
        if hasattr(collected, "__arrow_c_stream__"):
            return table(collected, name, keys)
    raise TypeError(f"{name} is no table: {type(given).__name__} is none of {KINDS}")


def of_columns(columns: Mapping[Any, Any], name: str) -> Any:
    """A table of the columns of a dict, each a sequence."""
    made = []
    for column, values in columns.items():
        values = values.tolist() if hasattr(values, "tolist") else list(values)
        made.append((_column_name(column, name), values))
    try:
        return _core.table_of_lists(made, name)
    except ValueError as error:
        raise InputError(f"{name}: {error}", file=name) from None


def _column_name(column: Any, name: str) -> str:
    if isinstance(column, str):
        return column
    if isinstance(column, int) and not isinstance(column, bool):
        return str(column)
    raise InputError(f"{name}: the name of a column is a {type(column).__name__}; rename it to a text", file=name)


def _is_pandas(given: Any) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(given, pandas.DataFrame)


def _is_polars(given: Any) -> bool:
    polars = sys.modules.get("polars")
    return polars is not None and isinstance(given, polars.DataFrame)


def _of_pandas(frame: Any, name: str, keys: tuple[str, ...]) -> Any:
    """A pandas frame whose columns all mean what they hold."""
    # The index says nothing of persons, unless one of its levels is a key.
    kept = [level for level in frame.index.names if level is not None and level in keys and level not in frame.columns]
    frame = frame.reset_index(level=kept) if kept else frame
    return of_series(((column, frame.iloc[:, at]) for at, column in enumerate(frame.columns)), name)


def of_series(columns: Iterable[tuple[Any, Any]], name: str) -> dict[str, Any]:
    """Columns of named pandas series of one length; whatever their indexes are, they stand row beside row."""
    made: dict[str, Any] = {}
    for column, series in columns:
        column = _column_name(column, name)
        if column in made:
            raise InputError(f"{name}: two columns are named `{column}`; rename one", file=name, column=column)
        changed = _of_series(series, column, name)
        made[column] = _array(series if changed is None else changed, column, name)
    return made


def _of_series(series: Any, column: str, name: str) -> Any:
    """A column in another form, where Arrow has none for it or another meaning; ``None`` where it stays as it is."""
    import pandas as pd

    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        inner = dtype.categories.dtype
        if isinstance(inner, (pd.IntervalDtype, pd.PeriodDtype)) or _is_mixed(dtype.categories):
            return series.cat.rename_categories([_text(value) for value in dtype.categories])
        return None
    if isinstance(dtype, (pd.IntervalDtype, pd.PeriodDtype)):
        codes = pd.Categorical(series)
        return pd.Series(codes.rename_categories([_text(value) for value in codes.categories]), index=series.index)
    if isinstance(dtype, pd.SparseDtype):
        raise InputError(
            f"{name}: column `{column}` is sparse; make it dense with `.sparse.to_dense()`", file=name, column=column
        )
    if getattr(dtype, "kind", "") == "c":
        raise InputError(
            f"{name}: column `{column}` holds complex numbers, which are no single value; save their parts as columns",
            file=name,
            column=column,
        )
    if dtype == object and _is_mixed(series):
        warnings.warn(
            ReidentWarning(f"{name}: column `{column}` holds values of several types, and was read as texts"), stacklevel=7
        )
        texts = [None if _is_missing(value) else _text(value) for value in series]
        return pd.Series(texts, index=series.index, dtype=object)
    return None


#: What Arrow takes as it is, one type to a column.
_PLAIN = ("str", "int", "float", "bool", "date", "datetime", "Timestamp", "Decimal", "bytes", "time", "timedelta", "Timedelta", "dict", "list", "ndarray", "tuple")


def _is_mixed(values: Any) -> bool:
    """Whether the values are of several types, or of one that Arrow does not know."""
    types = {type(value) for value in values if not _is_missing(value)}
    if len(types) > 1:
        return True
    for kind in types:
        if kind.__name__ not in _PLAIN:
            return True
        if kind is int:
            return any(not -(2**63) <= value < 2**63 for value in values if not _is_missing(value))
    return False


def _is_missing(value: Any) -> bool:
    return value is None or value is getattr(sys.modules.get("pandas"), "NA", None) or value != value


def _text(value: Any) -> str:
    """A text that says what the value means: the span of a period as an interval of days or times."""
    if type(value).__name__ == "Period":
        start, end = value.start_time, value.end_time
        if start == start.normalize() and end.normalize() + (end - end.normalize()) >= end.normalize():
            whole_days = (end - start).total_seconds() >= 86_399
            if whole_days:
                return f"[{start.date().isoformat()}, {end.date().isoformat()}]"
        return f"[{start.isoformat(sep=' ')}, {end.floor('s').isoformat(sep=' ')}]"
    return str(value)


def _array(series: Any, column: str, name: str) -> Any:
    """A column as Arrow has it: nothing is copied that it can take as it is, and refusals name the column."""
    try:
        import pyarrow as pa
    except ImportError:
        raise InputError(
            f"{name}: pandas hands tables over through pyarrow, which is missing; install reident[pandas]", file=name
        ) from None
    try:
        array = pa.array(series, from_pandas=True)
    except Exception:  # what pyarrow says may hold a cell, so that only the type is told
        raise InputError(
            f"{name}: column `{column}` is of type {series.dtype}, which is not read as one value per row; "
            "save it as text, numbers, dates or times, or as a column for each of its parts",
            file=name,
            column=column,
        ) from None
    # Only of chunks is there a stream.
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])
