"""Models of scikit-learn that guess a secret."""

from __future__ import annotations

from typing import Any


class SklearnInferencePredictor:
    """A fitted classifier or regressor, a pipeline that ends in one included."""

    def __init__(self, model: Any) -> None:
        from sklearn.base import is_classifier, is_regressor

        if not (is_classifier(model) or is_regressor(model)):
            raise ValueError("the model is neither a classifier nor a regressor")
        self._model = model

    def predict(self, x: Any) -> Any:
        """The guesses as a series with the frame's index."""
        import pandas as pd

        return pd.Series(self._model.predict(x), index=x.index)
