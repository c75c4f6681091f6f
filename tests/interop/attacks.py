"""Asks others about the attack set, and holds the table of src/manual/attacks.md against their answers.

    attacks.py            compares; differences count where the versions are those on the page
    attacks.py --write    writes their columns, their scores and their versions, to be looked at
"""

import concurrent.futures
import logging
import pathlib
import re
import signal
import subprocess
import sys
from datetime import datetime, timezone
from importlib.metadata import version

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "testdata" / "attacks"
PAGE = ROOT / "src" / "manual" / "attacks.md"
PATIENCE = 60
MOMENT = datetime(2027, 1, 15, 8, 0, 0, tzinfo=timezone.utc)
RULER = "|---|---|---|---|---|---|---|\n"
SCORES = "# The scores\n"

ACCEPTS, REFUSES, NOTHING, CRASHES = "accepts", "refuses", "no signature", "crashes"


def run(*command):
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return None, ""
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


def pdfsig(document):
    status, output = run("pdfsig", "-nocert", document)
    if status is None or status < 0:
        return CRASHES
    verdicts = re.findall(r"Signature Validation: (.*)", output)
    # Time-stamps it does not judge: it says so, and that is no objection.
    stamps = output.count("Signature Type: ETSI.RFC3161")
    verdicts = [verdict for verdict in verdicts if "not yet been verified" not in verdict or not stamps]
    if not verdicts:
        return NOTHING
    return ACCEPTS if all(it == "Signature is Valid." for it in verdicts) else REFUSES


def mutool(document):
    status, output = run("mutool", "sign", "-v", document)
    if status is None or status < 0:
        return CRASHES
    blocks = re.split(r"^Verifying signature \d+:$", output, flags=re.M)[1:]
    blocks = [block for block in blocks if "not signed" not in block]
    if not blocks:
        return NOTHING
    fine = ("The document is unchanged since signing.",
            "The signature is valid but there have been edits since signing.")
    return ACCEPTS if all(any(word in block for word in fine) for block in blocks) else REFUSES


def pyhanko(document):
    signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(TimeoutError()))
    signal.alarm(PATIENCE)
    try:
        return asked_of_pyhanko(document)
    except (PdfReadError, SignatureValidationError, SigningError):
        return REFUSES
    # Whatever else comes out of it, its callers do not expect.
    except Exception:
        return CRASHES
    finally:
        signal.alarm(0)


def asked_of_pyhanko(document):
    roots = list(load_certs_from_pemder([str(FOLDER / "roots.pem")]))

    def context():
        return ValidationContext(trust_roots=roots, moment=MOMENT, allow_fetching=False)

    with open(document, "rb") as stream:
        reader = PdfFileReader(stream)
        good = [validate_pdf_signature(one, signer_validation_context=context()).bottom_line
                for one in reader.embedded_regular_signatures]
        stamps = [validate_pdf_timestamp(one, context())
                  for one in reader.embedded_timestamp_signatures]
        good += [one.intact and one.valid for one in stamps]
    return NOTHING if not good else ACCEPTS if all(good) else REFUSES


JUDGES = {"pdfsig": pdfsig, "pyHanko": pyhanko, "mutool": mutool}


def versions():
    poppler = re.search(r"version (\S+)", run("pdfsig", "-v")[1])
    mupdf = re.search(r"version (\S+)", run("mutool", "-v")[1])
    found = [poppler and poppler[1], version("pyHanko"), mupdf and mupdf[1]]
    return "Asked were " + ", ".join(f"{name} {it}" for name, it in zip(JUDGES, found)) + "."


def ask(work):
    name, judge = work
    return JUDGES[judge](str(FOLDER / f"{name}.attack.pdf")), JUDGES[judge](str(FOLDER / f"{name}.honest.pdf"))


def main():
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(RULER)
    table, behind = rest.split("\n\n", 1)
    rows = [line[2:-2].split(" | ") for line in table.splitlines() if line]
    names = [f"{row[0]}.{row[1]}" for row in rows]
    work = [(name, judge) for name in names for judge in JUDGES]
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        answers = dict(zip(work, pool.map(ask, work, chunksize=8)))
    scores = {judge: {"caught": 0, "cautious": 0, "blind": 0, "fooled": 0, "crashed": 0} for judge in JUDGES}
    differences = []
    for name, row in zip(names, rows):
        for column, judge in enumerate(JUDGES, start=4):
            attack, honest = answers[name, judge]
            cell = attack if honest == ACCEPTS else f"{attack} (twin: {honest})"
            if row[column] != cell:
                differences.append(f"{name}: {judge} {cell}, and not {row[column]}")
            row[column] = cell
            word = ("crashed" if CRASHES in (attack, honest) else "fooled" if attack == ACCEPTS
                    else "blind" if attack == NOTHING
                    else "caught" if honest == ACCEPTS else "cautious")
            scores[judge][word] += 1
    lines = ["| | understood | refuses both | finds nothing | fooled | crashes |",
             "|---|---|---|---|---|---|", f"| sealwright | {len(rows)} | 0 | 0 | 0 | 0 |"]
    lines += [f"| {judge} | {it['caught']} | {it['cautious']} | {it['blind']} | {it['fooled']} | {it['crashed']} |"
              for judge, it in scores.items()]
    print("\n".join(lines))
    asked = versions()
    if sys.argv[1:] == ["--write"]:
        table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        head = behind.split(SCORES)[0]
        score = "\n".join(lines)
        page = f"{before}{RULER}{table}\n\n{head}{SCORES}\nOf {len(rows)} tricks. {asked}\n\n{score}\n"
        PAGE.write_text(page, encoding="utf-8")
        return 0
    print("\n".join(differences))
    if differences and asked not in text:
        print(f"{asked} Others are on the page: the differences do not count.")
        return 0
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
