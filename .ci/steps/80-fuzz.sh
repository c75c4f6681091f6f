#!/usr/bin/env bash
# Each fuzz function over its seeds, then some seconds of seeded mutations.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

cargo run --locked --package sealwright-fuzz -- --seconds 5
