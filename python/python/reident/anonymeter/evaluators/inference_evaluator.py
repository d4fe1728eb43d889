"""Attribute inference: can a secret be inferred from what is known of a person?"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..._errors import ReidentWarning
from .. import _frames
from ..stats.confidence import EvaluationResults, PrivacyRisk, threads
from .inference_predictor import InferencePredictor

#: A guess of a number is right within this share of the secret.
_TOLERANCE = 0.05


def evaluate_inference_guesses(guesses: Any, secrets: Any, regression: bool, tolerance: float = _TOLERANCE) -> np.ndarray:
    """Which guesses are right: those that equal the secret, or, of numbers, that lie within ``tolerance`` of the guess's size. A missing
    secret is guessed by a missing guess."""
    if not guesses.index.equals(secrets.index):
        raise RuntimeError("guesses and secrets are not about the same rows: their indexes differ")
    guess, secret = guesses.to_numpy(), secrets.to_numpy()
    if regression:
        guess, secret = guess.astype(float), secret.astype(float)
        with np.errstate(divide="ignore", invalid="ignore"):
            # What is written as a share of the guess is met, however it is rounded.
            near = np.abs(guess - secret) <= tolerance * np.abs(guess) * (1 + 1e-9)
        return near | (guess == secret) | (np.isnan(guess) & np.isnan(secret))
    missing = pd.isna(guesses).to_numpy() & pd.isna(secrets).to_numpy()
    return np.asarray((guess == secret) | missing, dtype=bool)


class InferenceEvaluator:
    """``aux_cols`` are what is known of a person, ``secret`` is inferred from the nearest records of the release, or by ``inference_model``.

    With ``regression`` a guess of a number is right within 5 %, otherwise when it is equal; ``None`` tells by the column's type. ``n_attacks``
    persons of each table are attacked, all with ``numpy.inf``; the draw is seeded by ``seed``."""

    def __init__(
        self,
        ori: Any,
        syn: Any,
        aux_cols: Sequence[str],
        secret: str,
        regression: bool | None = False,
        n_attacks: float = 500,
        control: Any = None,
        inference_model: InferencePredictor | None = None,
        *,
        seed: int = 0,
        statistics: str | None = None,
    ) -> None:
        self._frames = [_frames.pandas(frame) for frame in (ori, syn, control)]
        if not isinstance(secret, str):
            raise ValueError("secret is the name of one column")
        for frame, name in zip(self._frames, ("ori", "syn", "control")):
            if frame is not None and secret not in frame.columns and len(frame.columns):
                raise ValueError(f"secret names `{secret}`, which {name} does not have")
        self._aux_cols, self._secret, self._regression = list(aux_cols), secret, regression
        self._n_attacks, self._model, self._seed = n_attacks, inference_model, seed
        self._statistics = statistics
        self._found: Any = None

    def evaluate(self, n_jobs: int = -2) -> InferenceEvaluator:
        """Runs the attack, in as many threads as joblib would use processes."""
        known, secret = self._aux_cols, self._secret
        frames = self._frames
        for frame, name in zip(frames, ("ori", "syn", "control")):
            if frame is not None:
                _frames.named(frame, [*known, secret], "aux_cols", name)
        if self._regression is None:
            self._regression = bool(pd.api.types.is_numeric_dtype(frames[0][secret]))
        if secret in known:
            warnings.warn(ReidentWarning(f"the secret `{secret}` is among aux_cols: it is known before it is inferred"), stacklevel=2)
            inner = f"{secret} (known)"
            frames = [None if frame is None else frame.assign(**{inner: frame[secret]}) for frame in frames]
            known = [inner if column == secret else column for column in known]
        columns = [*known, secret]
        self._persons = [_frames.persons(frame, columns) for frame in frames]
        kind = "numeric" if self._regression else "categorical"
        jobs = threads(n_jobs)
        targets = _frames.attempts(self._n_attacks)
        joined = _frames.joined(*self._persons, columns, kinds={secret: kind}, targets=targets, seed=self._seed, jobs=jobs)
        self._incomparable = None if self._model is not None else _frames.incomparable(joined, columns)
        if self._model is not None:
            rows, control_rows = joined.targets
            sides = [(rows, self._guess(0, rows))]
            if control_rows is not None:
                sides.append((control_rows, self._guess(2, control_rows)))
        elif self._incomparable is not None:
            # What cannot meet the release guesses nothing right.
            sides = [(rows, np.zeros(len(rows), dtype=bool)) for rows in joined.targets if rows is not None]
        else:
            tolerance = _TOLERANCE if self._regression else None
            known = [str(column) for column in known]
            sides = joined.infer(secret, known, tolerance, self._seed, jobs)[3]
        self._found = [(np.asarray(rows, dtype=int), np.asarray(hits, dtype=bool)) for rows, hits in sides]
        return self

    def _guess(self, at: int, rows: Sequence[int]) -> Any:
        """Which guesses of the model are right."""
        frame = self._persons[at].iloc[list(rows)]
        assert self._model is not None
        guesses = self._model.predict(frame[self._aux_cols])
        return evaluate_inference_guesses(guesses, frame[self._secret], bool(self._regression))

    def _secrets(self, side: int) -> Any:
        rows = self._found[side][0]
        return self._persons[0 if side == 0 else 2][self._secret].iloc[rows]

    def _chance(self, secrets: Any) -> float:
        """How many secrets a random record of the release would have."""
        released = self._persons[1][self._secret]
        if len(released) == 0:
            return 0.0
        if self._regression:
            values = np.sort(released.to_numpy(dtype=float, na_value=np.nan))
            values = values[~np.isnan(values)]
            secret = secrets.to_numpy(dtype=float, na_value=np.nan)
            slack = _TOLERANCE * np.abs(secret)
            near = np.searchsorted(values, secret + slack, "right") - np.searchsorted(values, secret - slack, "left")
            return float(near[~np.isnan(secret)].sum()) / len(released)
        counts = released.value_counts(dropna=True)
        return float(secrets.map(counts).fillna(0).astype(float).sum()) / len(released)

    def _results(self, main: Any, control: Any, secrets: Any, confidence_level: float) -> EvaluationResults:
        has_control = self._frames[2] is not None
        n_control = None if not has_control else 0 if control is None else int(control.sum())
        return EvaluationResults(
            n_attacks=(len(main), len(main), 0 if control is None else len(control)),
            n_success=int(main.sum()),
            n_baseline=min(self._chance(secrets), float(len(main))),
            n_control=n_control,
            confidence_level=confidence_level,
            statistics=self._statistics,
            undetermined=self._incomparable,
        )

    def results(self, confidence_level: float = 0.95) -> EvaluationResults:
        """The counts, and what follows from them."""
        if self._found is None:
            raise RuntimeError("call evaluate first")
        control = self._found[1][1] if len(self._found) > 1 else None
        return self._results(self._found[0][1], control, self._secrets(0), confidence_level)

    def risk(self, confidence_level: float = 0.95, baseline: bool = False) -> PrivacyRisk:
        """The risk of attribute inference."""
        return self.results(confidence_level).risk(baseline=baseline)

    def risk_for_groups(self, confidence_level: float = 0.95) -> dict[Any, EvaluationResults]:
        """The counts split by the value of the secret, each with the attempts on the persons who have it."""
        if self._found is None:
            raise RuntimeError("call evaluate first")
        secrets = self._secrets(0)
        others = self._secrets(1) if len(self._found) > 1 else None
        groups = {}
        for value in secrets.dropna().unique():
            of_value = (secrets == value).to_numpy()
            control = None if others is None else self._found[1][1][(others == value).to_numpy()]
            groups[value] = self._results(self._found[0][1][of_value], control, secrets[of_value], confidence_level)
        return groups
