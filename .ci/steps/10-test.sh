#!/usr/bin/env bash
# Runs the test command of the README, word for word.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# shellcheck source=../readme.sh
source .ci/readme.sh
mapfile -t commands < <(readme_commands | grep '^cargo test')
if [ "${#commands[@]}" -ne 1 ]; then
    echo "the README must have exactly one test command, not ${#commands[@]}" >&2
    exit 1
fi
echo "\$ ${commands[0]}"
bash -euo pipefail -c "${commands[0]}"
