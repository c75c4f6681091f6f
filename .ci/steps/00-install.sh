#!/usr/bin/env bash
# Installs what the other steps need besides a Rust toolchain and Python: a browser and a reader of QRs
# for tests/board, the foreign judges of tests/interop, from the system's packages and into a Python environment under the target folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

packages=()
command -v qpdf >/dev/null || packages+=(qpdf)
command -v pdfsig >/dev/null || packages+=(poppler-utils)
command -v mutool >/dev/null || packages+=(mupdf-tools)
command -v java >/dev/null || packages+=(default-jre-headless)
command -v chromium >/dev/null || packages+=(chromium)
command -v zbarimg >/dev/null || packages+=(zbar-tools)
[ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || packages+=(fonts-noto-cjk)
# The validator of PDF/A-1 that Apache PDFBox has, and what it needs of a Java before 9.
for package in libpdfbox2-java libcommons-logging-java libactivation-java libjaxb-api-java; do
    dpkg -s "$package" >/dev/null 2>&1 || packages+=("$package")
done
python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)
if [ "${#packages[@]}" -gt 0 ]; then
    if [ "$(id -u)" -ne 0 ]; then
        echo "missing: ${packages[*]}; install them, or run this step as root" >&2
        exit 1
    fi
    export DEBIAN_FRONTEND=noninteractive
    for try in 1 2 3; do
        apt-get update -q && apt-get install -q -y --no-install-recommends "${packages[@]}" && break
        [ "$try" -lt 3 ] || exit 1
        sleep 5
    done
fi

environment="${CARGO_TARGET_DIR:-target}/judges"
if ! cmp -s tests/interop/requirements.txt "$environment/installed.txt"; then
    rm -rf "$environment"
    mkdir -p "$(dirname "$environment")"
    python3 -m venv "$environment"
    "$environment/bin/python" -m pip install -q --no-input --disable-pip-version-check \
        --retries 5 --no-deps -r tests/interop/requirements.txt
    "$environment/bin/python" -m pip check --disable-pip-version-check
    cp tests/interop/requirements.txt "$environment/installed.txt"
fi

qpdf --version | sed -n 1p
pdfsig -v 2>&1 | sed -n 1p
mutool -v 2>&1 | sed -n 1p
chromium --version 2>/dev/null | sed -n 1p
"$environment/bin/python" - <<'PYTHON'
from importlib.metadata import version
print("pyHanko", version("pyHanko"))
PYTHON
