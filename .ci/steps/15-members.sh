#!/usr/bin/env bash
# The tests of the other packages of the workspace, and those of the crate that only features bring.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

cargo test --locked --workspace --exclude sealwright --exclude sealwright-board \
    --exclude sealwright-rendering --exclude auditor
cargo test --locked --package sealwright --all-features --lib
