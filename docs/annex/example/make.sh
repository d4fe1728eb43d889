#!/usr/bin/env bash
# Makes the example of the annex: tables of a fictional company, signed evidence, both annexes, and pictures of their pages.
#
#   docs/annex/example/make.sh PROGRAM OUT_DIR [evidence|annex|pages]...
#
# evidence: tables from a seed, evidence and envelopes; annex: what is filed, made from the evidence and the envelopes in OUT_DIR;
# pages: pictures, which need LibreOffice Writer, Noto Sans CJK and poppler-utils. All of them when none is named. The keys are
# part of the example and protect nothing.
set -euo pipefail
program=$(realpath "${1:?usage: make.sh PROGRAM OUT_DIR [evidence|annex|pages]...}")
out=${2:?usage: make.sh PROGRAM OUT_DIR [evidence|annex|pages]...}
shift 2
here=$(realpath "$(dirname "$0")")
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C

tables() { "$program" demo --rows 8000 --seed 26 --leak "$1" --write "$2" >/dev/null 2>&1; }

# The coarse rows are sorted, so that their order tells nothing; the map says to the tests alone whose each was.
coarsen() {
  awk -f "$here/coarse.awk" "$1/original.csv" | awk 'NR > 1 { print $0 "\t" NR - 2 }' | sort > "$work/rows"
  { echo age,sex,diagnosis; cut -f 1 "$work/rows"; } > "$1/anonymized.csv"
  { echo released_row,original_row; awk -F '\t' '{ print NR - 1 "," $2 }' "$work/rows"; } > "$1/map.csv"
}

evidence() {
  install -m 600 "$here/example.key" "$here/commitment.key" "$work"
  tables 0 "$work/passes"
  coarsen "$work/passes"
  tables 0.2 "$work/fails"
  for name in passes fails; do
    map=()
    if [ -f "$work/$name/map.csv" ]; then map=(--record-map "$work/$name/map.csv"); fi
    "$program" evaluate --original "$work/$name/original.csv" --anonymized "$work/$name/anonymized.csv" \
      --control "$work/$name/control.csv" "${map[@]}" --config "$here/config.$name.toml" --seed 26 --reproducible --quiet \
      --out "$out/evidence.$name.json"
    "$program" sign "$out/evidence.$name.json" --key "$work/example.key" --anonymized "$work/$name/anonymized.csv" \
      --original "$work/$name/original.csv" --control "$work/$name/control.csv" --commitment-key "$work/commitment.key" \
      --out "$out/envelope.$name.json"
  done
}

policy() { if [ "$1" = passes ]; then echo "$here/policy.passes.toml"; else echo cn-gbt42460-controlled; fi; }

annex() {
  for name in passes fails; do
    for form in docx md json; do
      "$program" annex write --evidence "$out/evidence.$name.json" --envelope "$out/envelope.$name.json" \
        --public-key "$here/example.pub" --manifest "$here/manifest.$name.toml" --policy "$(policy "$name")" \
        --as-of 2026-11-26 --out "$out/annex.$name.$form" >/dev/null
    done
  done
}

pages() {
  mkdir -p "$out/pages"
  rm -f "$out"/pages/*.png
  for name in passes fails; do
    soffice --headless --convert-to pdf --outdir "$work" "$out/annex.$name.docx" >/dev/null 2>&1
    pdftoppm -r 72 -gray -png "$work/annex.$name.pdf" "$out/pages/$name"
  done
  # Eight greys are enough to read, and take a fifth of the room.
  if python3 -c 'import PIL' 2>/dev/null; then
    python3 -c 'import sys; from PIL import Image
for name in sys.argv[1:]: Image.open(name).convert("L").quantize(8).save(name, optimize=True)' "$out"/pages/*.png
  fi
}

[ $# -gt 0 ] || set -- evidence annex pages
for part in "$@"; do "$part"; done
