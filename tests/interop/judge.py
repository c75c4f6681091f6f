"""Lets strangers judge what sealwright writes.

    judge.py FOLDER               every case of FOLDER/cases.json before every judge
    judge.py --self-test FOLDER   damages some of the cases, and demands that the judges object

A case that a judge objects to fails, unless BLIND_SPOTS names the objection. A blind spot that does
not show where it is expected fails as well: then the judge has learned something, and its row goes.

FOLDER/cases.json is a list of objects, one a document:

    file        the signed document, relative to FOLDER, like all names of files
    input       the document before it was signed
    kind        what was done to it: one word for people and for the self-test
    key         the name of the key's type, likewise
    digest      sha256, sha384, sha512
    mechanism   rsa, rsa-pss, ecdsa, ed25519
    sub_filter  ETSI.CAdES.detached or adbe.pkcs7.detached
    roots       the trust anchors, PEM
    at          when to validate, RFC 3339
    signatures  a list in the order of signing:
                  field       its full name
                  also        the other fields that share its value
                  certifies   0, or the P of its DocMDP
                  states      the identifiers of the signed attributes about its authority
                  locks       null, or {"action": "All" | "Include" | "Exclude", "fields": [...]}
    stamped     the full name of the field with the document time-stamp behind all signatures, if there
                is one
    shows       null, or what can be seen where:
                  page        from 1
                  left, top, width, height   millimetres, from the top left corner of the page as
                              a person sees it
                  user_unit   of the page, 1 unless it has another
                  quarters    the colours of the picture's quarters on white, as six hexadecimal
                              digits: top left, top right, bottom left, bottom right
"""

import argparse
import json
import logging
import multiprocessing
import pathlib
import re
import subprocess
import sys
import tempfile
from datetime import datetime

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.generic import parse_pdf_date
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

# ---- what the judges cannot see, as of pyHanko 0.38, poppler 22.12, MuPDF 1.21, qpdf 11.3 ----

ED25519 = lambda case: case["mechanism"] == "ed25519"
PSS = lambda case: case["mechanism"] == "rsa-pss"
JUNK = lambda case: input_name(case) == "junk_before_header"
STAMPED = lambda case: bool(case.get("stamped"))

# Judge, cases, the objection it raises there (the whole line), why that is the judge's fault.
BLIND_SPOTS = [
    ("pdfsig", ED25519, r"signature \d+: Document isn't signed or corrupted data\.",
     "NSS of that age has no EdDSA: the signature is not judged at all"),
    ("mutool", ED25519, r"signature \d+: Digest error: Unknown error\.",
     "its PKCS7 routines know no EdDSA: only the message digest is judged"),
    ("mutool", PSS, r"signature \d+: Digest error: Unknown error\.",
     "its PKCS7 routines know no PSS: only the message digest is judged"),
    ("mutool", lambda case: True, r"signature \d+: Certificate error: .*",
     "it takes no trust anchors from its caller"),
    ("mutool", JUNK,
     r"(signature \d+: Verification )?error: signature byte range extends past end of file",
     "it repairs the file by dropping what stands before the header, and so moves every byte"),
    ("pyhanko", JUNK, r"PdfReadError: Illegal PDF header",
     "it reads no file that does not begin with the header"),
]

# Inputs that pyHanko reads only when told to be lenient, and what it says when told to be strict.
# The first is refused because readers disagree about such files; the others are sound or tolerable.
READ_LENIENTLY = {
    "hybrid": "Settings do not permit validation of signatures in hybrid-reference files",
    "hybrid_with_later_revision": "was listed as dead, but is reused later",
    "generations_above_zero": "has an orphaned generation",
    "size_too_small": "Xref table size mismatch",
}

