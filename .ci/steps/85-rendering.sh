#!/usr/bin/env bash
# Draws the sealed pages and looks at them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if ! cargo metadata --locked --no-deps --format-version=1 | grep -q '"name":"sealwright-rendering"'; then
    echo "SKIPPED: rendering: the workspace has no package sealwright-rendering"
    exit 0
fi
# Third parties' documents are changed and drawn too, where they are at hand: as in step 60.
if [ -z "${SEALWRIGHT_CORPUS+set}" ] && [ -d ../shared/corpus ]; then
    SEALWRIGHT_CORPUS=$(cd ../shared/corpus && pwd)
    export SEALWRIGHT_CORPUS
fi
# poppler-utils are installed: without pdftoppm the comparisons with it fail instead of being skipped.
SEALWRIGHT_POPPLER=required cargo test --locked --package sealwright-rendering
