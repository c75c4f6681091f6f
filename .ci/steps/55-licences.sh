#!/usr/bin/env bash
# Licences and sources of every crate in the tree, by the rules of deny.toml, and how many there are.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

python3 .ci/licences.py --self-test
cargo metadata --locked --all-features --format-version=1 \
    --filter-platform "$(rustc -vV | sed -n 's/^host: //p')" | python3 .ci/licences.py deny.toml
cargo tree --locked --package sealwright --edges normal --prefix none | sed 's/ (\*)$//' | sort -u |
    wc -l | sed 's/$/ crates in the core tree/'