# Judge, damage, cases: damage that this judge does not notice, so that nothing is demanded of it.
CANNOT_NOTICE = [
    # It reads structure, not signatures.
    ("qpdf", "bit", lambda case: True),
    ("qpdf", "signature", lambda case: True),
    ("qpdf", "tail", lambda case: True),
    # See BLIND_SPOTS.
    ("pdfsig", "bit", ED25519),
    ("pdfsig", "signature", ED25519),
    ("pdfsig", "startxref", ED25519),
    ("mutool", "signature", ED25519),
    ("mutool", "signature", PSS),
    ("mutool", "tail", ED25519),
    ("mutool", "tail", PSS),
    *[(judge, damage, JUNK) for judge in ["mutool", "pyhanko"]
      for damage in ["bit", "signature", "tail", "startxref"]],
    # They do not judge time-stamps, the last one among the values; one of them does not even see it.
    ("pdfsig", "signature", STAMPED),
    ("pdfsig", "startxref", STAMPED),
    ("mutool", "signature", STAMPED),
    ("mutool", "tail", STAMPED),
    # It reads rules, not signatures, and repairs what it reads.
    *[("preflight", damage, lambda case: True)
      for damage in ["bit", "signature", "tail", "startxref"]],
    # What matters for drawing is intact.
    ("shows", "bit", lambda case: True),
    ("shows", "signature", lambda case: True),
    ("shows", "tail", lambda case: True),
    ("shows", "startxref", lambda case: True),
]


# ---- the judges: each yields its objections, none means accepted ----

def pyhanko(case, document, folder):
    """Everything about the signatures: cryptography, trust, coverage, permissions, attributes."""
    refusal = refusal_to_be_strict(case)
    if refusal:
        try:
            list(read_by_pyhanko(case, document, folder, strict=True))
            yield f"the blind spot {refusal!r} is gone: remove its row"
        except Exception as error:
            if refusal not in str(error):
                raise
    yield from read_by_pyhanko(case, document, folder, strict=not refusal)


def input_name(case):
    return pathlib.PurePath(case["input"]).stem


def refusal_to_be_strict(case):
    return READ_LENIENTLY.get(input_name(case))


def read_by_pyhanko(case, document, folder, strict):
    roots = [load_cert_from_pemder(folder / root) for root in case["roots"]]
    moment = datetime.fromisoformat(case["at"])
    expected = case["signatures"]
    with open(document, "rb") as stream:
        reader = PdfFileReader(stream, strict=strict)
        if reader.encrypted:
            # Whatever is encrypted here opens without a password.
            reader.decrypt(b"")
        # A value that fields share is listed once for each of them, in the order of the form.
        signatures = {one.field_name: one for one in reader.embedded_regular_signatures}
        shown = fields(case)
        if sorted(signatures) != sorted(name for _, name in shown):
            yield f"the signed fields are {list(signatures)}"
            return
        shared = any(signature["also"] for signature in expected)
        if not shared and list(signatures) != [name for _, name in shown]:
            yield f"the signed fields are {list(signatures)}"
            return
        for number, name in shown:
            signature, wanted = signatures[name], expected[number - 1]
            context = ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False)
            status = validate_pdf_signature(signature, signer_validation_context=context)
            is_last = number == len(expected)
            demanded_change = ModificationLevel.NONE if is_last else ModificationLevel.FORM_FILLING
            if (reader.encrypted and not is_last
                    and status.modification_level == ModificationLevel.LTA_UPDATES):
                # It puts a new field of an encrypted document one level lower.
                demanded_change = ModificationLevel.LTA_UPDATES
            if is_last and STAMPED(case):
                is_last, demanded_change = False, ModificationLevel.LTA_UPDATES
            found = {
                "intact": status.intact,
                "valid": status.valid,
                "trusted": status.trusted,
                "coverage": status.coverage.name,
                "modification": status.modification_level.name,
                "docmdp_ok": status.docmdp_ok,
                "bottom_line": status.bottom_line,
                "digest": status.md_algorithm,
                "mechanism": mechanism(status.pkcs7_signature_mechanism),
                "sub_filter": signature.sig_object["/SubFilter"][1:],
                "certifies": signature.docmdp_level.value if signature.docmdp_level else 0,
                "locks": locks(signature),
            }
            demanded = {
                "intact": True,
                "valid": True,
                "trusted": True,
                "coverage": (SignatureCoverageLevel.ENTIRE_FILE if is_last
                             else SignatureCoverageLevel.ENTIRE_REVISION).name,
                "modification": demanded_change.name,
                "docmdp_ok": True,
                "bottom_line": True,
                "digest": case["digest"],
                "mechanism": case["mechanism"],
                "sub_filter": case["sub_filter"],
                "certifies": wanted["certifies"],
                "locks": wanted["locks"],
            }
            for name, value in demanded.items():
                if found[name] != value:
                    yield f"signature {number}: {name} is {found[name]}, not {value}"
            yield from attributes(number, signature, case)
        yield from timestamps(case, reader, roots, moment)


