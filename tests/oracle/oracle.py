"""Independent oracle for the attack counts that METHOD.md defines.

It shares no code with the tool. Every record of the original (main) and of the control is attacked with a plain
scan over all rows of the release: no index, no filter, no sampling, so a differing count is a finding and not noise.

    python3 oracle.py linkability --original O.csv --anonymized A.csv --control C.csv --half a,b,c --half d,e,f
    python3 oracle.py inference   --original O.csv --anonymized A.csv --control C.csv --secret s [--known a,b]
    python3 oracle.py predicates  --original O.csv --anonymized A.csv --control C.csv --predicates preds.json

In scope: numeric and categorical columns, missing values and the suppressed value. Intervals, masks, sets, hierarchy
nodes and dates are not: such text is compared as plain categories, with a warning when only the release carries it.
"""

import argparse
import csv
import functools
import json
import math
import re
import sys
from collections import Counter

import numpy as np

# float() alone would also take "1_000", " 7 " and non-ASCII digits, which other parsers reject.
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)

# Codes of the two values that are no ordinary value. MISSING < 0 makes missing sort before every text.
MISSING = -1
SUPPRESSED = -2


def fail(message):
    sys.exit(f"oracle: {message}")


# --- tables ---

def read_csv(path):
    """Column name -> list of texts, in the order of the file."""
    with open(path, newline="", encoding="utf-8-sig") as handle:
        # A blank line is no record: csv gives [] for it, also in a table of one column.
        rows = [row for row in csv.reader(handle, strict=True) if row]
    if not rows:
        fail(f"{path}: no header")
    header, records = rows[0], rows[1:]
    if len(set(header)) != len(header):
        fail(f"{path}: a column name occurs twice")
    for number, record in enumerate(records, start=1):
        if len(record) != len(header):
            fail(f"{path}: record {number} has {len(record)} fields, the header has {len(header)}")
    return {name: [record[i] for record in records] for i, name in enumerate(header)}


def is_missing(text, nulls):
    return text == "" or text in nulls or NOT_FINITE.fullmatch(text) is not None


class Column:
    """One attribute over all tables, encoded once so that equal values have equal codes in every table.

    code[table]   int64: rank of the value (numeric order, or byte order of the text), MISSING or SUPPRESSED
    number[table] float64, NaN where there is no number; only for numeric columns
    """

    def __init__(self, name, texts, nulls, suppressed):
        self.name = name
        kinds = {}
        for text in {t for table in texts.values() for t in table}:
            if is_missing(text, nulls):
                kinds[text] = MISSING
            elif text in suppressed:
                kinds[text] = SUPPRESSED
            else:
                kinds[text] = None
        self.numeric = all(NUMBER.fullmatch(t) for t, kind in kinds.items() if kind is None)
        if self.numeric:
            # "1e999" reads as infinity and goes the way of the text "inf"; in a text column it may be a hash.
            kinds = {t: MISSING if kind is None and math.isinf(float(t)) else kind for t, kind in kinds.items()}
        else:
            self.warn_if_generalized(texts, kinds)
        ordinary = [t for t, kind in kinds.items() if kind is None]
        # "1" and "1.0" are one number but two texts.
        meaning = (lambda t: float(t)) if self.numeric else (lambda t: t.encode("utf-8"))
        self.values = sorted({meaning(t) for t in ordinary})
        rank = {value: i for i, value in enumerate(self.values)}
        code_of = {t: rank[meaning(t)] if kind is None else kind for t, kind in kinds.items()}
        self.code = {table: np.array([code_of[t] for t in column], dtype=np.int64) for table, column in texts.items()}
        if self.numeric:
            self.range = self.values[-1] - self.values[0] if self.values else 0.0
            if math.isinf(self.range):
                fail(f"column {name}: the range overflows f64")
            # Two NaN at the end are what the codes -1 and -2 index.
            lookup = np.array(self.values + [math.nan, math.nan])
            self.number = {table: lookup[codes] for table, codes in self.code.items()}

    def warn_if_generalized(self, texts, kinds):
        if all(NUMBER.fullmatch(t) for table in texts if table != "A" for t in texts[table] if kinds[t] is None):
            print(f"oracle: warning: column {self.name} is numeric except in the release; compared as categories",
                  file=sys.stderr)

    def distances(self, table, row):
        """Contribution of this column to the distance from one record to every row of A."""
        codes, own = self.code["A"], self.code[table][row]
        if own == SUPPRESSED:
            return np.zeros(len(codes))
        if not self.numeric or own == MISSING:
            part = (codes != own).astype(np.float64)
        else:
            numbers = self.number["A"]
            if self.range > 0.0:
                part = np.abs(self.number[table][row] - numbers) / self.range
            else:
                part = np.zeros(len(codes))
            part[codes == MISSING] = 1.0
        part[codes == SUPPRESSED] = 0.0
        return part


