"""What is a table, and what pandas writes otherwise than it is meant."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Mapping
from typing import Any

from . import _core
from ._errors import InputError, ReidentWarning

#: What :func:`reident.evaluate` takes for a table.
KINDS = (
    "a path, a table with __arrow_c_stream__ (pandas, polars, pyarrow, DuckDB and others), a LazyFrame, or a dict of columns"
)


def table(given: Any, name: str, keys: tuple[str, ...] = ()) -> Any:
    """The table as the extension takes it: a path, or something with ``__arrow_c_stream__``."""
    if isinstance(given, (str, os.PathLike)):
        return os.fspath(given)
    if isinstance(given, Mapping):
        return of_columns(given, name)
    if _is_pandas(given):
        return _of_pandas(given, name, keys)
    if hasattr(given, "__arrow_c_stream__"):
        return given
    collect = getattr(given, "collect", None)
    if callable(collect):
        collected = collect()
        if hasattr(collected, "__arrow_c_stream__"):
            return collected
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


def _of_pandas(frame: Any, name: str, keys: tuple[str, ...]) -> Any:
    """A pandas frame whose columns all mean what they hold."""
    import pandas as pd

    # The index says nothing of persons, unless one of its levels is a key.
    kept = [level for level in frame.index.names if level is not None and level in keys and level not in frame.columns]
    frame = frame.reset_index(level=kept) if kept else frame
    if not isinstance(frame.index, pd.RangeIndex):
        frame = frame.reset_index(drop=True)
    names = [_column_name(column, name) for column in frame.columns]
    twice = {column for column in names if names.count(column) > 1} if len(set(names)) < len(names) else set()
    if twice:
        column = sorted(twice)[0]
        raise InputError(f"{name}: two columns are named `{column}`; rename one", file=name, column=column)
    columns = {}
    for at, column in enumerate(names):
        columns[column] = _of_series(frame.iloc[:, at], column, name)
    changed = any(columns[column] is not None for column in names)
    if changed or list(frame.columns) != names:
        parts = {c: frame.iloc[:, at] if columns[c] is None else columns[c] for at, c in enumerate(names)}
        frame = pd.DataFrame(parts, index=frame.index, copy=False)
    try:
        frame.__arrow_c_stream__
    except AttributeError:
        raise InputError(f"{name}: this pandas hands over no tables; take pandas 2.2 or newer", file=name) from None
    return _Pandas(frame, name)


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
            ReidentWarning(f"{name}: column `{column}` holds values of several types, and was read as texts"), stacklevel=5
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


class _Pandas:
    """A frame whose refusals name the table."""

    def __init__(self, frame: Any, name: str) -> None:
        self.frame = frame
        self.name = name

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        try:
            return self.frame.__arrow_c_stream__()
        except ImportError:
            raise InputError(
                f"{self.name}: pandas hands tables over through pyarrow, which is missing; install reident[pandas]", file=self.name
            ) from None
        except InputError:
            raise
        except Exception as error:  # what pyarrow says may hold a cell, so that only its class is told
            for column in self.frame.columns:
                try:
                    self.frame[[column]].__arrow_c_stream__()
                except Exception:
                    dtype = self.frame[column].dtype
                    raise InputError(
                        f"{self.name}: column `{column}` is of type {dtype}, which is not read as one value per row; "
                        "save it as text, numbers, dates or times, or as a column for each of its parts",
                        file=self.name,
                        column=str(column),
                    ) from None
            raise InputError(f"{self.name}: pandas cannot hand the table over ({type(error).__name__})", file=self.name) from None