def timestamps(case, reader, roots, moment):
    """The document time-stamp (ISO 32000-2 §12.8.5), over everything; none where none is said."""
    stamps = list(reader.embedded_timestamp_signatures)
    wanted = [case["stamped"]] if STAMPED(case) else []
    if [stamp.field_name for stamp in stamps] != wanted:
        yield f"the time-stamps are {[stamp.field_name for stamp in stamps]}"
        return
    for stamp in stamps:
        context = ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False)
        status = validate_pdf_timestamp(stamp, validation_context=context)
        found = (status.intact, status.valid, status.trusted, status.coverage,
                 status.modification_level)
        demanded = (True, True, True, SignatureCoverageLevel.ENTIRE_FILE, ModificationLevel.NONE)
        if found != demanded:
            yield f"the time-stamp is {found}"
        keys = sorted(key[1:] for key in stamp.sig_object)
        if keys != ["ByteRange", "Contents", "Filter", "SubFilter", "Type"]:
            yield f"the time-stamp has {keys}"


def fields(case):
    """Every field that shows a signature, with the signature's number."""
    return [(number, name) for number, signature in enumerate(case["signatures"], 1)
            for name in [signature["field"], *signature["also"]]]


def is_last(number, case):
    """Whether the field of this number, in the order of signing, shows the last signature."""
    shown = fields(case)
    if STAMPED(case):
        return False
    return number <= len(shown) and shown[number - 1][0] == len(case["signatures"])


def mechanism(name):
    table = [("pss", "rsa-pss"), ("rsa", "rsa"), ("ecdsa", "ecdsa"), ("ed25519", "ed25519")]
    return next((ours for part, ours in table if part in name), name)


def locks(signature):
    spec = signature.fieldmdp
    if spec is None:
        return None
    return {"action": spec.action.value[1:], "fields": sorted(spec.fields or [])}


def attributes(number, signature, case):
    """ETSI EN 319 142-1 §6.3 and ISO 32000-2 §12.8.3.3: which signed attributes stand there."""
    [signer] = signature.signed_data["signer_infos"]
    names = {attribute["type"].native for attribute in signer["signed_attrs"]}
    demanded = {"content_type", "message_digest", "signing_certificate_v2",
                "cms_algorithm_protection", *case["signatures"][number - 1]["states"]}
    if case["sub_filter"] == "adbe.pkcs7.detached":
        demanded.add("signing_time")
        claimed = signature.self_reported_timestamp
        written = parse_pdf_date(signature.sig_object["/M"])
        if claimed != written:
            yield f"signature {number}: signing-time is {claimed}, /M is {written}"
    if names != demanded:
        yield f"signature {number}: the signed attributes are {sorted(names)}"
    if "/Cert" in signature.sig_object:
        yield f"signature {number}: /Cert stands in the dictionary"
    if "/M" not in signature.sig_object:
        yield f"signature {number}: /M is missing"


def pdfsig(case, document, folder):
    """Signatures as poppler sees them; it cannot judge later changes or (here) trust."""
    _, output = run("pdfsig", "-nocert", document)
    blocks = re.split(r"^Signature #\d+:$", output, flags=re.M)[1:]
    blocks = [block for block in blocks if "Signature Validation:" in block]
    if STAMPED(case):
        # Seen and not judged: that it covers everything is all that is said.
        stamps = [block for block in blocks if f"Name: {case['stamped']}\n" in block]
        blocks = [block for block in blocks if block not in stamps]
        if ["  - Total document signed" in block for block in stamps] != [True]:
            yield f"{len(stamps)} time-stamps, or one that is not over everything"
    if len(blocks) != len(fields(case)):
        yield f"{len(blocks)} signatures"
    yield from by_number(sorted(blocks, key=end_of_range), pdfsig_objections(case))
    yield from new_lines(case, document, folder, "pdftoppm", "-r", "9", "-l", DRAWN, on_error=True)