class Tables:
    def __init__(self, args):
        raw = {"O": read_csv(args.original), "A": read_csv(args.anonymized)}
        if args.control is not None:
            raw["C"] = read_csv(args.control)
        # Only attributes that every table has can be compared; the original fixes their order.
        self.names = [name for name in raw["O"] if all(name in table for table in raw.values())]
        self.rows = {table: len(next(iter(columns.values()))) for table, columns in raw.items()}
        self.columns = {
            name: Column(name, {table: columns[name] for table, columns in raw.items()}, args.null, args.suppressed)
            for name in self.names
        }
        if self.rows["A"] == 0:
            fail("the release has no rows")

    def pick(self, names):
        """The named columns in table order, whatever order they were asked for in."""
        unknown = [name for name in names if name not in self.columns]
        if unknown:
            fail(f"not a column of every table: {', '.join(unknown)}")
        return [self.columns[name] for name in self.names if name in set(names)]

    def targets(self):
        return [(label, table) for label, table in (("main", "O"), ("control", "C")) if table in self.rows]


def distances(columns, table, row, size):
    """The distance from one record to every row of A."""
    total = np.zeros(size)
    for column in columns:  # one addition per column in table order: f64 addition is not associative
        total = total + column.distances(table, row)
    return total


def nearest(total, k):
    """Which rows of A lie at distance <= the k-th smallest; k counts rows, and all rows tied with it are in."""
    k = min(k, len(total))
    return total <= np.partition(total, k - 1)[k - 1]


def nearest_set(columns, table, row, k, size):
    return nearest(distances(columns, table, row, size), k)


# --- linkability ---

def profile_ids(columns):
    """Number every row of A such that rows which agree on all the columns share the number."""
    rows = np.stack([column.code["A"] for column in columns], axis=1)
    _, ids = np.unique(rows, axis=0, return_inverse=True)
    return ids.reshape(-1)


@functools.lru_cache(maxsize=None)
def overlap_chances(population, first, second, k):
    """(P(1 <= H <= k), P(H > k)) for H ~ Hypergeometric(population, first, second), from exact integers."""

    def ways(h):
        return math.comb(first, h) * math.comb(population - first, second - h)

    every = math.comb(population, second)
    linked = sum(ways(h) for h in range(1, min(k, first, second) + 1))
    return linked / every, (every - linked - ways(0)) / every


def linkability(args):
    if len(args.half) != 2:
        fail("linkability needs --half twice")
    tables = Tables(args)
    halves = [tables.pick(half.split(",")) for half in args.half]
    together = tables.pick([column.name for half in halves for column in half])
    ids = profile_ids(together)
    population = len(set(ids.tolist()))
    size = tables.rows["A"]
    result = {"main": None, "control": None, "baseline": None}
    found = {}
    for label, table in tables.targets():
        links = []
        ambiguous = 0
        sizes = []
        for row in range(tables.rows[table]):
            apart = [distances(half, table, row, size) for half in halves]
            near = [nearest(of_half, args.k) for of_half in apart]
            both = near[0] & near[1]
            common = frozenset(ids[both].tolist())
            if 1 <= len(common) <= args.k:
                links.append((common, (apart[0] + apart[1])[both].min()))
            ambiguous += len(common) > args.k
            sizes.append((len(np.unique(ids[near[0]])), len(np.unique(ids[near[1]]))))
        found[table] = (links, ambiguous, sizes)
    # A link counts if its record is among the nearest hundredth of the control's; who alone is there counts half.
    limit, alone = math.inf, False
    if found.get("C", ([],))[0]:
        of_control = sorted(apart for _, apart in found["C"][0])
        limit = of_control[math.ceil(len(of_control) / 100) - 1]
        alone = limit > 0 and of_control.count(limit) == 1
    sharers = Counter(link for link, apart in found["O"][0] if apart <= limit)
    for label, table in tables.targets():
        links, ambiguous, sizes = found[table]
        near = [(link, apart) for link, apart in links if apart <= limit]
        result[label] = counts(tables.rows[table], len(near), ambiguous)
        if table == "O":
            # On the scale of shared links: how many profiles anybody is linked to, each of them being as likely; as many of them are near as of the links.
            chances = [overlap_chances(population, u0, u1, args.k) for u0, u1 in sizes]
            nobody = math.prod(1 - linked / population for linked, _ in chances)
            beyond = math.fsum(chance for _, chance in chances)
            share = len(near) / max(len(links), 1)
            result["baseline"] = counts(tables.rows[table], population * (1 - nobody) * share, beyond)
        # A link counts 1 over the original's persons whose links share a profile with it; somebody of the control comes on top.
        among = lambda link: sum(n for other, n in sharers.items() if other & link) + (table != "O")
        half = lambda apart: 2 if table != "O" and alone and apart == limit else 1
        result[label]["expected"] = math.fsum(1 / (among(link) * half(apart)) for link, apart in near)
    return result


