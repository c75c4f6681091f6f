#!/usr/bin/env bash
# Runs the README's examples where a newcomer would: in a fresh copy of the files under version
# control. Then the exit statuses that `audit` and `place` promise.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# shellcheck source=../readme.sh
source .ci/readme.sh
mapfile -t commands < <(readme_commands | grep '^cargo run')
if [ "${#commands[@]}" -eq 0 ]; then
    echo "the README has no example command" >&2
    exit 1
fi

target=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
copy="$target/newcomer"
rm -rf "$copy"
mkdir -p "$copy"
git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
    [ ! -f "$file" ] || printf '%s\0' "$file"
done | tar --null --files-from=- -cf - | tar -xf - -C "$copy"
export CARGO_TARGET_DIR="$target"
cd "$copy"

for command in "${commands[@]}"; do
    echo "\$ $command"
    bash -euo pipefail -c "$command"
done

sealed=$(find out -name '*.pdf' -size +0 -print -quit)
if [ -z "$sealed" ] || [ -z "$(find out -name '*.json' -size +0 -print -quit)" ]; then
    echo "no sealed PDF, or no report beside it, under out/:" >&2
    find out >&2
    exit 1
fi
qpdf --check "$sealed"

example=audit
expect() {
    local expected=$1 status=0
    shift
    cargo run --quiet --example "$example" -- "$@" >"$copy/answer.txt" 2>&1 || status=$?
    echo "$example $*: exit status $status"
    if [ "$status" -ne "$expected" ]; then
        cat "$copy/answer.txt" >&2
        echo "expected exit status $expected" >&2
        exit 1
    fi
}
cp "$sealed" "$copy/tampered.pdf"
printf 'X' | dd of="$copy/tampered.pdf" bs=1 seek=600 conv=notrunc status=none
head -c 600 "$sealed" >"$copy/cut.pdf"
echo "no PDF" >"$copy/nonsense.pdf"
expect 0 "$sealed" --without-trust
expect 2 "$sealed"
expect 1 "$copy/tampered.pdf" --without-trust
expect 3 "$copy/cut.pdf"
expect 4 "$copy/nonsense.pdf"
expect 4 "$copy/not-there.pdf"

example=place
cat >"$copy/blank.pdf" <<'PDF'
%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
PDF
expect 0 testdata/contract.pdf 甲方（盖章） --page -1 --json
expect 0 testdata/contract.pdf 甲方（盖章） --preview "$copy/preview.pdf"
qpdf --check "$copy/preview.pdf"
expect 1 testdata/contract.pdf 丙方 --json
grep -qx '\[\]' "$copy/answer.txt"
expect 2 "$copy/blank.pdf" 甲方 --json --preview "$copy/nowhere.pdf"
grep -qx '\[\]' "$copy/answer.txt"
grep -q 'no preview was written' "$copy/answer.txt"
[ ! -e "$copy/nowhere.pdf" ]
expect 3 "$copy/nonsense.pdf" 甲方
expect 4 testdata/contract.pdf