def end_of_range(block):
    ends = re.findall(r"\[\d+ - (\d+)\]", block)
    return int(ends[-1]) if ends else 0


def pdfsig_objections(case):
    def objections(number, block):
        said = dict(re.findall(r"^  - ([\w ]+): (.*)$", block, flags=re.M))
        if said.get("Signature Validation") != "Signature is Valid.":
            yield said.get("Signature Validation", "no word on its validity")
        if said.get("Signature Type") != case["sub_filter"]:
            yield f"the type is {said.get('Signature Type')}"
        digest = said.get("Signing Hash Algorithm", "none").replace("-", "").lower()
        if digest != case["digest"]:
            yield f"the digest is {digest}"
        total = "  - Total document signed" in block
        if total != is_last(number, case):
            yield "total document signed" if total else "not total document signed"
    return objections


def mutool(case, document, folder):
    """Signatures as MuPDF sees them, and whether it draws the pages without a murmur."""
    _, output = run("mutool", "sign", "-v", document)
    blocks = re.split(r"^Verifying signature \d+:$", output, flags=re.M)
    blocks = [block for block in blocks[1:] if "not signed" not in block]
    if len(blocks) != len(fields(case)):
        yield f"{len(blocks)} signatures"
    # They come in the order of their objects, which says nothing: the unchanged one is the last.
    last = "The document is unchanged since signing."
    yield from by_number(sorted(blocks, key=lambda block: last in block), mutool_objections(case))
    yield from new_lines(case, document, folder, "mutool", "sign", "-v", on_error=True)
    yield from new_lines(case, document, folder, "mutool", "info", "FILE", f"1-{DRAWN}",
                         on_error=True)
    yield from new_lines(case, document, folder, "mutool", "draw", "-q", "-r", "9", "-F", "ppm",
                         "-o", "/dev/null", "FILE", f"1-{DRAWN}", on_error=True)


def mutool_objections(case):
    unchanged = "The document is unchanged since signing."
    edited = "The signature is valid but there have been edits since signing."

    def objections(number, block):
        fine = unchanged if is_last(number, case) else edited
        words = [line.strip() for line in block.strip().splitlines()]
        yield from (word for word in words if word != fine and "Distinguished name:" not in word)
        if fine not in words and not any("error:" in word for word in words):
            yield f"it does not say: {fine}"
    return objections


def qpdf(case, document, folder):
    """The structure of the file: nothing may be said that was not said of the input."""
    yield from new_lines(case, document, folder, "qpdf", "--check")


def preflight(case, document, folder):
    """PDF/A-1b, as the validator of Apache PDFBox sees it: what conformed does so still."""
    if not input_name(case).startswith("pdf_a_1b"):
        return
    path = ":".join(f"/usr/share/java/{jar}.jar" for jar in VALIDATOR)
    _, output = run("java", "-cp", path, "org.apache.pdfbox.preflight.Validator_A1b", document)
    if "is a valid PDF/A-1b file" not in output:
        yield from re.findall(r"^[\d.]+ : .*$", output, flags=re.M) or ["it does not say: valid"]


VALIDATOR = ["preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-logging", "javax.activation",
             "jaxb-api"]


def shows(case, document, folder):
    """Two renderers: the picture is where it should be, upright, lets the page show through as ink
    does, and nothing else has changed."""
    wanted = case["shows"]
    if wanted is None:
        return
    page = str(wanted["page"])
    renderers = {
        # It ignores user units, so the resolution makes up for them.
        "poppler": ["pdftoppm", "-cropbox", "-r", str(72 * wanted["user_unit"]), "-f", page, "-l",
                    page],
        "mupdf": ["mutool", "draw", "-q", "-r", "72", "-F", "ppm", "-o", "-"],
    }
    for name, command in renderers.items():
        after_file = [page] if command[0] == "mutool" else []
        pictures = [picture(*command, file, *after_file)
                    for file in (folder / case["input"], document)]
        for objection in look(wanted, *pictures):
            yield f"{name}: {objection}"


