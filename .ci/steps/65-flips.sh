#!/usr/bin/env bash
# Flips every bit that our own signatures cover, one after the other, and measures what judging costs,
# both in release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if [ -z "${SEALWRIGHT_CORPUS+set}" ] && [ -d ../shared/corpus ]; then
    SEALWRIGHT_CORPUS=$(cd ../shared/corpus && pwd)
    export SEALWRIGHT_CORPUS
fi
SEALWRIGHT_EVERY_BIT=1 cargo test --locked --release --test flipped_bits --test cost -- --nocapture
