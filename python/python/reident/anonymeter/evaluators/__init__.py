"""The three evaluators."""

from .inference_evaluator import InferenceEvaluator
from .linkability_evaluator import LinkabilityEvaluator
from .singling_out_evaluator import SinglingOutEvaluator

__all__ = ["InferenceEvaluator", "LinkabilityEvaluator", "SinglingOutEvaluator"]