# A page with a blend mode is put together in another way: MuPDF rounds by up to 2 of 255.
HARDLY = 3


def look(wanted, before, after):
    scale = 72 / 25.4
    left, top, width, height = (wanted[k] * scale for k in ("left", "top", "width", "height"))
    if before[:2] != after[:2]:
        yield f"the page is {after[:2]} pixels, and was {before[:2]}"
        return
    pixels = after[0]
    changed = [divmod(i // 3, pixels) for i in range(0, len(after[2]), 3)
               if before[2][i:i + 3] != after[2][i:i + 3]
               and max(abs(a - b) for a, b in zip(before[2][i:i + 3], after[2][i:i + 3])) > HARDLY]
    stray = [(x, y) for y, x in changed
             if not (left - 2 <= x <= left + width + 1 and top - 2 <= y <= top + height + 1)]
    if stray:
        yield f"{len(stray)} pixels changed outside of the picture, the first at {stray[0]}"
    for place, colour in zip([(1, 1), (3, 1), (1, 3), (3, 3)], wanted["quarters"]):
        x, y = int(left + width * place[0] / 4), int(top + height * place[1] / 4)
        at = (y * pixels + x) * 3
        seen, below = after[2][at:at + 3], before[2][at:at + 3]
        # Ink on paper: what stands below the seal stays readable.
        meant = bytes(a * b // 255 for a, b in zip(below, bytes.fromhex(colour)))
        if any(abs(a - b) > 24 for a, b in zip(seen, meant)):
            yield f"the quarter at {place} is {seen.hex()}, not {meant.hex()}"


def picture(*command):
    data = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True).stdout
    header = re.match(rb"P6\s+(?:#.*\s+)*(\d+)\s+(\d+)\s+255\s", data)
    return int(header[1]), int(header[2]), data[header.end():]


JUDGES = {judge.__name__: judge for judge in [pyhanko, pdfsig, mutool, qpdf, preflight, shows]}


# ---- helpers of the judges ----

def run(*command):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def by_number(blocks, objections):
    for number, block in enumerate(blocks, 1):
        for objection in objections(number, block):
            yield f"signature {number}: {objection}"


def new_lines(case, document, folder, *command, on_error=False):
    """What a program complains about in the output and did not complain about in the input."""
    known = complaints(folder / case["input"], command, on_error)
    for line in complaints(document, command, on_error):
        if line not in known:
            yield line


def complaints(file, command, on_error):
    streams = {"stderr": subprocess.PIPE,
               "stdout": subprocess.DEVNULL if on_error else subprocess.PIPE}
    words = [str(file) if word == "FILE" else word for word in command]
    words += [] if "FILE" in command else [str(file)]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, timeout=120, **streams)
    output = (done.stderr + (done.stdout or b"")).decode("utf-8", "replace")
    output = output.replace(str(file), "FILE")
    pattern = r"\S.*" if on_error else r".*(?:WARNING|error|damaged|Error).*"
    lines = {re.sub(r"\d+", "N", line) for line in re.findall(pattern, output)}
    lines -= NO_COMPLAINTS
    if done.returncode not in (0, None):
        lines.add(f"{command[0]} ended with {done.returncode}")
    return sorted(lines)


NO_COMPLAINTS = {
    "warning: ICC support is not available",
    "No syntax or stream encoding errors found; the file may still contain",
    "errors that qpdf cannot detect",
}

# As many pages of a document are looked at and drawn in search of complaints.
DRAWN = "10"


# ---- verdicts ----

def judged(judge, case, document, folder):
    """The judge's objections, a crash being one."""
    try:
        return list(JUDGES[judge](case, document, folder))
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]


def surprises(judge, case, objections):
    """Objections that no blind spot explains, and blind spots that do not show."""
    unexplained = list(objections)
    for name, concerns, pattern, _ in BLIND_SPOTS:
        if name == judge and concerns(case):
            if not any(re.fullmatch(pattern, objection) for objection in objections):
                unexplained.append(f"the blind spot {pattern!r} is gone: remove its row")
            unexplained = [line for line in unexplained if not re.fullmatch(pattern, line)]
    return unexplained


