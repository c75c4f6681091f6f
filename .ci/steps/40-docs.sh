#!/usr/bin/env bash
# Every link in the documentation leads somewhere: once for private items, then for what readers
# get, where a link from public to private text is refused as well.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export RUSTDOCFLAGS="-D warnings -D rustdoc::private_intra_doc_links"
cargo doc --locked --no-deps --workspace --all-features --document-private-items
cargo doc --locked --no-deps --workspace --all-features
