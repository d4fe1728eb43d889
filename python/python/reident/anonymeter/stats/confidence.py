"""Success rates and risks of counts.

The rates are Wilson's (1927, Journal of the American Statistical Association 22:209), whose centre is not the share of successes: 0 of 500 is
0.0038. ``EvaluationResults.estimate`` has the plain share, and the residual risk with its score interval.
"""

from __future__ import annotations

import functools
import math
import operator
import os
import warnings
from statistics import NormalDist
from typing import Any, NamedTuple

from ... import _core
from ..._errors import ReidentWarning


class PrivacyRisk(NamedTuple):
    """A risk from 0 to 1 and its interval."""

    value: float
    ci: tuple[float, float]


class SuccessRate(NamedTuple):
    """A success rate and half the width of its interval."""

    value: float
    error: float

    def to_risk(self) -> PrivacyRisk:
        """The rate as a risk."""
        if math.isnan(self.value):
            return PrivacyRisk(math.nan, (0.0, 1.0))
        return bind_value(self.value, self.error)


class Estimate(NamedTuple):
    """What reident makes of the counts: the shares as they are, and the residual risk with its score interval. NaN where it does not
    exist."""

    main_rate: float
    control_rate: float | None
    value: float
    signed: float
    interval: tuple[float, float]
    status: str


@functools.cache
def probit(confidence_level: float) -> float:
    """How many standard deviations to either side hold a share of ``confidence_level`` of a normal distribution.

    By scipy where it is installed, as it was wherever Anonymeter ran: rates then are the same to the last bit."""
    if confidence_level >= 1.0:
        return math.inf
    share = (1.0 + confidence_level) / 2.0
    try:
        from scipy.special import ndtri
    except ImportError:
        return NormalDist().inv_cdf(share)
    return float(ndtri(share))


def success_rate(n_total: float, n_success: float, confidence_level: float) -> SuccessRate:
    """Wilson's rate of so many successes; NaN without an attempt."""
    if not 0 <= confidence_level <= 1:
        raise ValueError(f"confidence_level is {confidence_level}; it must lie between 0 and 1")
    if n_total == 0:
        return SuccessRate(math.nan, math.nan)
    if not 0 <= n_success <= n_total:
        raise ValueError(f"{n_success} successes of {n_total} attempts")
    z = probit(confidence_level)
    if math.isinf(z):
        return SuccessRate(0.5, 0.5)
    attempts = n_total + z**2
    spread = n_success * (n_total - n_success) / n_total + z**2 / 4
    return SuccessRate((n_success + z**2 / 2) / attempts, z / attempts * math.sqrt(spread))


def residual_success(attack_rate: SuccessRate, control_rate: SuccessRate) -> SuccessRate:
    """The share of what the control attack fails at that the main attack succeeds at, with the errors of both rates propagated. NaN when the
    control attack fails at nothing."""
    safe = 1.0 - control_rate.value
    if math.isnan(safe) or math.isnan(attack_rate.value):
        return SuccessRate(math.nan, math.nan)
    if safe <= 0.0:
        warnings.warn("The control attack always succeeds: there is nobody who could be at risk beyond it.", stacklevel=2)
        return SuccessRate(math.nan, math.nan)
    by_attack = attack_rate.error / safe
    by_control = control_rate.error * (1.0 - attack_rate.value) / safe**2
    return SuccessRate((attack_rate.value - control_rate.value) / safe, math.hypot(by_attack, by_control))


def bind_value(point_estimate: float, error_bound: float) -> PrivacyRisk:
    """An estimate and its interval, cut to what lies between 0 and 1."""
    cut = lambda value: min(max(value, 0.0), 1.0)  # noqa: E731
    return PrivacyRisk(cut(point_estimate), (cut(point_estimate - error_bound), cut(point_estimate + error_bound)))


