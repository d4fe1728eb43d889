#!/usr/bin/env python3
"""Releases like those of the SoK on reconstruction (arXiv 2606.08372), made anew from Adult.

make.py TRAIN CONTROL OUT [NAME ...]: for five disjoint samples of 1,000 persons, and for one of 10,000, writes
OUT/SAMPLE/original.csv, OUT/SAMPLE/control.csv and OUT/SAMPLE/NAME.csv. What stands there already is left as it is.

rank_swap and cell_suppression need the standard library only and are simple versions of what sdcMicro does. ctgan and tvae need `sdv`, the
others `smartnoise-synth`; one that is not installed is left out and said. Everything is drawn from fixed seeds, up to what the
libraries do with theirs.
"""

import collections
import csv
import pathlib
import random
import sys
import time

NUMBERS = ["age", "fnlwgt", "education_num", "capital_gain", "capital_loss", "hr_per_week"]
KEYS = ["age", "type_employer", "education", "sex", "race", "country"]
FEWEST = 2  # persons who share a combination of the keys after cell suppression, as sdcMicro's default
WINDOW = 0.05  # share of the ranks within which a value is swapped
BINS = 32  # bins of a number of more distinct values, for the marginal-based synthesizers


def rank_swap(rows, seed):
    """Each numeric column: every value is exchanged with one at most a twentieth of the ranks away."""
    draw = random.Random(seed)
    swapped = [row.copy() for row in rows]
    reach = max(1, int(len(rows) * WINDOW))
    for column in NUMBERS:
        order = sorted(range(len(rows)), key=lambda at: (float(rows[at][column]), draw.random()))
        free = [True] * len(order)
        for rank, at in enumerate(order):
            if not free[rank]:
                continue
            others = [other for other in range(rank + 1, min(len(order), rank + reach + 1)) if free[other]]
            if not others:
                continue
            other = draw.choice(others)
            free[rank] = free[other] = False
            one, two = swapped[at], swapped[order[other]]
            one[column], two[column] = two[column], one[column]
    return swapped


def cell_suppression(rows, seed):
    """Cells of the keys are suppressed, those of most values first, until another person has what is left of each row."""
    del seed
    left = [row.copy() for row in rows]
    values = {key: len({row[key] for row in rows}) for key in KEYS}
    for hidden in sorted(KEYS, key=lambda key: -values[key]):
        kept = [tuple(key for key in KEYS if row[key] != "*") for row in left]
        holders = {keys: collections.Counter(tuple(row[key] for key in keys) for row in rows) for keys in set(kept)}
        for row, keys in zip(left, kept):
            if holders[keys][tuple(row[key] for key in keys)] < FEWEST:
                row[hidden] = "*"
    return left


def neural(kind):
    def release(rows, seed):
        import ctgan
        import numpy
        import pandas
        import torch

        torch.manual_seed(seed)
        numpy.random.seed(seed)
        torch.set_num_threads(1)
        frame = pandas.DataFrame(rows)
        for column in NUMBERS:
            frame[column] = frame[column].astype(float)
        model = getattr(ctgan, kind)(verbose=False)
        model.fit(frame, [column for column in frame if column not in NUMBERS])
        made = model.sample(len(rows))
        for column in NUMBERS:
            made[column] = made[column].round().astype(int)
        return made.to_dict("records")

    return release


def marginal(kind, epsilon):
    def release(rows, seed):
        import numpy
        import pandas
        import snsynth

        numpy.random.seed(seed)
        frame = pandas.DataFrame(rows)
        middle = {}
        for column in NUMBERS:
            numbers = frame[column].astype(float)
            if numbers.nunique() <= BINS:
                continue
            bins = pandas.qcut(numbers, BINS, labels=False, duplicates="drop")
            middle[column] = numbers.groupby(bins).median().round().astype(int).to_dict()
            frame[column] = bins
        synthesizer = snsynth.Synthesizer.create(kind, epsilon=epsilon)
        made = synthesizer.fit_sample(
            frame.astype(str), categorical_columns=list(frame), preprocessor_eps=0.0
        )
        made = made.sample(len(rows), random_state=seed, replace=len(made) < len(rows))
        for column, of_bin in middle.items():
            made[column] = made[column].astype(float).astype(int).map(of_bin)
        return made.to_dict("records")

    return release


RELEASES = {
    "verbatim": lambda rows, seed: rows,
    "rank_swap": rank_swap,
    "cell_suppression": cell_suppression,
    "mst_1": marginal("mst", 1.0),
    "mst_10": marginal("mst", 10.0),
    "mst_1000": marginal("mst", 1000.0),
    "tvae": neural("TVAE"),
    "ctgan": neural("CTGAN"),
    "aim_1": marginal("aim", 1.0),
}


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def write(path, rows, columns):
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main():
    train, control, out = read(sys.argv[1]), read(sys.argv[2]), pathlib.Path(sys.argv[3])
    names = sys.argv[4:] or list(RELEASES)
    columns = list(train[0])
    random.Random(0).shuffle(train)
    random.Random(1).shuffle(control)
    samples = [(f"small_{at}", train[at * 1000 :][:1000], control[at * 1000 :][:1000]) for at in range(5)]
    samples.append(("large", train[5000:15000], control))
    for name in names:
        for seed, (sample, persons, others) in enumerate(samples):
            folder = out / sample
            folder.mkdir(parents=True, exist_ok=True)
            write(folder / "original.csv", persons, columns)
            write(folder / "control.csv", others, columns)
            path = folder / f"{name}.csv"
            if path.exists():
                continue
            started = time.time()
            try:
                rows = RELEASES[name](persons, seed)
            except ImportError as error:
                print(f"{name} is left out: {error}")
                break
            # Whose record is whose is not told by its place.
            rows = [dict(row) for row in rows]
            random.Random(seed + 100).shuffle(rows)
            write(path, rows, columns)
            print(f"{sample} {name}: {time.time() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
