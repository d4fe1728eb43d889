#!/usr/bin/env python3
"""Each case and fault of ../shared on two binaries, as a Markdown table: what the gate of eu-wp216 said before, and says now.

    table.py BEFORE NOW [SHARED] > docs/cases.md

A cell reads: exit code, then the worst risk of singling out, linkability and inference in per cent (`-` where there is none),
and the seconds where they are the matter. Rows named `… twin` are the same persons in a form that always read well.
"""
import json, os, subprocess, sys, tempfile, time

EXTRA = {"13-blank-means-suppressed": ["--suppressed", ""]}
TRIPLE = ("original", "release", "control")

# Folder of faults, arguments of evaluate; None where the row is made by a script.
FAULTS = [
    ("00_one_star_row_hides_everything", "as it is", ["original.csv", "release.csv", "control.csv"], []),
    ("00_one_star_row_hides_everything", "and one row of stars", ["original.csv", "release_plus_one_star_row.csv", "control.csv"], []),
    ("one_star_row", "verbatim", ["original.csv", "verbatim.csv", "control.csv"], []),
    ("one_star_row", "verbatim and one row of stars", ["original.csv", "verbatim_plus_one_star_row.csv", "control.csv"], []),
    ("one_star_row", "fresh persons, no control", ["original.csv", "fresh.csv", None], []),
    ("one_star_row", "fresh persons and one row of stars, no control", ["original.csv", "fresh_plus_one_star_row.csv", None], []),
    ("01_locale_mismatch_passes", "verbatim, other locale", ["v_orig_de.csv", "v_rel_iso.csv", "v_ctrl_de.csv"], []),
    ("02_direct_identifiers_unseen", "make.py", ["original.csv", "release.csv", "control.csv"], []),
    ("03_masked_names_slow", "make.py 5000", ["original.csv", "release.csv", "control.csv"], []),
    ("interval_forms", "one number that cannot be read", ["original.csv", "r.csv", None], []),
    ("interval_forms", "NA in the original", ["na_original.csv", "na_release.csv", None], []),
    ("k5_record_key", "a key, classes of five", ["original.csv", "release.csv", "control.csv"], ["--config", "key.toml"]),
    ("local_suppression", "a fifth of the cells", ["original.csv", "release_20pct_cells_suppressed.csv", "control.csv"], ["--config", "ignore_rid.toml"]),
    ("slow_singling_out", "no hit on the control", ["original.csv", "release.csv", "control.csv"], []),
]


def run(binary, folder, files, extra, slow=False):
    names = dict(zip(("--original", "--anonymized", "--control"), files))
    arguments = [part for option, name in names.items() if name for part in (option, name)]
    with tempfile.TemporaryDirectory() as work:
        out = os.path.join(work, "evidence.json")
        command = [os.path.abspath(binary), "evaluate", *arguments, *extra, "-q", "--out", out, "--policy", "eu-wp216"]
        start = time.time()
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=900)
        seconds = time.time() - start
        text = f"{done.returncode}"
        if os.path.exists(out):
            headline = json.load(open(out))["headline"]
            risk = lambda attack: (headline.get(attack) or {}).get("risk")
            text += ": " + ", ".join("-" if risk(a) is None else f"{100 * risk(a):.1f}" for a in ("singling_out", "linkability", "inference"))
        if slow or seconds > 5:
            text += f" ({seconds:.1f} s)"
        return text


def rows(shared):
    cases = os.path.join(shared, "cases")
    for case in sorted(os.listdir(cases)):
        folder = os.path.join(cases, case)
        if not os.path.isdir(folder):
            continue
        inside = sorted(name for name in os.listdir(folder) if os.path.isdir(os.path.join(folder, name)))
        for name in ["", *inside]:
            place = os.path.join(folder, name)
            find = lambda stem: next((f for f in sorted(os.listdir(place)) if f.split(".")[0] == stem), None)
            extra = ["--config", "reident.toml"] if find("reident") else []
            extra = extra + (EXTRA.get(case, []) if not name else [])
            yield f"{case} {name}".strip(), place, [find(stem) for stem in TRIPLE], extra
    for fault, what, files, extra in FAULTS:
        folder = os.path.join(shared, "faults", fault)
        if not os.path.exists(os.path.join(folder, files[0])):
            place = tempfile.mkdtemp()
            script = os.path.abspath(os.path.join(folder, "make.py"))
            subprocess.run([sys.executable, script, *what.split()[1:]], cwd=place, check=True)
            folder = place
        yield f"{fault}: {what}", folder, files, extra


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    before, now = sys.argv[1:3]
    shared = sys.argv[3] if len(sys.argv) > 3 else "../shared"
    print("| case | before | now |\n|---|---|---|")
    for name, folder, files, extra in rows(shared):
        slow = "slow" in name or "six-hundred" in name
        print(f"| {name} | {run(before, folder, files, extra, slow)} | {run(now, folder, files, extra, slow)} |")
        sys.stdout.flush()


main()