# --- inference ---

def categorical_guess(codes, in_release):
    """Most frequent code; ties go to the one more frequent in A, then to the smaller (MISSING is the smallest)."""
    votes = Counter(codes.tolist())
    return min(votes, key=lambda code: (-votes[code], -in_release[code], code))


def numeric_guess(numbers):
    """Median of the present values, or NaN (missing) when more than half are missing."""
    present = np.sort(numbers[~np.isnan(numbers)])
    if 2 * (len(numbers) - len(present)) > len(numbers):
        return math.nan
    middle = len(present) // 2
    if len(present) % 2 == 1:
        return float(present[middle])
    return float((present[middle - 1] + present[middle]) / 2.0)


def within(guess, secrets, tolerance):
    """METHOD's rule, element by element: |guess - secret| <= tolerance * |secret|, and missing matches missing."""
    secrets = np.asarray(secrets, dtype=np.float64)
    if math.isnan(guess):
        return np.isnan(secrets)
    return np.abs(guess - secrets) <= tolerance * np.abs(secrets)  # a NaN secret compares false


def inside(guess, secrets, tolerance):
    """The same rule on end points. Equal in exact arithmetic, but not in f64: 39 - 0.05 * 39 is inside, not within."""
    secrets = np.asarray(secrets, dtype=np.float64)
    if math.isnan(guess):
        return np.isnan(secrets)
    margin = tolerance * np.abs(secrets)
    return (secrets - margin <= guess) & (guess <= secrets + margin)


def best_constant(numbers, tolerance, rule):
    """The smallest end point v -+ tolerance * |v| with most hits on A's column, or NaN if missing is ahead of it."""
    present = numbers[~np.isnan(numbers)]
    missing = len(numbers) - len(present)
    if len(present) == 0:
        return math.nan
    values, weights = np.unique(present, return_counts=True)
    margin = tolerance * np.abs(values)
    best, most = math.nan, -1
    for candidate in np.unique(np.concatenate([values - margin, values + margin])).tolist():
        hits = int(weights[rule(candidate, values, tolerance)].sum())
        if hits > most:  # strictly, and candidates ascend: a tie keeps the smaller
            best, most = candidate, hits
    return math.nan if missing > most else best


def inference(args):
    tables = Tables(args)
    (secret,) = tables.pick([args.secret])
    if args.known is None:
        known = tables.pick([name for name in tables.names if name != args.secret])
    else:
        known = tables.pick(args.known.split(","))
    if secret in known:
        fail("the secret is among the known columns")
    if any((codes == SUPPRESSED).any() for codes in secret.code.values()):
        fail("METHOD does not say what a suppressed secret votes for")
    size = tables.rows["A"]
    in_release = Counter(secret.code["A"].tolist())
    result = {"main": None, "control": None, "baseline": None}
    for label, table in tables.targets():
        successes = 0
        for row in range(tables.rows[table]):
            near = nearest_set(known, table, row, args.k, size)
            if secret.numeric:
                guess = numeric_guess(secret.number["A"][near])
                successes += bool(within(guess, secret.number[table][row], args.tolerance))
            else:
                guess = categorical_guess(secret.code["A"][near], in_release)
                successes += bool(guess == secret.code[table][row])
        result[label] = counts(tables.rows[table], successes, 0)
    attempted = tables.rows["O"]
    if not secret.numeric:
        guess = categorical_guess(secret.code["A"], in_release)
        result["baseline"] = counts(attempted, int((secret.code["O"] == guess).sum()), 0)
        result["baseline"]["guess"] = None if guess == MISSING else secret.values[guess].decode("utf-8")
        return result
    result["baseline"] = constant_baseline(secret, args.tolerance, within, within)
    # The best constants are end points, exactly where the two rules disagree, so the other readings are shown too.
    result["baseline_readings"] = {
        "chosen_inside_scored_within": constant_baseline(secret, args.tolerance, inside, within),
        "chosen_inside_scored_inside": constant_baseline(secret, args.tolerance, inside, inside),
    }
    return result


