#!/usr/bin/env python3
"""Record linkage on the releases of ../shared/data/make_pairs.py, whose truth is known, as a Markdown table.

    releases.py REIDENT [SHARED] > table.md

A row reads: how many persons of the original are named correctly, named wrongly, left among several records, and expected to be
found by choosing at random among those; by the attacker who finds most when everything that was released is known, and by the
one who finds most with the fewest columns, found on one half of the persons and tried on the other.
"""
import csv, json, os, subprocess, sys, tempfile

QUASI = ["age", "education", "marital", "race", "sex", "country"]
# The k-anonymous releases hold groups of education and country, by these names (make_pairs.py).
EDUCATION = {"low": ["Preschool", "1st-4th", "5th-6th", "7th-8th", "9th", "10th", "11th", "12th"],
             "secondary": ["HS-grad", "Some-college", "Assoc-acdm", "Assoc-voc"], "higher": ["Bachelors"],
             "postgraduate": ["Masters", "Prof-school", "Doctorate"]}
RELEASES = ["pseudonymised", "sample_50pct_shuffled", "generalised", "topcoded", "k5_suppressed", "k5_dropped",
            "local_suppression", "noise_10pct", "pram_20pct", "microagg_5", "rank_swap_5pct", "record_swap_10pct",
            "columns_dropped", "column_shuffle"]


def hierarchies(folder):
    """Arguments that name what the groups stand for."""
    with open(os.path.join(folder, "education.txt"), "w") as file:
        file.writelines(f"{value};{node};*\n" for node, values in EDUCATION.items() for value in values)
    with open(os.path.join(folder, "original.csv"), newline="") as file:
        countries = sorted({row["country"] for row in csv.DictReader(file)} - {"?"})
    with open(os.path.join(folder, "country.txt"), "w") as file:
        file.writelines(f"{name};{name if name == 'United-States' else 'Other'};*\n" for name in countries)
    return ["--hierarchy", "education=education.txt", "--hierarchy", "country=country.txt"]


def evaluate(binary, folder, release, quasi):
    config = os.path.join(folder, "reident.toml")
    with open(config, "w") as file:
        file.write('nulls = ["?"]\nonly = ["record_linkage"]\n')
        file.writelines(f'[columns.{name}]\nrole = "quasi_identifier"\n' for name in quasi)
    has_map = os.path.exists(os.path.join(folder, release + ".map.csv"))
    truth = ["--record-map", release + ".map.csv"] if has_map else ["--row-aligned"]
    command = [os.path.abspath(binary), "evaluate", "--original", "original.csv", "--anonymized", release + ".csv",
               "--config", config, "-q", "--reproducible", "--out", "evidence.json", *truth]
    if release.startswith("k5"):
        command += hierarchies(folder)
    subprocess.run(command, cwd=folder, check=True, timeout=1800)
    return json.load(open(os.path.join(folder, "evidence.json")))


def of(evidence, wanted):
    attackers = [one for one in evidence["attacks"] if one["attack"] == "record_linkage" and one["main"] and wanted(one["attacker"])]
    return max(attackers, key=lambda one: one["main"]["expected"] / one["main"]["attempted"], default=None)


def named(evidence, one):
    names = [column["name"] for column in evidence["inputs"]["columns"]]
    spans = [run if isinstance(run, list) else [run, run] for run in one["attacker"]["columns"]]
    positions = [at for first, last in spans for at in range(first, last + 1)]
    return " + ".join(names[at] for at in positions)


def cells(one):
    if one is None:
        return "- | - | - | -"
    main = one["main"]
    share = lambda count: f"{100 * count / main['attempted']:.1f}"
    return " | ".join(share(main[field]) for field in ("correct", "wrong", "ambiguous", "expected"))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    shared = sys.argv[2] if len(sys.argv) > 2 else "../shared"
    data = os.path.join(shared, "data")
    print("| release | matcher | correct % | wrong % | ambiguous % | expected % | fewest columns that expose most | correct % | expected % |")
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(data, "make_pairs.py")
        subprocess.run([sys.executable, script, os.path.join(data, "adult", "adults_train.csv"), folder], check=True)
        runs = [(release, []) for release in RELEASES]
        runs += [(release, QUASI) for release in RELEASES if release.startswith("k5")]
        for release, quasi in runs:
            evidence = evaluate(sys.argv[1], folder, release, quasi)
            whole = of(evidence, lambda attacker: not attacker.get("searched"))
            small = of(evidence, lambda attacker: attacker.get("searched"))
            name = f"`{release}`" + (", six quasi-identifiers" if quasi else "")
            matcher = whole["attacker"]["matcher"] if whole else "-"
            best = "- | - | -"
            if small:
                share = lambda field: f"{100 * small['main'][field] / small['main']['attempted']:.1f}"
                best = f"{named(evidence, small)} | {share('correct')} | {share('expected')}"
            print(f"| {name} | {matcher} | {cells(whole)} | {best} |")
            sys.stdout.flush()


main()
