#!/usr/bin/env bash
# Installs what is absent and opens the reports of a folder in headless Chromium.
# Usage: tests/browser/run.sh REPORT_DIR [SCREENSHOT_DIR]
set -euo pipefail

reports=$(realpath "${1:?usage: run.sh REPORT_DIR [SCREENSHOT_DIR]}")
screenshots=${2:-$(mktemp -d)}
mkdir -p "$screenshots"
screenshots=$(realpath "$screenshots")
cd "$(dirname "$0")"

absent=()
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || absent+=(chromium)
fc-list 2>/dev/null | grep -qi 'NotoSansCJK' || absent+=(fonts-noto-cjk)
command -v node >/dev/null || absent+=(nodejs npm)
if [ ${#absent[@]} -gt 0 ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends fontconfig "${absent[@]}" >/dev/null
fi
if [ ! -d node_modules ] || [ package-lock.json -nt node_modules ]; then
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    touch node_modules
fi

node report.mjs "$reports" "$screenshots"
echo "screenshots: $screenshots"
