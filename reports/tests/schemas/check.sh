#!/bin/sh
# Validates the outputs in a folder against the published schemas beside this script.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?usage: check.sh FOLDER}

if command -v xmllint >/dev/null 2>&1; then
    for file in "$folder"/*.junit.xml; do
        xmllint --noout --nonet --schema "$here/junit-10.xsd" "$file"
    done
else
    echo "SKIPPED: JUnit XML was not validated: xmllint is missing (Debian: libxml2-utils)"
fi

if python3 -c 'import jsonschema' >/dev/null 2>&1; then
    python3 - "$here" "$folder" <<'PYTHON'
import json, pathlib, sys
import jsonschema

here, folder = map(pathlib.Path, sys.argv[1:])
sarif = jsonschema.Draft4Validator(json.loads((here / "sarif-2.1.0-rtm.5.json").read_text("utf-8")))
own = jsonschema.Draft202012Validator(json.loads((folder / "check.schema.json").read_text("utf-8")))
own.check_schema(own.schema)
faults = 0
for validator, ending in ((sarif, "*.sarif"), (own, "*.check.json")):
    files = sorted(folder.glob(ending))
    if not files:
        sys.exit(f"no {ending} in {folder}")
    for file in files:
        for fault in validator.iter_errors(json.loads(file.read_text("utf-8"))):
            print(f"{file}: {fault.json_path}: {fault.message}")
            faults += 1
        print(f"{file} validates" if not faults else f"{file} was checked")
sys.exit(1 if faults else 0)
PYTHON
else
    echo "SKIPPED: SARIF and JSON were not validated: Python with jsonschema is missing (pip install jsonschema)"
fi
