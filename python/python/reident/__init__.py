"""reident: proves or refutes that a released table is anonymous.

>>> import reident
>>> demo = reident.demo(rows=200, leak=0.5)
>>> evaluation = reident.evaluate(demo.original, demo.anonymized, demo.control, seed=7, warnings=False)
>>> sorted(evaluation.headline)
['inference', 'linkability', 'singling_out']
>>> reident.check(evaluation, "eu-wp216").passed
False
"""

from __future__ import annotations

import json
import os
import warnings as _warnings
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from . import _core, _progress, _tables
from ._core import CancelToken, Table, version
from ._errors import (
    Cancelled,
    InputError,
    InternalError,
    OverlappingControlError,
    ReidentError,
    ReidentWarning,
    SettingsError,
)
from ._progress import Step
from ._results import Calibration, CheckResult, Evaluation, Inspection, read_evidence

__all__ = [
    "Calibration", "CancelToken", "Cancelled", "CheckResult", "Demo", "Evaluation", "InputError", "Inspection", "InternalError",
    "OverlappingControlError", "ReidentError", "ReidentWarning", "SettingsError", "Step", "Table", "calibrate", "check", "demo",
    "evaluate", "inspect", "main", "policies", "read_evidence", "report", "schema", "version",
]  # fmt: skip
__version__ = version


def evaluate(
    original: Any,
    anonymized: Any,
    control: Any = None,
    *,
    only: Iterable[str] | None = None,
    attacks: int | str | None = None,
    seed: int | None = None,
    seeds: int | None = None,
    confidence: float | None = None,
    columns: Mapping[str, Mapping[str, str]] | None = None,
    singling_out: Mapping[str, Any] | None = None,
    linkability: Mapping[str, Any] | None = None,
    inference: Mapping[str, Any] | None = None,
    calibration: Mapping[str, Any] | None = None,
    nulls: Iterable[str] | None = None,
    suppressed: Iterable[str] | None = None,
    missing_is_suppressed: bool | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    earlier_releases: Iterable[str | os.PathLike[str]] | None = None,
    allow_overlapping_control: bool | None = None,
    config: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    threads: int | None = None,
    progress: Any = None,
    cancel: CancelToken | None = None,
    outcomes: bool = False,
    calibrate: bool = False,
    warnings: bool = True,
) -> Evaluation:
    """Runs the attacks on a release.

    ``original`` holds the persons the release was made from, ``anonymized`` the release, ``control`` persons who were not used, where there
    are such. A table is a path (CSV, JSON lines, Parquet, Arrow, workbooks), anything with ``__arrow_c_stream__`` (pandas, polars, pyarrow, DuckDB), a
    polars ``LazyFrame``, or a dict of columns.

    The settings are those of the configuration file (``reident init`` writes one with all of them explained); ``config`` is such a file or a
    dict of its keys, and keywords win over it. ``threads`` is all cores when not told; ``progress`` is ``True``, a function that takes a
    :class:`Step`, or a bar like tqdm's; ``cancel`` stops the run from another thread; ``outcomes`` keeps who was hit; ``calibrate`` also
    finds out what the attacks would have noticed, as :func:`calibrate` does. What a reader must know is in ``warnings`` of the result, and warned
    of unless ``warnings`` is false.

    >>> import reident
    >>> people = {"age": list(range(20, 60)), "town": ["A", "B", "C", "D"] * 10, "ill": ["yes", "no", "no", "no", "no"] * 8}
    >>> evaluation = reident.evaluate(people, people, only=["linkability"], warnings=False)
    >>> evaluation.worst("linkability").main.successes
    40
    """
    settings = _settings(config, {
        "only": only, "attacks": attacks, "seed": seed, "seeds": seeds, "confidence": confidence, "columns": columns,
        "singling_out": singling_out, "linkability": linkability, "inference": inference, "calibration": calibration, "nulls": nulls,
        "suppressed": suppressed, "missing_is_suppressed": missing_is_suppressed, "delimiter": delimiter, "encoding": encoding,
        "sheet": sheet,
        "earlier_releases": None if earlier_releases is None else [os.fspath(path) for path in earlier_releases],
        "allow_overlapping_control": allow_overlapping_control,
    })  # fmt: skip
    tables = _of_run(original, anonymized, control, settings)
    with _progress.told(progress) as tell:
        text, hits = _core.evaluate(tables, json.dumps(settings), calibrate, outcomes, threads, tell, cancel)
    evaluation = Evaluation(text, hits)
    if warnings:
        for warning in evaluation.warnings:
            _warnings.warn(ReidentWarning(f"{warning.code}: {warning.message}"), stacklevel=2)
    return evaluation


def calibrate(
    original: Any,
    anonymized: Any,
    control: Any = None,
    *,
    runs: int | None = None,
    persons: int | None = None,
    shares: Iterable[float] | None = None,
    config: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    threads: int | None = None,
    progress: Any = None,
    cancel: CancelToken | None = None,
    **settings: Any,
) -> Calibration:
    """Whether the attacks would have noticed a leak, and whether they cry out without one: they are played on tables in which it is known who
    is leaked, made of the original's own rows. The release itself is not attacked; ``evaluate(…, calibrate=True)`` does both.

    ``runs`` worlds of each kind of leak have ``persons`` persons at most, of whom ``shares`` are planted. All other keywords are those of
    :func:`evaluate`.

    >>> import reident
    >>> demo = reident.demo(rows=200)
    >>> found = reident.calibrate(*demo[:3], runs=2, shares=[0.5], only=["singling_out"])
    >>> found.attacks["singling_out"].power[0].found.worlds
    2
    >>> [row["rate"] for row in found.rows() if row["leak"] == "verbatim"]
    [1.0]
    """
    keys = _settings(config, settings)
    keys["calibration"] = _settings(keys.get("calibration"), {"runs": runs, "persons": persons, "shares": shares})
    tables = _of_run(original, anonymized, control, keys)
    with _progress.told(progress) as tell:
        return Calibration(*_core.calibrate(tables, json.dumps(keys), threads, tell, cancel))


