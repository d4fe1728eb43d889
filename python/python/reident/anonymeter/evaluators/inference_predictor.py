"""A model that guesses a secret."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class InferencePredictor(Protocol):
    """Guesses the secret of every row of a frame."""

    def predict(self, x: Any) -> Any:
        """The guesses as a series with the frame's index."""
        ...
