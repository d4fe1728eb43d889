"""Anonymeter's side: started by run.py inside the virtual environment, one job per line on stdin, one answer per line on stdout.

Importing, reading the files and compiling (numba) happen before the first job; what is timed is `evaluate()` alone.
"""
import json
import sys
import time

import pandas as pd
from anonymeter.evaluators import InferenceEvaluator, LinkabilityEvaluator, SinglingOutEvaluator

original, anonymized, control = (pd.read_csv(path) for path in sys.argv[1:4])
settings = json.loads(sys.argv[4])
jobs = settings["jobs"]


def make(setting, attacks):
    """A fresh evaluator, and how its evaluate() is called."""
    tables = {"ori": original, "syn": anonymized, "control": control}
    if setting == "linkability":
        evaluator = LinkabilityEvaluator(
            **tables, n_attacks=attacks, aux_cols=tuple(settings["halves"]), n_neighbors=settings["neighbors"]
        )
        return evaluator, lambda: evaluator.evaluate(n_jobs=jobs)
    if setting == "inference":
        known = [column for column in original.columns if column != settings["secret"]]
        evaluator = InferenceEvaluator(**tables, n_attacks=attacks, aux_cols=known, secret=settings["secret"])
        return evaluator, lambda: evaluator.evaluate(n_jobs=jobs)
    evaluator = SinglingOutEvaluator(**tables, n_attacks=attacks, n_cols=settings["columns"])
    return evaluator, lambda: evaluator.evaluate(mode="multivariate")


def run(setting, attacks):
    evaluator, evaluate = make(setting, attacks)
    start, busy = time.perf_counter(), time.process_time()
    evaluate()
    seconds, cpu = time.perf_counter() - start, time.process_time() - busy
    results = evaluator.results()
    return {"seconds": seconds, "cpu": cpu, "main": results.attack_rate.value, "control": results.control_rate.value}


for line in sys.stdin:
    job = json.loads(line)
    print(json.dumps(run(job["setting"], job["attacks"])), flush=True)
