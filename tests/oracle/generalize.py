#!/usr/bin/env python3
"""Generalizes a table by hierarchy files, and says how large its classes are and how diverse, by pyCANON.

    generalize.py TABLE HIERARCHIES OUTDIR [--expected FILE]

TABLE is a `;`-separated file of persons and HIERARCHIES the beginning of its hierarchy files, to which COLUMN.csv is
added. Writes to OUTDIR the table and three generalizations of it. With --expected, writes the figures of pyCANON for each
of them to FILE, one a line; the program's own are held against that file.
"""

import csv
import os
import sys
from collections import Counter

QUASI = ["sex", "age", "race", "marital-status", "education"]
SENSITIVE = "occupation"
# Levels of the hierarchies for each column, in the order of QUASI; 0 is the value itself.
COARSE = [0, 3, 1, 1, 3]
FINE = [0, 2, 0, 1, 1]
K = 5


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter=";"))
    return rows[0], rows[1:]


def write(path, head, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, delimiter=";", lineterminator="\n")
        out.writerow(head)
        out.writerows(rows)


def ancestors(beginning, column):
    with open(f"{beginning}{column}.csv", newline="", encoding="utf-8") as file:
        return {line[0]: line for line in csv.reader(file, delimiter=";") if line}


def releases(head, rows, beginning):
    """The table itself; one of coarse nodes alone; one of local recoding; one in which small classes are suppressed."""
    at = [head.index(column) for column in QUASI]
    nodes = [ancestors(beginning, column) for column in QUASI]

    def recoded(row, levels):
        row = list(row)
        for place, of_column, level in zip(at, nodes, levels):
            row[place] = of_column[row[place]][level]
        return row

    def key(row):
        return tuple(row[place] for place in at)

    coarse = [recoded(row, COARSE) for row in rows]
    fine = [recoded(row, FINE) for row in rows]
    sizes = Counter(map(key, fine))
    # Local recoding: rows of small classes are coarser than others.
    local = [row if sizes[key(row)] >= K else other for row, other in zip(fine, coarse)]
    small = Counter(map(key, local))
    suppressed = []
    for row in local:
        row = list(row)
        if small[key(row)] < K:
            for place in at:
                row[place] = "*"
        suppressed.append(row)
    return {"original": rows, "coarse": coarse, "local": local, "suppressed": suppressed}


def figures(head, rows):
    import pandas
    from pycanon import anonymity

    data = pandas.DataFrame(rows, columns=head)
    k = anonymity.k_anonymity(data, QUASI)
    l = anonymity.l_diversity(data, QUASI, [SENSITIVE])
    entropy = anonymity.entropy_l_diversity(data, QUASI, [SENSITIVE])
    t = anonymity.t_closeness(data, QUASI, [SENSITIVE])
    # Its distance in order needs numbers: the ranks of the values.
    ranks = {value: rank for rank, value in enumerate(sorted(set(data[SENSITIVE])))}
    data[SENSITIVE] = data[SENSITIVE].map(ranks)
    ordered = anonymity.t_closeness(data, QUASI, [SENSITIVE])
    return [k, l, entropy, f"{t:.9f}", f"{ordered:.9f}"]


def main():
    table, beginning, out = sys.argv[1:4]
    head, rows = read(table)
    made = releases(head, rows, beginning)
    for name, release in made.items():
        write(os.path.join(out, f"{name}.csv"), head, release)
    if "--expected" in sys.argv:
        lines = [[name, *figures(head, release)] for name, release in made.items()]
        head = ["release", "k", "l_distinct", "l_entropy_floor", "t_equal", "t_ordered"]
        path = sys.argv[sys.argv.index("--expected") + 1]
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *lines])


main()
