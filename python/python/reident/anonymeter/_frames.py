"""Frames as the attacks take them."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from typing import Any

from .. import _core, _tables
from .._errors import ReidentWarning


def joined(
    ori: Any,
    syn: Any,
    control: Any,
    columns: Sequence[str],
    *,
    kinds: dict[str, str] | None = None,
    targets: int | None = None,
    seed: int = 0,
    jobs: int | None = None,
) -> Any:
    """The columns of the frames, read and joined, for attacks on so many rows of ``ori`` and ``control``, or on all."""
    def part(frame: Any, name: str) -> Any:
        if frame is None:
            return None
        if not frame.columns.is_unique:
            return _tables.table(frame[list(columns)], name)
        # Column by column: selecting them would copy them all.
        return _tables.of_series(((column, frame[column]) for column in columns), name)

    settings = {"columns": {column: {"kind": kind} for column, kind in (kinds or {}).items()}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReidentWarning)
        tables = part(ori, "original"), part(syn, "anonymized"), part(control, "control")
    return _core.Joined(tables, json.dumps(settings), [str(column) for column in columns], targets, seed, jobs)


def persons(frame: Any, columns: Sequence[str]) -> Any:
    """The rows that hold a value in some of the columns: the others are no persons."""
    if frame is None:
        return None
    empty = None
    for column in columns:
        missing = frame[column].isna().to_numpy()
        empty = missing if empty is None else empty & missing
        if not empty.any():
            return frame
    return frame if empty is None else frame.loc[~empty]


def incomparable(found: Any, columns: Sequence[Any]) -> str | None:
    """What to say of columns whose values cannot meet those of the release: what they find nothing with shows no safety."""
    known = set(found.columns)
    lost = [str(column) for column in columns if str(column) not in known]
    return f"{', '.join(lost)} cannot be compared with the release" if lost else None


def named(frame: Any, columns: Sequence[str], what: str, name: str) -> None:
    """Refuses columns that a frame does not have."""
    for column in columns:
        if column not in frame.columns:
            raise ValueError(f"{what} names `{column}`, which {name} does not have")


def pandas(frame: Any) -> Any:
    """The frame as one of pandas'."""
    if frame is None or not hasattr(frame, "to_pandas"):
        return frame
    return frame.to_pandas()


def attempts(n_attacks: Any) -> int | None:
    """So many, or all."""
    if n_attacks is None or n_attacks == float("inf"):
        return None
    return int(n_attacks)
