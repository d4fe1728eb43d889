"""The interface of Anonymeter: what is computed, and that gates fail safe."""

import math
import sys
import warnings

import pytest

import reident
import reident.anonymeter as anonymeter
from reident.anonymeter.stats.confidence import EvaluationResults

pd = pytest.importorskip("pandas")
pytest.importorskip("pyarrow")


@pytest.fixture(autouse=True)
def quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def gate(evaluator):
    """As users write it."""
    risk, ci = evaluator.risk()
    return risk < 0.05 and ci[1] < 0.05


def test_planted_leaks_are_found(frames):
    ori, syn, control = frames
    linkability = anonymeter.LinkabilityEvaluator(ori, syn, (["age", "income"], ["visits", "district"]), n_attacks=200, control=control)
    inference = anonymeter.InferenceEvaluator(ori, syn, ["age", "income", "visits", "district"], "diagnosis", n_attacks=200, control=control)
    singling_out = anonymeter.SinglingOutEvaluator(ori, syn, n_attacks=200, control=control)
    for evaluator in (linkability, inference, singling_out):
        evaluator.evaluate()
        risk = evaluator.risk()
        assert 0 < risk.ci[0] <= risk.value <= risk.ci[1] <= 1, evaluator
        assert not gate(evaluator)
        again = type(evaluator.results())
        assert again is EvaluationResults
    assert linkability.results().n_attacks_ori == 200
    groups = inference.risk_for_groups()
    assert sum(group.n_attacks_ori for group in groups.values()) == 200
    assert sum(group.n_success for group in groups.values()) == inference.results().n_success


def test_the_same_draw_gives_the_same_counts(frames):
    ori, syn, _ = frames
    def counts():
        evaluator = anonymeter.LinkabilityEvaluator(ori, syn, (["age"], ["income"]), n_attacks=50)
        return evaluator.evaluate().results().n_success

    assert counts() == counts()


def test_attacking_some_counts_who_of_them_is_hit_when_all_are_attacked(frames):
    ori, syn, control = frames

    def hits(some, all_):
        joined = [anonymeter._frames.joined(ori, syn, control, ori.columns, targets=targets, seed=5) for targets in (some, None)]
        for play in (
            lambda joined: joined.link([["age", "income"], ["visits", "district"]], 2, None),
            lambda joined: joined.infer("diagnosis", ["age", "income"], None, 5, None),
        ):
            of_some, of_all = (play(one)[3] for one in joined)
            for (rows, hit), (all_rows, all_hits) in zip(of_some, of_all, strict=True):
                assert len(rows) == some and len(all_rows) == all_
                assert hit == [all_hits[row] for row in rows] and 0 < sum(hit) < len(hit)

    hits(100, len(ori))


def test_no_attack_is_infeasible(frames):
    ori, syn, control = frames
    linkability = anonymeter.LinkabilityEvaluator(ori, syn, (["age"], ["income"]), n_attacks=0, control=control)
    inference = anonymeter.InferenceEvaluator(ori, syn, ["age"], "diagnosis", n_attacks=0, control=control)
    for evaluator in (linkability, inference):
        risk, ci = evaluator.evaluate().risk()
        assert math.isnan(risk) and ci == (0.0, 1.0)


def test_two_columns_of_one_name_are_refused(frames):
    ori, syn, _ = frames
    twice = pd.concat([syn, syn[["age"]]], axis=1)
    with pytest.raises(reident.InputError, match="two columns are named `age`"):
        anonymeter.SinglingOutEvaluator(pd.concat([ori, ori[["age"]]], axis=1), twice).evaluate()


def test_gates_fail_safe():
    alone = pd.DataFrame({"a": ["x"] * 30, "b": ["y"] * 30})
    singling_out = anonymeter.SinglingOutEvaluator(alone, alone, n_attacks=10).evaluate()
    risk, ci = singling_out.risk()
    assert math.isnan(risk) and ci == (0.0, 1.0) and not gate(singling_out)
    with pytest.raises(AssertionError):
        assert ci[1] < 0.05
    with pytest.warns(reident.ReidentWarning, match="infeasible"):
        EvaluationResults(0, 0, 0)
    all_hit = EvaluationResults((100, 100, 100), 100, 0, 100)
    assert all_hit.risk().ci[1] == 1.0 and math.isnan(all_hit.estimate.value) and all_hit.estimate.status == "undetermined"


def test_estimate_and_statistics():
    results = EvaluationResults((500, 500, 500), 100, 5, 50)
    assert results.estimate.signed == pytest.approx(1 - (1 - 0.2) / (1 - 0.1))
    ours = EvaluationResults((500, 500, 500), 100, 5, 50, statistics="reident")
    assert ours.risk().value == results.estimate.value
    assert ours.risk().ci[0] < ours.risk().value < ours.risk().ci[1]


def test_columns_that_are_not_there(frames):
    ori, syn, _ = frames
    with pytest.raises(ValueError):
        anonymeter.LinkabilityEvaluator(ori, syn, (["age"], ["none"])).evaluate()
    with pytest.raises(ValueError):
        anonymeter.InferenceEvaluator(ori, syn, ["age"], "none")
    with pytest.raises(ValueError):
        anonymeter.SinglingOutEvaluator(ori, syn).evaluate(mode="none")


def test_install_serves_who_imports_anonymeter():
    before = {name for name in sys.modules if name.split(".")[0] == "anonymeter"}
    try:
        anonymeter.install()
        from anonymeter.evaluators import LinkabilityEvaluator
        from anonymeter.evaluators.inference_predictor import InferencePredictor
        from anonymeter.stats.confidence import PrivacyRisk

        assert LinkabilityEvaluator is anonymeter.LinkabilityEvaluator and InferencePredictor and PrivacyRisk
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] == "anonymeter" and name not in before]:
            del sys.modules[name]


def test_a_control_that_is_hit_throughout_is_told_of_and_passes_no_gate() -> None:
    with pytest.warns(UserWarning, match="undetermined"):
        results = EvaluationResults(n_attacks=500, n_success=500, n_baseline=3, n_control=500)
    _, ci = results.risk()
    assert ci[1] > 0.9
    assert math.isnan(results.estimate.value) and results.estimate.status == "undetermined"
