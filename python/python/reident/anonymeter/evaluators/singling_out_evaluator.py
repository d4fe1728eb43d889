"""Singling out: can a person be isolated by a condition that the release suggests?"""

from __future__ import annotations

import logging
import warnings
from datetime import date, datetime, timedelta
from typing import Any

from ..._errors import ReidentWarning
from .. import _frames
from ..stats.confidence import EvaluationResults, PrivacyRisk

logger = logging.getLogger("anonymeter")


class SinglingOutEvaluator:
    """``ori`` holds the persons the release ``syn`` was made from, ``control`` persons who were not used.

    At most ``n_attacks`` predicates are tried, each over ``n_cols`` columns; equal rows are different persons. The draw is seeded by ``seed``, 0
    when not told.
    """

    def __init__(
        self,
        ori: Any,
        syn: Any,
        n_attacks: int = 500,
        n_cols: int = 3,
        control: Any = None,
        max_attempts: int | None = 10000000,
        seed: int | None = None,
        *,
        statistics: str | None = None,
    ) -> None:
        self._frames = [_frames.pandas(frame) for frame in (ori, syn, control)]
        self._n_attacks, self._n_cols, self._max_attempts = n_attacks, n_cols, max_attempts
        self._seed = 0 if seed is None else int(seed) % 2**64
        self._statistics = statistics
        self._joined: Any = None
        self._found: Any = None
        self._mode = ""

    @property
    def _ori(self) -> Any:
        return _polars(self._frames[0])

    @property
    def _syn(self) -> Any:
        return _polars(self._frames[1])

    def evaluate(self, mode: str = "multivariate") -> SinglingOutEvaluator:
        """Runs the attack, with predicates over one column (``univariate``) or several."""
        if mode not in ("univariate", "multivariate"):
            raise ValueError(f"mode is `univariate` or `multivariate`, and not {mode!r}")
        ori, syn, control = self._frames
        present = [frame for frame in self._frames if frame is not None]
        columns = [column for column in ori.columns if all(column in frame.columns for frame in present)]
        others = sorted({str(c) for frame in present for c in frame.columns} - {str(c) for c in columns})
        if others:
            warnings.warn(ReidentWarning(f"columns that not all tables have are left out: {', '.join(others)}"), stacklevel=2)
        if self._joined is None:
            self._joined = _frames.joined(ori, syn, control, columns)
        self._mode = mode
        predicates = self._n_attacks if self._max_attempts is None else min(self._n_attacks, self._max_attempts)
        self._predicates = max(int(predicates), 0)
        self._columns = [str(column) for column in columns]
        # As where all is evaluated: one column of many may be missing, and is said to be.
        lost = _frames.incomparable(self._joined, columns)
        many = len(self._columns) - len(set(self._columns) & set(self._joined.columns)) > len(self._columns) / 10
        self._incomparable = lost if many else None
        if lost is not None and not many:
            warnings.warn(ReidentWarning(f"{lost}, and are left out"), stacklevel=2)
        self._found = self._play(0.95)
        attempted = self._found[0][0]
        if attempted < self._n_attacks:
            logger.warning("%d of the %d attacks asked for: there are no more predicates.", attempted, self._n_attacks)
        return self

    def _play(self, confidence: float) -> Any:
        size = None if self._mode == "univariate" else self._n_cols
        if self._predicates == 0 or not self._columns:
            return (0, 0.0), None, (0, 0.0), None, [[], []]
        return self._joined.single_out(self._columns, size, self._predicates, self._seed, confidence, None)

    def queries(self, baseline: bool = False) -> list[Any]:
        """The predicates that isolate a person of ``ori``, as polars expressions."""
        if self._found is None:
            raise RuntimeError("call evaluate first")
        return [_expression(conditions) for conditions in self._found[4][int(baseline)]]

    def results(self, confidence_level: float = 0.95) -> EvaluationResults:
        """The counts, and what follows from them."""
        if self._found is None:
            raise RuntimeError("call evaluate first")
        (main, successes), baseline, control, null_rate, _ = self._found
        baseline_attempts, baseline_successes = baseline or (0, 0.0)
        n_control: float | None = None
        control_attempts = 0
        if self._frames[2] is not None and control is not None:
            control_attempts, n_control = control
            if null_rate is not None:
                # What a control of the original's size would have been hit, in as many attempts.
                n_control = null_rate * control_attempts
        elif self._frames[2] is not None:
            n_control = 0
        return EvaluationResults(
            n_attacks=(main, baseline_attempts, control_attempts),
            n_success=int(successes),
            n_baseline=baseline_successes,
            n_control=n_control,
            confidence_level=confidence_level,
            statistics=self._statistics,
            undetermined=self._incomparable,
        )

    def risk(self, confidence_level: float = 0.95, baseline: bool = False) -> PrivacyRisk:
        """The risk of singling out."""
        return self.results(confidence_level).risk(baseline=baseline)


def _polars(frame: Any) -> Any:
    import polars as pl

    return pl.from_pandas(frame.reset_index(drop=True))


_EPOCH = datetime(1970, 1, 1)


def _expression(conditions: list[tuple[str, str, str, Any]]) -> Any:
    import polars as pl

    def one(column: str, operator: str, kind: str, value: Any) -> Any:
        at = pl.col(column)
        if kind == "date" and isinstance(value, float):
            value = date(1970, 1, 1) + timedelta(days=value)
        elif kind == "datetime" and isinstance(value, float):
            value = _EPOCH + timedelta(seconds=value)
        elif kind == "boolean" and isinstance(value, str):
            value = value.strip().lower() in ("true", "t", "yes", "y", "1")
        elif isinstance(value, str):
            at = at.cast(pl.String)
        if value is None:
            return at.is_null()
        compare = {
            "==": lambda: at == value, ">=": lambda: at >= value, "<=": lambda: at <= value,
            ">": lambda: at > value, "<": lambda: at < value, "in": lambda: at.cast(pl.String).is_in(value),
        }  # fmt: skip
        return compare[operator]()

    made = [one(*condition) for condition in conditions]
    whole = made[0]
    for more in made[1:]:
        whole = whole & more
    return whole
