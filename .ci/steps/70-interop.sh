#!/usr/bin/env bash
# Writes every kind of output with every type of key, and lets strangers judge it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

target="${CARGO_TARGET_DIR:-target}"
rm -rf "$target/interop"
cargo test --locked --test interop -- --nocapture
"$target/judges/bin/python" tests/interop/judge.py --self-test "$target/interop"
"$target/judges/bin/python" tests/interop/judge.py "$target/interop"
python3 tests/interop/bundle.py "$target/interop"
"$target/judges/bin/python" tests/interop/attacks.py
