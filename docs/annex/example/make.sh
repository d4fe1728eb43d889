#!/usr/bin/env bash
# Makes the example of the annex: tables of a fictional company, evidence, envelopes, both annexes, and pictures of their pages.
#
#   docs/annex/example/make.sh PROGRAM OUT_DIR
#
# The pictures need LibreOffice Writer, Noto Sans CJK and poppler-utils, and are left out without them. The key is part of the
# example and protects nothing.
set -euo pipefail
program=$(realpath "${1:?usage: make.sh PROGRAM OUT_DIR}")
out=${2:?usage: make.sh PROGRAM OUT_DIR}
here=$(realpath "$(dirname "$0")")
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
install -m 600 "$here/example.key" "$work/example.key"

tables() { "$program" demo --rows 8000 --seed 26 --leak "$1" --write "$2" >/dev/null 2>&1; }
tables 0 "$work/passes"
awk -f "$here/coarse.awk" "$work/passes/original.csv" > "$work/passes/anonymized.csv"
tables 0.2 "$work/fails"

policy() { [ "$1" = passes ] && echo "$here/policy.passes.toml" || echo cn-gbt42460-controlled; }
for name in passes fails; do
  "$program" evaluate --original "$work/$name/original.csv" --anonymized "$work/$name/anonymized.csv" \
    --control "$work/$name/control.csv" --config "$here/config.$name.toml" --seed 26 --reproducible --quiet \
    --out "$out/evidence.$name.json"
  "$program" sign "$out/evidence.$name.json" --key "$work/example.key" --anonymized "$work/$name/anonymized.csv" \
    --out "$out/envelope.$name.json"
  for form in docx md; do
    "$program" annex write --evidence "$out/evidence.$name.json" --envelope "$out/envelope.$name.json" \
      --public-key "$here/example.pub" --manifest "$here/manifest.$name.toml" --policy "$(policy "$name")" \
      --as-of 2026-11-26 --out "$out/annex.$name.$form" >/dev/null
  done
done

command -v soffice >/dev/null && command -v pdftoppm >/dev/null || exit 0
mkdir -p "$out/pages"
for name in passes fails; do
  soffice --headless --convert-to pdf --outdir "$work" "$out/annex.$name.docx" >/dev/null 2>&1
  pdftoppm -r 64 -gray -png "$work/annex.$name.pdf" "$out/pages/$name"
done
