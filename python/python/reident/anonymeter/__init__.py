"""The interface of Anonymeter 1.1 over the attacks of reident.

Change the import, or call :func:`install` before a tool imports Anonymeter, and code written against it runs on: names, shapes, exceptions and
what is computed from counts are Anonymeter's; the attacks and the counts are reident's. What cannot be computed is never a low risk: the value
is NaN and the interval (0, 1), so that ``risk.value < limit`` and ``risk.ci[1] < limit`` are both false.

>>> from reident.anonymeter.stats.confidence import EvaluationResults
>>> risk = EvaluationResults(n_attacks=0, n_success=0, n_baseline=0, n_control=0).risk()
>>> risk.value < 0.05, risk.ci
(False, (0.0, 1.0))
"""

from __future__ import annotations

import importlib
import sys

from .evaluators import InferenceEvaluator, LinkabilityEvaluator, SinglingOutEvaluator
from .stats.confidence import EvaluationResults, PrivacyRisk, SuccessRate

__all__ = [
    "EvaluationResults", "InferenceEvaluator", "LinkabilityEvaluator", "PrivacyRisk", "SinglingOutEvaluator", "SuccessRate", "install",
]  # fmt: skip
__version__ = "1.1.0"

_MODULES = (
    "", ".evaluators", ".evaluators.inference_evaluator", ".evaluators.inference_predictor", ".evaluators.linkability_evaluator",
    ".evaluators.singling_out_evaluator", ".evaluators.sklearn_inference_predictor", ".stats", ".stats.confidence",
)  # fmt: skip


def install() -> None:
    """From now on ``import anonymeter`` gives this module, for tools that import it by that name."""
    for name in _MODULES:
        sys.modules[f"anonymeter{name}"] = importlib.import_module(f"{__name__}{name}")
