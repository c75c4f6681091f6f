#!/usr/bin/env bash
# Opens the result board in a browser and looks at it, on three screens and from empty to sealed; and
# the pages of the auditor, on paper too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Chromium and zbar-tools are installed: without them these tests fail instead of being skipped.
SEALWRIGHT_CHROMIUM=required cargo test --locked --package sealwright-board --package auditor
