#!/usr/bin/env bash
# Judges third-party documents, if there are any: the folder that SEALWRIGHT_CORPUS names, by
# default ../shared/corpus beside the repository.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if [ -z "${SEALWRIGHT_CORPUS+set}" ] && [ -d ../shared/corpus ]; then
    SEALWRIGHT_CORPUS=$(cd ../shared/corpus && pwd)
    export SEALWRIGHT_CORPUS
fi
if [ -z "${SEALWRIGHT_CORPUS+set}" ]; then
    echo "SKIPPED: the third-party corpus: SEALWRIGHT_CORPUS is not set and ../shared/corpus is not there"
    exit 0
fi
if [ -z "$SEALWRIGHT_CORPUS" ] || [ ! -d "$SEALWRIGHT_CORPUS" ] ||
    [ -z "$(find -L "$SEALWRIGHT_CORPUS" -name '*.pdf' -print -quit)" ]; then
    echo "SEALWRIGHT_CORPUS is set but names no folder with documents: '$SEALWRIGHT_CORPUS'" >&2
    exit 1
fi
cargo test --locked --test corpus --test cms_corpus --test reading --test second_reader -- --nocapture
