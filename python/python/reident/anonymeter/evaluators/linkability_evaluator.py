"""Linkability: can two files about the same persons be linked through the release?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import _frames
from ..stats.confidence import EvaluationResults, PrivacyRisk, threads


class LinkabilityEvaluator:
    """``aux_cols`` are the columns of either file. A person is linked when 1 to ``n_neighbors`` records of the release are among the nearest on
    both; ties are kept, and more than that is ambiguous and no link. ``n_attacks`` persons of each table are attacked, all when ``None``; the
    draw is seeded by ``seed``."""

    def __init__(
        self,
        ori: Any,
        syn: Any,
        aux_cols: tuple[Sequence[str], Sequence[str]],
        n_attacks: int | None = 500,
        n_neighbors: int = 1,
        control: Any = None,
        *,
        seed: int = 0,
        statistics: str | None = None,
    ) -> None:
        self._frames = [_frames.pandas(frame) for frame in (ori, syn, control)]
        self._aux_cols = tuple(list(half) for half in aux_cols)
        self._n_attacks, self._n_neighbors, self._seed = n_attacks, n_neighbors, seed
        self._statistics = statistics
        self._joined: Any = None
        self._jobs: int | None = None
        self._asked: dict[int, Any] = {}

    def evaluate(self, n_jobs: int = -2) -> LinkabilityEvaluator:
        """Runs the attack, in as many threads as joblib would use processes."""
        self._jobs = threads(n_jobs)
        columns = list(dict.fromkeys(column for half in self._aux_cols for column in half))
        for frame, name in zip(self._frames, ("ori", "syn", "control")):
            if frame is not None:
                _frames.named(frame, columns, "aux_cols", name)
        targets = _frames.attempts(self._n_attacks)
        self._joined = _frames.joined(*self._frames, columns, targets=targets, seed=self._seed, jobs=self._jobs)
        self._asked = {}
        self._incomparable = _frames.incomparable(self._joined, columns)
        self._ask(self._n_neighbors)
        return self

    def _ask(self, neighbors: int) -> Any:
        if neighbors not in self._asked:
            halves = [[str(column) for column in half] for half in self._aux_cols]
            if self._incomparable is not None:
                # What cannot meet the release links nobody.
                of = [None if rows is None else (len(rows), 0.0) for rows in self._joined.targets]
                return of[0], of[0], of[1], []
            self._asked[neighbors] = self._joined.link(halves, neighbors, self._jobs)
        return self._asked[neighbors]

    def results(self, confidence_level: float = 0.95, n_neighbors: int | None = None) -> EvaluationResults:
        """The counts, with fewer neighbours where that is asked for, and what follows from them."""
        if self._joined is None:
            raise RuntimeError("call evaluate first")
        neighbors = self._n_neighbors if n_neighbors is None else n_neighbors
        if neighbors > self._n_neighbors or neighbors < 1:
            raise ValueError(f"n_neighbors is {neighbors}; it must lie between 1 and {self._n_neighbors}")
        (main, successes), (baseline, _), control, _ = self._ask(neighbors)
        return EvaluationResults(
            n_attacks=(main, baseline, 0 if control is None else control[0]),
            n_success=int(successes),
            n_baseline=_chance(main, neighbors, self._frames[1]),
            n_control=None if self._frames[2] is None else int((control or (0, 0))[1]),
            confidence_level=confidence_level,
            statistics=self._statistics,
            undetermined=self._incomparable,
        )

    def risk(self, confidence_level: float = 0.95, baseline: bool = False, n_neighbors: int | None = None) -> PrivacyRisk:
        """The risk of linkability."""
        return self.results(confidence_level, n_neighbors).risk(baseline=baseline)


def _chance(attempts: int, neighbors: int, syn: Any) -> float:
    """How many persons two draws of so many records each would link: attempts · (1 − C(M − k, k)/C(M, k))."""
    rows = len(syn)
    if 2 * neighbors > rows:
        return float(attempts)
    apart = 1.0
    for at in range(neighbors):
        apart *= (rows - neighbors - at) / (rows - at)
    return attempts * (1.0 - apart)