def constant_baseline(secret, tolerance, choose, score):
    guess = best_constant(secret.number["A"], tolerance, choose)
    hits = int(score(guess, secret.number["O"], tolerance).sum())
    return {**counts(len(secret.number["O"]), hits, 0), "guess": None if math.isnan(guess) else guess}


# --- predicates ---

def number_in(condition, key):
    """A bound as f64. It may be given as text; a bound that is absent or null leaves that side open."""
    value = condition.get(key)
    return None if value is None else float(value)


def matches(tables, table, condition):
    """Rows of one table that meet one condition. A missing cell meets only "missing", a suppressed one nothing."""
    (column,) = tables.pick([condition["column"]])
    codes, op = column.code[table], condition["op"]
    if op == "missing":
        return codes == MISSING
    if op == "=" or (op == "in" and "value" in condition):
        wanted = condition["value"] if op == "in" else [condition["value"]]
        if any(value is None for value in wanted):
            fail('a missing value is asked for with the operator "missing"')
        if column.numeric:
            wanted = {float(value) for value in wanted}
        else:
            wanted = {str(value).encode("utf-8") for value in wanted}
        return np.isin(codes, [code for code, value in enumerate(column.values) if value in wanted])
    if not column.numeric:
        fail(f"{op} on the categorical column {column.name}")
    bounds = {">=": ("value", None), "<=": (None, "value"), "in": ("lo", "hi")}
    if op not in bounds:
        fail(f"unknown operator {op}")
    low, high = (number_in(condition, key) if key else None for key in bounds[op])
    if low is None and high is None:
        fail(f"{op} on {column.name} has no bound")
    numbers, found = column.number[table], codes >= 0
    if low is not None:
        found = found & (numbers >= low)
    if high is not None:
        found = found & (numbers <= high)
    return found


def predicates(args):
    tables = Tables(args)
    with open(args.predicates, encoding="utf-8") as handle:
        conjunctions = json.load(handle)
    listed = []
    for conjunction in conjunctions:
        if not conjunction:
            fail("a predicate without conditions")
        count = {}
        for table in tables.rows:
            found = np.ones(tables.rows[table], dtype=bool)
            for condition in conjunction:
                found &= matches(tables, table, condition)
            count[table] = int(found.sum())
        listed.append({"original": count["O"], "anonymized": count["A"], "control": count.get("C")})
    # The control's isolations hold at its own size m; they are no rate at size N.
    result = {"main": None, "control": None, "baseline": None, "predicates": listed}
    for label, name in (("main", "original"), ("control", "control")):
        if name == "original" or "C" in tables.rows:
            result[label] = counts(len(listed), sum(entry[name] == 1 for entry in listed), 0)
    return result


# --- CLI ---

def counts(attempted, successes, ambiguous):
    return {"attempted": attempted, "successes": successes, "ambiguous": ambiguous}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name, run in (("linkability", linkability), ("inference", inference), ("predicates", predicates)):
        command = commands.add_parser(name)
        command.set_defaults(run=run)
        command.add_argument("--original", required=True)
        command.add_argument("--anonymized", required=True)
        command.add_argument("--control")
        command.add_argument("--null", action="append", default=[], help="text that means missing; repeatable")
        command.add_argument("--suppressed", action="append", help="wildcard text; repeatable; default *")
        if name == "linkability":
            command.add_argument("--half", action="append", required=True)
        if name == "inference":
            command.add_argument("--secret", required=True)
            command.add_argument("--known")
            command.add_argument("--tolerance", type=float, default=0.05)
        if name == "predicates":
            command.add_argument("--predicates", required=True)
        else:
            command.add_argument("--k", type=int, default=1)
    args = parser.parse_args()
    args.suppressed = ["*"] if args.suppressed is None else args.suppressed
    if getattr(args, "k", 1) < 1:
        fail("k must be at least 1")
    print(json.dumps(args.run(args), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
