"""Looks at a bundle of evidence as its README tells a stranger to: with the tools of others alone.

    python3 tests/interop/bundle.py target/interop
"""

import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile


def main(folder):
    evidence = pathlib.Path(folder) / "evidence"
    bundle, root = evidence / "bundle.zip", evidence / "root.pem"
    at = (evidence / "at").read_text()
    with zipfile.ZipFile(bundle) as archive:
        assert archive.testzip() is None, "zipfile finds a wrong checksum"
        names = archive.namelist()
        assert names[:2] == ["manifest.json", "manifest.p7s"], names
        contents = {name: archive.read(name) for name in names}
    if shutil.which("unzip"):
        run("unzip", "-tqq", bundle)
    listed(names, contents)
    trail(contents)
    documents(contents)
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        for name, content in contents.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        signatures(place, root, at)
    print(f"{bundle}: {len(names)} entries, all as they should be")


def listed(names, contents):
    """Every entry is the one of the manifest, in its order."""
    manifest = json.loads(contents["manifest.json"])
    assert [entry["name"] for entry in manifest["entries"]] == names[2:]
    for entry in manifest["entries"]:
        content = contents[entry["name"]]
        assert len(content) == entry["length"], entry["name"]
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], entry["name"]


def trail(contents):
    """The hashes follow from each other, and end at the head."""
    previous, count = "00" * 32, 0
    for line in contents["trail.jsonl"].decode().splitlines():
        entry = json.loads(line)
        assert entry["previous"] == previous, line
        text = b"csign-audit-v1\0" + bytes.fromhex(previous) + entry["canonical"].encode()
        previous = hashlib.sha256(text).hexdigest()
        assert entry["hash"] == previous, line
        assert json.loads(entry["canonical"])["seq"] == count, line
        count += 1
    head = json.loads(contents["head.json"])
    assert (head["len"], head["hash"]) == (count, previous), head


def documents(contents):
    """Revisions are ranges of the documents."""
    evidence = json.loads(contents["evidence.json"])
    for number, document in enumerate(evidence["documents"], start=1):
        content = contents[f"documents/{number}.pdf"]
        assert len(content) == document["length"]
        for revision in document["revisions"]:
            own = content[revision["start"] : revision["end"]]
            assert "sha256:" + hashlib.sha256(own).hexdigest() == revision["digest"]
            until = content[: revision["end"]]
            assert "sha256:" + hashlib.sha256(until).hexdigest() == revision["document_digest"]


def signatures(place, root, at):
    """OpenSSL takes the signatures over the manifest and over a grant, and reads the certificates."""
    verify = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-CAfile", root]
    verify += ["-purpose", "any", "-attime", at]
    manifest = place / "manifest.json"
    run(*verify, "-in", place / "manifest.p7s", "-content", manifest, "-out", place / "out")
    run(*verify, "-in", place / "grants/1.p7m", "-out", place / "out")
    changed = place / "changed.json"
    changed.write_bytes(manifest.read_bytes().replace(b"README", b"Readme", 1))
    broken = [*verify, "-in", place / "manifest.p7s", "-content", changed, "-out", place / "out"]
    assert subprocess.run(broken, capture_output=True).returncode != 0, "a change goes unnoticed"
    certificates = sorted((place / "certificates").iterdir())
    assert certificates, "no certificates"
    for certificate in certificates:
        told = run("openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha256")
        digits = told.split("=")[1].strip().replace(":", "").lower()
        assert digits == certificate.stem, certificate


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


if __name__ == "__main__":
    main(sys.argv[1])
