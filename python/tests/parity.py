#!/usr/bin/env python3
"""`reident.anonymeter` beside Anonymeter 1.1.0, over seeds: where both are right their intervals meet, and where the two differ by design
they differ in the documented direction. Ends with 1 when they do not.

    python -m venv ENV && ENV/bin/pip install 'anonymeter==1.1.0' target/wheels/reident-*.whl
    ENV/bin/python python/tests/parity.py [SEEDS]
"""

import sys
import warnings

import numpy as np
import pandas as pd

import anonymeter.evaluators as theirs
import reident.anonymeter as ours

PERSONS, ATTACKS = 1_000, 300
HALVES = (["age", "income"], ["visits", "town"])


def persons(random, rows):
    """Fictional persons of whom hardly any two are alike."""
    age = random.integers(18, 90, rows)
    income = np.round(random.gamma(4.0, 900.0, rows) + 25 * age, 2)
    town = random.choice(list("ABCDEFGH"), rows)
    visits = random.poisson(3 + age / 20, rows)
    ill = np.where(random.random(rows) < 0.1 + age / 150, "yes", "no")
    return pd.DataFrame({"age": age, "income": income, "town": town, "visits": visits, "ill": ill})


def tables(random, leak):
    """Original, release and control: a share of the release is copied from the original."""
    original, others, control = (persons(random, PERSONS) for _ in range(3))
    copied = int(leak * PERSONS)
    release = pd.concat([original.sample(copied, random_state=int(random.integers(1 << 30))), others.head(PERSONS - copied)])
    return {"ori": original, "syn": release.reset_index(drop=True), "control": control}


def linkability(of, given, seed):
    more = {"seed": seed} if of is ours else {}
    return of.LinkabilityEvaluator(**given, aux_cols=HALVES, n_attacks=ATTACKS, n_neighbors=1, **more).evaluate()


def inference(of, given, seed):
    more = {"seed": seed} if of is ours else {}
    known = ["age", "income", "town", "visits"]
    return of.InferenceEvaluator(**given, aux_cols=known, secret="ill", n_attacks=ATTACKS, **more).evaluate()


def main():
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    warnings.simplefilter("ignore")
    print("| case | seeds | intervals meet | mean risk, anonymeter | reident.anonymeter |")
    print("|---|---:|---:|---:|---:|")
    wrong = []
    cases = {
        "inference, half copied": (inference, 0.5),
        "inference, nothing copied": (inference, 0.0),
        "linkability, nothing copied": (linkability, 0.0),
    }
    for name, (attack, leak) in cases.items():
        met, values = 0, []
        for seed in range(seeds):
            given = tables(np.random.default_rng(seed), leak)
            np.random.seed(seed)
            (their, their_ci), (our, our_ci) = (attack(of, given, seed).risk() for of in (theirs, ours))
            met += their_ci[0] <= our_ci[1] and our_ci[0] <= their_ci[1]
            values.append((their, our))
        their, our = np.mean(values, axis=0)
        print(f"| {name} | {seeds} | {met} | {their:.3f} | {our:.3f} |", flush=True)
        # Both draw their targets anew, each by its own generator.
        if met < 0.9 * seeds:
            wrong.append(f"{name}: the intervals of {seeds - met} of {seeds} seeds do not meet")

    # By design: half of the persons are linked when half of the rows are copies, and the nearest row in file order is theirs seldom.
    name, values = "linkability, half copied", []
    for seed in range(seeds):
        given = tables(np.random.default_rng(seed), 0.5)
        np.random.seed(seed)
        (their, _), (our, our_ci) = (linkability(of, given, seed).risk() for of in (theirs, ours))
        values.append((their, our, our_ci[0] <= 0.5 <= our_ci[1]))
    their, our, held = np.mean(values, axis=0)
    print(f"| {name}: by design, of ours {held * seeds:.0f} hold .5 | {seeds} | - | {their:.3f} | {our:.3f} |", flush=True)
    if our < their or held < 0.8:
        wrong.append(f"{name}: the truth is .5")

    # By design: rows that are equal on the known columns are all nearest, so that a copy of coarse rows is found, and equal rows are
    # several persons, so that nobody is singled out twice.
    random = np.random.default_rng(1)
    coarse = persons(random, 400)[["town", "visits", "ill", "age"]]
    coarse["age"] //= 10
    given = {"ori": coarse, "syn": coarse, "control": None}
    halves = (["town", "visits"], ["age", "ill"])
    counted = [of.LinkabilityEvaluator(**given, aux_cols=halves, n_attacks=400).evaluate().results() for of in (theirs, ours)]
    twice = pd.concat([persons(random, 200)] * 2, ignore_index=True)
    doubled = [of.SinglingOutEvaluator(ori=twice, syn=twice, n_attacks=200, n_cols=3).evaluate().results() for of in (theirs, ours)]
    print("\n| by design | anonymeter: hits | reident.anonymeter: hits |")
    print("|---|---:|---:|")
    print(f"| linkability of coarse rows that were copied | {counted[0].n_success} | {counted[1].n_success} |")
    print(f"| singling out where every row stands twice | {doubled[0].n_success} of {doubled[0].n_attacks_ori} | {doubled[1].n_success} of {doubled[1].n_attacks_ori} |")
    if counted[1].n_success < counted[0].n_success:
        wrong.append("linkability finds less than the nearest row in file order does")
    if doubled[1].n_success > 0:
        wrong.append("somebody is singled out of two equal rows")
    sys.exit("\n".join(wrong) or 0)


if __name__ == "__main__":
    main()