def judge_case(work):
    case, folder = work
    objections = {judge: judged(judge, case, folder / case["file"], folder) for judge in JUDGES}
    return {judge: surprises(judge, case, said) for judge, said in objections.items()}


def main_run(cases, folder):
    wrong, blind = 0, {}
    with multiprocessing.Pool() as pool:
        for case, verdicts in zip(cases, pool.imap(judge_case, [(c, folder) for c in cases])):
            for judge, said in verdicts.items():
                for line in said:
                    print(f"{case['file']}: {judge}: {line}")
                    wrong += 1
            for judge, concerns, _, why in BLIND_SPOTS:
                if concerns(case):
                    blind[judge, why] = blind.get((judge, why), 0) + 1
            if refusal := refusal_to_be_strict(case):
                blind["pyhanko", f"read leniently: {refusal}"] = 1
    print("what the judges could not judge:")
    for (judge, why), count in sorted(blind.items()):
        print(f"  {judge}, {count} documents: {why}")
    print(f"{len(cases)} documents before {len(JUDGES)} judges: {wrong} surprises")
    return wrong == 0 and len(cases) > 0


# ---- the self-test ----

def flip_bit(data):
    """One bit of the first stream's data: covered by every signature."""
    start = re.search(rb"stream\r?\n", data).end() + 2
    data[start] ^= 1


def break_signature(data):
    """One digit inside the signature value, which stands last in the CMS."""
    last = list(re.finditer(rb"/Contents\s*<([0-9a-fA-F]+)>", data))[-1]
    at = last.start(1) + len(last[1].rstrip(b"0")) - 12
    data[at] = ord("1" if data[at] != ord("1") else "2")


def append_tail(data):
    """A comment after the end: covered by no signature."""
    data.extend(b"\n% added later\n")


def break_startxref(data):
    """The file's last pointer leads nowhere."""
    at = re.search(rb"\d", data[data.rindex(b"startxref"):]).start() + data.rindex(b"startxref")
    data[at] = ord("9" if data[at] != ord("9") else "8")


DAMAGES = {"bit": flip_bit, "signature": break_signature, "tail": append_tail,
           "startxref": break_startxref}


def lies(case):
    """The same case with one thing said of it that is not so."""
    first, *others = case["signatures"]
    other_digest = "sha512" if case["digest"] == "sha256" else "sha256"
    changes = {
        "another digest": {"digest": other_digest},
        "another mechanism": {"mechanism": "dsa"},
        "another sub_filter": {"sub_filter": "ETSI.RFC3161"},
        "no trust anchor": {"roots": []},
        "another century": {"at": "2126-01-01T00:00:00+00:00"},
        "a signature more": {"signatures": case["signatures"] + [{**first, "field": "ghost", "also": []}]},
        "a signature less": {"signatures": others},
        "another field": {"signatures": [{**first, "field": "ghost"}, *others]},
        "another permission": {"signatures": [{**first, "certifies": 9}, *others]},
        "another lock": {"signatures": [{**first, "locks": {"action": "All", "fields": ["x"]}},
                                        *others]},
    }
    if STAMPED(case):
        changes["no time-stamp"] = {"stamped": None}
        changes["a time-stamp elsewhere"] = {"stamped": "ghost"}
    return {name: {**case, **change} for name, change in changes.items()}


def self_test_case(work):
    case, folder = work
    missed, noticed = [], 0
    before = judge_case(work)
    for name, lie in ({} if JUNK(case) else lies(case)).items():
        said = judged("pyhanko", lie, folder / case["file"], folder)
        if set(said) - set(before["pyhanko"]):
            noticed += 1
        else:
            missed.append(f"{case['file']}: pyhanko does not notice the lie: {name}")
    for name, damage in DAMAGES.items():
        data = bytearray((folder / case["file"]).read_bytes())
        damage(data)
        with tempfile.NamedTemporaryFile(suffix=".pdf") as damaged:
            damaged.write(data)
            damaged.flush()
            for judge in JUDGES:
                if any((judge, name) == row[:2] and row[2](case) for row in CANNOT_NOTICE):
                    continue
                said = judged(judge, case, pathlib.Path(damaged.name), folder)
                if set(surprises(judge, case, said)) - set(before[judge]):
                    noticed += 1
                else:
                    missed.append(f"{case['file']}: {judge} does not notice: {name}")
    return noticed, missed


