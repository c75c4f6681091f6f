"""Holds the dependency tree to deny.toml.

    cargo metadata --all-features --format-version=1 | python3 .ci/licences.py deny.toml
    python3 .ci/licences.py --self-test

Three rules: the licence expression (SPDX) of every crate can be satisfied with allowed licences
alone, every crate comes from the one registry or from this repository, and no requirement is a
wildcard.
"""

import json
import re
import sys
import tomllib


def satisfied(expression, allowed):
    """Whether the SPDX expression can be met with allowed licences. The old `/` means OR."""
    words = re.findall(r"[()]|[^\s()]+", expression.replace("/", " OR "))

    def alternatives():
        met = together()
        while words and words[0] == "OR":
            words.pop(0)
            met = together() or met
        return met

    def together():
        met = one()
        while words and words[0] == "AND":
            words.pop(0)
            met = one() and met
        return met

    def one():
        word = words.pop(0)
        if word == "(":
            met = alternatives()
            if words.pop(0) != ")":
                raise ValueError(expression)
            return met
        if words and words[0] == "WITH":
            word = " ".join([word, words.pop(0), words.pop(0)])
        return word in allowed

    met = alternatives()
    if words:
        raise ValueError(expression)
    return met


def complaints(metadata, allowed):
    members = set(metadata["workspace_members"])
    registries = {p["source"] for p in metadata["packages"] if p["source"]}
    for source in registries:
        if not source.startswith("registry+"):
            yield f"a source that is no registry: {source}"
    if len(registries) > 1:
        yield f"more than one source: {sorted(registries)}"
    for package in metadata["packages"]:
        name = f"{package['name']} {package['version']}"
        if package["source"] is None and package["id"] not in members:
            yield f"{name}: a path outside the workspace"
        licence = package["license"]
        if licence is None or not satisfied(licence, allowed):
            yield f"{name}: the licence {licence} is not allowed"
        for dependency in package["dependencies"] if package["id"] in members else []:
            if dependency["req"] == "*" and not dependency.get("path"):
                yield f"{name}: the requirement for {dependency['name']} is a wildcard"


def self_test():
    allowed = {"MIT", "Apache-2.0", "ISC"}
    for expression in ["MIT", "GPL-3.0 OR MIT", "MIT/GPL-2.0", "(MIT OR GPL-3.0) AND ISC"]:
        assert satisfied(expression, allowed), expression
    for expression in [
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "(MIT OR ISC) AND MPL-2.0",
        "Apache-2.0 WITH LLVM-exception",
        "Zlib OR MIT AND BSD-3-Clause",
    ]:
        assert not satisfied(expression, allowed), expression

    def package(name, licence="MIT", source="registry+a", req="^1", path=None):
        dependencies = [{"name": "x", "req": req, "path": path}]
        return {"id": name, "name": name, "version": "1.0.0", "license": licence,
                "source": source, "dependencies": dependencies}

    def said(*packages):
        metadata = {"workspace_members": ["ours"], "packages": packages}
        return list(complaints(metadata, allowed))

    assert said(package("ours", source=None), package("theirs")) == []
    assert said(package("ours", source=None, req="*", path="p")) == []
    for bad in [
        [package("ours", source=None, req="*")],
        [package("theirs", licence=None)],
        [package("theirs", licence="AGPL-3.0")],
        [package("theirs", source=None)],
        [package("theirs", source="git+b")],
        [package("theirs"), package("others", source="registry+b")],
    ]:
        assert len(said(*bad)) == 1, (bad, said(*bad))


def main(arguments):
    if arguments == ["--self-test"]:
        self_test()
        return 0
    with open(arguments[0], "rb") as rules:
        allowed = set(tomllib.load(rules)["licenses"]["allow"])
    metadata = json.load(sys.stdin)
    found = sorted(complaints(metadata, allowed))
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(metadata['packages'])} packages, {len(found)} complaints")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