class EvaluationResults:
    """Counts of a main, a baseline and, where there is one, a control attack.

    ``n_attacks`` is one number of attempts for all three, or three: main, baseline, control.
    """

    def __init__(
        self,
        n_attacks: int | tuple[int, int, int],
        n_success: int,
        n_baseline: float,
        n_control: float | None = None,
        confidence_level: float = 0.95,
        *,
        statistics: str | None = None,
        undetermined: str | None = None,
    ) -> None:
        if isinstance(n_attacks, tuple):
            if len(n_attacks) != 3:
                raise ValueError("n_attacks is a number, or three: main, baseline and control")
            main, baseline, control = (operator.index(n) for n in n_attacks)
        else:
            try:
                main = baseline = control = operator.index(n_attacks)
            except TypeError:
                raise ValueError("n_attacks is a number, or three: main, baseline and control") from None
        self.n_attacks_ori, self.n_attacks_baseline, self.n_attacks_control = main, baseline, control
        self.n_success, self.n_baseline, self.n_control = n_success, n_baseline, n_control
        self.confidence_level = confidence_level
        self._statistics = statistics or os.environ.get("REIDENT_STATISTICS", "anonymeter")
        if self._statistics not in ("anonymeter", "reident"):
            raise ValueError("statistics is `anonymeter` or `reident`")
        self.attack_rate = success_rate(main, n_success, confidence_level)
        self.baseline_rate = success_rate(baseline, n_baseline, confidence_level)
        self.control_rate = None if n_control is None else success_rate(control, n_control, confidence_level)
        self._undetermined = undetermined
        self._check()

    def _check(self) -> None:
        if self.n_attacks_ori == 0:
            warnings.warn(ReidentWarning("infeasible: there was nothing to attempt, which is no low risk"), stacklevel=4)
        elif self.attack_rate.value <= self.baseline_rate.value:
            warnings.warn(
                "The attack does no better than the baseline: a low risk or a bad attack, and the counts alone do not tell which.",
                stacklevel=4,
            )
        if self._undetermined is not None:
            warnings.warn(ReidentWarning(f"undetermined: {self._undetermined}, which is no low risk"), stacklevel=4)
        elif self._is_undetermined() or self._is_control_hit_throughout():
            warnings.warn("undetermined: every attack on the control succeeds, so that the risk does not exist", stacklevel=4)

    def _is_undetermined(self) -> bool:
        """Whether the risk does not exist as a number: the tables could not be compared, or the control's rate is 1, or unknown. By Wilson's
        centre, as the rates of this interface are."""
        if self._undetermined is not None:
            return True
        return self.control_rate is not None and not self.control_rate.value < 1.0

    def _is_control_hit_throughout(self) -> bool:
        """Whether the control attack fails at nothing. Wilson's centre is below 1 then and the value a number, which the tests of
        Anonymeter ask to be 0; the interval reaches to 1, so that no gate on it passes."""
        return self.n_control is not None and 0 < self.n_attacks_control <= self.n_control

    @property
    def estimate(self) -> Estimate:
        """What reident makes of these counts."""
        share = lambda successes, attempts: successes / attempts if attempts else math.nan  # noqa: E731
        control = None if self.n_control is None else (self.n_attacks_control, round(self.n_control))
        main = (self.n_attacks_ori, round(self.n_success))
        found = None
        if self.n_attacks_ori and self._undetermined is None and (control is None or self.n_control < control[0]):
            found = _core.estimate(main, control, min(max(self.confidence_level, 1e-9), 1 - 1e-9))
        rates = (share(self.n_success, self.n_attacks_ori), None if control is None else share(self.n_control, control[0]))
        if found is None:
            status = "infeasible" if self.n_attacks_ori == 0 else "undetermined"
            return Estimate(*rates, math.nan, math.nan, (0.0, 1.0), status)
        signed, low, high = found
        weak = self.n_attacks_baseline > 0 and rates[0] <= self.n_baseline / self.n_attacks_baseline
        return Estimate(*rates, max(signed, 0.0), signed, (low, high), "weak" if weak else "measured")

    def risk(self, baseline: bool = False) -> PrivacyRisk:
        """The risk: what the main attack finds beyond the control attack, or all that it finds where there is no control. With ``baseline``,
        what the baseline finds. NaN and (0, 1) where it could not be computed."""
        if baseline:
            return self.baseline_rate.to_risk()
        if self.n_attacks_ori == 0 or self._is_undetermined():
            return PrivacyRisk(math.nan, (0.0, 1.0))
        if self._statistics == "reident":
            found = self.estimate
            cut = lambda value: min(max(value, 0.0), 1.0)  # noqa: E731
            return PrivacyRisk(found.value, (cut(found.interval[0]), cut(found.interval[1])))
        if self.control_rate is None:
            return self.attack_rate.to_risk()
        return residual_success(self.attack_rate, self.control_rate).to_risk()

    def __repr__(self) -> str:
        return (
            f"EvaluationResults(n_attacks={(self.n_attacks_ori, self.n_attacks_baseline, self.n_attacks_control)}, "
            f"n_success={self.n_success}, n_baseline={self.n_baseline}, n_control={self.n_control})"
        )


def threads(n_jobs: Any) -> int | None:
    """Threads for joblib's number of jobs: -1 is all cores, -2 all but one."""
    cores = os.cpu_count() or 1
    if n_jobs is None:
        return None
    jobs = int(n_jobs)
    return max(jobs if jobs > 0 else cores + 1 + jobs, 1)
