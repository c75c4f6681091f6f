#!/bin/sh
# Has qpdf judge the zoo: every document that is called strict passes without a warning.
set -eu
cd "$(dirname "$0")"
zoo=$(mktemp -d)
trap 'rm -r "$zoo"' EXIT
cargo run --quiet --package sealwright-testdata --bin generate -- zoo "$zoo"
failures=0
for document in "$zoo"/strict-*.pdf; do
    if ! qpdf --check "$document" >"$zoo/said" 2>&1; then
        echo "$(basename "$document"): $(head -1 "$zoo/said")"
        failures=$((failures + 1))
    fi
done
echo "$(ls "$zoo"/strict-*.pdf | wc -l) strict documents, $failures refused by qpdf"
test "$failures" -eq 0
