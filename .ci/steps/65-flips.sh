#!/usr/bin/env bash
# Flips every bit that our own signatures cover, one after the other, in release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

SEALWRIGHT_EVERY_BIT=1 cargo test --locked --release --test flipped_bits