def _settings(config: str | os.PathLike[str] | Mapping[str, Any] | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a configuration, and over them what was given."""
    settings = dict(_configuration(config))
    for key, value in given.items():
        if value is None:
            continue
        if isinstance(value, Mapping):
            value = {**settings.get(key, {}), **value}
        elif not isinstance(value, (str, int, float)):
            value = list(value)
        settings[key] = value
    return settings


def _of_run(original: Any, anonymized: Any, control: Any, settings: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    """The tables of a run, as the extension takes them."""
    columns = settings.get("columns", {}).items()
    keys = tuple(name for name, column in columns if column.get("role") in ("record_key", "subject_key"))
    return (
        _tables.table(original, "original", keys),
        _tables.table(anonymized, "anonymized", keys),
        None if control is None else _tables.table(control, "control", keys),
    )


def _configuration(config: str | os.PathLike[str] | Mapping[str, Any] | None) -> Mapping[str, Any]:
    if config is None:
        return {}
    if isinstance(config, Mapping):
        return config
    return json.loads(_core.read_config(os.fspath(config)))


def inspect(
    *tables: Any, show_values: bool = False, nulls: Iterable[str] = (), columns: Mapping[str, Mapping[str, str]] | None = None
) -> Inspection:
    """Describes the columns of tables as the attacks will read them: the original first, then the release, then the control.

    With ``show_values`` the text shows ranges and frequent categories, which are values of cells.

    >>> import reident
    >>> reident.inspect({"age": [30, 40, 50], "town": ["A", "B", "A"]}).kinds()
    {'age': 'numeric', 'town': 'categorical'}
    """
    names = ("original", "anonymized", "control")
    given = [_tables.table(table, names[min(at, 2)]) for at, table in enumerate(tables)]
    settings = json.dumps({"nulls": list(nulls), "columns": columns or {}})
    return Inspection(*_core.inspect(given, settings, show_values))


def check(
    evaluation: Evaluation | str | os.PathLike[str],
    policy: str = "eu-wp216",
    *,
    baseline: Evaluation | str | os.PathLike[str] | None = None,
    set: Mapping[str, Any] | None = None,
) -> CheckResult:
    """Judges evidence by a policy: the name of one that comes with the program (:func:`policies`), or a file. ``set`` changes values of it:
    ``{"limits.linkability.max_risk": 0.1}``. ``baseline`` is evidence of an earlier run to compare with.

    The result is true for a pass and for nothing else, so that ``assert reident.check(evaluation)`` is a gate.
    """
    changes = [f"{key}={_toml(value)}" for key, value in (set or {}).items()]
    earlier = None if baseline is None else _evaluation(baseline).to_json(run=True)
    return CheckResult(*_core.check(_evaluation(evaluation).to_json(run=True), policy, changes, earlier))


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, str) and not value.isidentifier() else str(value)


def _evaluation(given: Evaluation | str | os.PathLike[str]) -> Evaluation:
    return given if isinstance(given, Evaluation) else read_evidence(given)


def report(
    evaluation: Evaluation | str | os.PathLike[str],
    path: str | os.PathLike[str] | None = None,
    *,
    form: str = "html",
    lang: str = "en",
    policy: str | None = None,
    include_sensitive: bool = False,
) -> str:
    """A report for persons, as one ``html`` page or as ``markdown``, in English (``en``) or Chinese (``zh``); also written to ``path`` where
    that is given. ``include_sensitive`` shows small counts exactly, and stamps every page."""
    text = _core.report(_evaluation(evaluation).to_json(run=True), form, lang, policy, [], include_sensitive)
    if path is not None:
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return text


def policies() -> list[str]:
    """Names of the policies that come with the program.

    >>> import reident
    >>> "eu-wp216" in reident.policies()
    True
    """
    return [name for name, _ in _core.policies()]


class Demo(NamedTuple):
    """A fictional population: three tables, and the evidence of a run on them."""

    original: Table
    anonymized: Table
    control: Table
    evaluation: Evaluation


def demo(rows: int = 10_000, leak: float = 0.2, seed: int = 7, progress: Any = None) -> Demo:
    """Runs everything on a fictional population, of whose release a share ``leak`` is copied from the original.

    >>> import reident
    >>> len(reident.demo(rows=50).original)
    50
    """
    with _progress.told(progress) as tell:
        *tables, evidence = _core.demo(rows, leak, seed, tell)
    return Demo(*tables, Evaluation(evidence))


def schema() -> dict[str, Any]:
    """The JSON Schema of evidence."""
    return json.loads(_core.schema())


def main(arguments: Iterable[str] | None = None) -> int:
    """The command ``reident``, for processes of their own: it takes over signals and threads. Gives the exit code."""
    from .__main__ import main as run

    return run(arguments)