def self_test(cases, folder):
    """One case of each key and of each kind; `layout-…` is one kind, `page-…` another."""
    seen, chosen = set(), []
    for case in cases:
        traits = {case["key"], case["kind"].split("-")[0]}
        if not traits <= seen:
            seen |= traits
            chosen.append(case)
    with multiprocessing.Pool() as pool:
        results = pool.map(self_test_case, [(case, folder) for case in chosen])
    missed = [line for _, lines in results for line in lines]
    print(*missed, sep="\n", end="\n" if missed else "")
    missed += look_at_wrong_pictures()
    missed += validate_what_broke_its_claim(cases, folder)
    noticed = sum(number for number, _ in results)
    print(f"self-test: {len(chosen)} documents damaged or lied about, {noticed} times noticed, "
          f"{len(missed)} missed")
    return noticed > 0 and not missed


def validate_what_broke_its_claim(cases, folder):
    """The validator on sound documents with one thing in them that PDF/A-1 does not permit."""
    missed, damages = [], {
        "a widget that is not printed": (b"/F 132", b"/F 128"),
        "no appearance": (b"/AP << /N", b"/Ap << /N"),
    }
    archived = [case for case in cases if case["kind"] == "archived"][0]
    for name, (what, instead) in damages.items():
        data = (folder / archived["file"]).read_bytes()
        if what not in data:
            missed.append(f"{archived['file']}: nothing to damage for: {name}")
        with tempfile.NamedTemporaryFile(suffix=".pdf") as damaged:
            damaged.write(data.replace(what, instead))
            damaged.flush()
            if not judged("preflight", archived, pathlib.Path(damaged.name), folder):
                missed.append(f"{archived['file']}: preflight does not notice: {name}")
    return missed


def look_at_wrong_pictures():
    """The eyes of `shows` on small made-up pages: right, turned, mirrored, shifted, absent."""
    red, green, blue, black = b"\xff\0\0", b"\0\xff\0", b"\0\0\xff", b"\0\0\0"
    names = [colour.hex() for colour in (red, green, blue, black)]
    wanted = {"left": 20 * 25.4 / 72, "top": 10 * 25.4 / 72, "width": 16 * 25.4 / 72,
              "height": 8 * 25.4 / 72, "quarters": names}

    def page(quarters=(), left=20, paper=b"\xff\xff\xff"):
        rows = [[paper] * 60 for _ in range(40)]
        for index, colour in enumerate(quarters):
            for y in range(4):
                for x in range(8):
                    rows[10 + index // 2 * 4 + y][left + index % 2 * 8 + x] = colour
        return 60, 40, b"".join(b"".join(row) for row in rows)

    wrong = {
        "absent": page(),
        "turned": page([black, blue, green, red]),
        "mirrored": page([green, red, black, blue]),
        "shifted": page([red, green, blue, black], left=26),
    }
    missed = [f"look does not notice: {name}" for name, after in wrong.items()
              if not list(look(wanted, page(), after))]
    if list(look(wanted, page(), page([red, green, blue, black]))):
        missed.append("look objects to the right picture")
    grey, dark = b"\x80\x80\x80", [b"\x80\0\0", b"\0\x80\0", b"\0\0\x80", black]
    if not list(look(wanted, page(paper=grey), page([red, green, blue, black], paper=grey))):
        missed.append("look does not notice: covering")
    if list(look(wanted, page(paper=grey), page(dark, paper=grey))):
        missed.append("look objects to a picture that multiplies")
    return missed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    # pyHanko logs a traceback for what it also returns as a status.
    logging.disable()
    cases = json.loads((options.folder / "cases.json").read_text())
    fine = (self_test if options.self_test else main_run)(cases, options.folder)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
