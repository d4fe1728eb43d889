#!/usr/bin/env bash
# Makes the example of the annex: tables of a fictional company, evidence, envelopes and both annexes.
#
#   docs/annex/example/make.sh PROGRAM              makes all of it anew, pictures of the pages included
#   docs/annex/example/make.sh PROGRAM check        looks whether what stands here is what the program makes; exit 1 if not
#
# The pictures need LibreOffice Writer, Noto Sans CJK and poppler-utils; nothing compares them, since they hang on these programs.
# The key is part of the example and protects nothing.
set -euo pipefail
program=$(realpath "${1:?usage: make.sh PROGRAM [check]}")
mode=${2:-make}
here=$(realpath "$(dirname "$0")")
out=$here
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ "$mode" = check ] && { out=$work/made; mkdir "$out"; }

tables() { "$program" demo --rows 8000 --seed 26 --leak "$1" --write "$2" >/dev/null 2>&1; }
tables 0 "$work/passes"
awk -f "$here/coarse.awk" "$work/passes/original.csv" > "$work/passes/anonymized.csv"
tables 0.2 "$work/fails"

policy() { [ "$1" = passes ] && echo "$here/policy.passes.toml" || echo cn-gbt42460-controlled; }
annex() { # NAME EVIDENCE ENVELOPE OUT
  "$program" annex write --evidence "$2" --envelope "$3" --public-key "$here/example.pub" --manifest "$here/manifest.$1.toml" \
    --policy "$(policy "$1")" --as-of 2026-11-26 --out "$4" >/dev/null
}
for name in passes fails; do
  "$program" evaluate --original "$work/$name/original.csv" --anonymized "$work/$name/anonymized.csv" \
    --control "$work/$name/control.csv" --config "$here/config.$name.toml" --seed 26 --reproducible --quiet \
    --out "$out/evidence.$name.json"
  if [ "$mode" = check ]; then
    # The commit differs from build to build, and the signature with it: figures are compared, and the annexes of what is shipped.
    without_commit() { sed 's/"commit": "[^"]*"/"commit": ""/' "$1"; }
    diff <(without_commit "$here/evidence.$name.json") <(without_commit "$out/evidence.$name.json")
  else
    "$program" sign "$out/evidence.$name.json" --key "$here/example.key" --anonymized "$work/$name/anonymized.csv" \
      --out "$out/envelope.$name.json"
  fi
  for form in docx md; do
    annex "$name" "$here/evidence.$name.json" "$here/envelope.$name.json" "$out/annex.$name.$form"
    [ "$mode" != check ] || cmp "$here/annex.$name.$form" "$out/annex.$name.$form"
  done
done
[ "$mode" = check ] && { echo "the example is what the program makes"; exit 0; }

for name in passes fails; do
  soffice --headless --convert-to pdf --outdir "$work" "$here/annex.$name.docx" >/dev/null 2>&1
  rm -f "$here/pages/$name"-*.png
  mkdir -p "$here/pages"
  pdftoppm -r 64 -gray -png "$work/annex.$name.pdf" "$here/pages/$name"
done
