#!/usr/bin/env bash
# The crate compiles without features, with each alone, and with all, each time without a warning.
# (clippy is `cargo check` with more questions; it shares its artifacts with the step before.)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

features=$(cargo metadata --locked --no-deps --format-version=1 | python3 -c '
import json, sys
packages = json.load(sys.stdin)["packages"]
crate, = (package for package in packages if package["name"] == "sealwright")
print(*sorted(set(crate["features"]) - {"default"}), sep="\n")')

check() {
    echo "\$ cargo clippy $*"
    cargo clippy --locked --quiet --package sealwright --lib "$@" -- -D warnings
}
check --no-default-features
while read -r feature; do
    check --no-default-features --features "$feature"
done <<<"$features"
check --all-features

echo "\$ cargo test --features legacy-algorithms --lib pki:: digest::"
cargo test --locked --quiet --package sealwright --features legacy-algorithms --lib -- pki:: digest::
