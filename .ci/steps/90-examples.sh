#!/usr/bin/env bash
# Runs the README's examples where a newcomer would: in a fresh copy of the files under version
# control. Then what the ceremony has written, and the exit statuses that the examples promise.
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

sealed=out/sealed.pdf
for file in "$sealed" out/report.json; do
    if [ ! -s "$file" ]; then
        echo "the examples wrote no $file:" >&2
        find out >&2
        exit 1
    fi
done
qpdf --check "$sealed"

# The ceremony: every PDF is sound, its signatures hold for strangers too, and what it tells to open
# is there.
ceremony=out/ceremony
for pdf in "$ceremony"/*.pdf; do
    [ "$(basename "$pdf")" = tampered.pdf ] || qpdf --check "$pdf"
done
signatures() { pdfsig -nocert "$1" 2>/dev/null | grep -c "$2" || true; }
final=$ceremony/contract-3-closed.pdf
# pdfsig does not know time-stamps: it leaves the closing one alone.
all=$(signatures "$final" 'Signature Validation:')
stamps=$(signatures "$final" 'Signature has not yet been verified')
valid=$(signatures "$final" 'Signature is Valid')
if [ "$valid" -lt 3 ] || [ "$stamps" -ne 1 ] || [ $((valid + stamps)) -ne "$all" ]; then
    echo "pdfsig: $valid of $all signatures of $final are valid, $stamps time-stamps" >&2
    exit 1
fi
if [ "$(signatures "$ceremony/tampered.pdf" 'Signature is Valid')" -ne 0 ]; then
    echo "pdfsig finds a valid signature in a file with a changed byte" >&2
    exit 1
fi
for board in 1-waiting 2-one-seal 3-completed; do
    grep -q '</html>' "$ceremony/board-$board.html"
    grep -q '</svg>' "$ceremony/board-$board.svg"
done
grep -q '"seq":0' "$ceremony/audit/contract-con_01.jsonl"

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
expect 1 "$ceremony/tampered.pdf" --without-trust
expect 0 "$ceremony/evidence.zip" --trust "$ceremony/root.pem" --head "$ceremony/head.json"
python3 -m zipfile --test "$ceremony/evidence.zip"

example=ceremony
expect 0 --first-signer --lang en --out "$copy/other"
grep -q 'did not' "$copy/answer.txt"
[ -s "$copy/other/contract-3-closed.pdf" ]
expect 2 --lang fr

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
