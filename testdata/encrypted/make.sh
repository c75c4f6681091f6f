#!/bin/sh
# Encrypts documents of the zoo with qpdf, and one for a certificate with pyHanko. The results are
# committed: keys and salts are drawn at random, so running this again replaces them with others. Names
# on the command line make only those.
set -eu
cd "$(dirname "$0")"
zoo=$(mktemp -d)
trap 'rm -r "$zoo"' EXIT
cargo run --quiet --package sealwright-testdata --bin generate -- zoo "$zoo"
wanted=" $* "

# make NAME DOCUMENT ARGUMENTS…
make() {
    name=$1; document=$2; shift 2
    case $wanted in "  " | *" $name "*) ;; *) return 0 ;; esac
    qpdf --allow-weak-crypto "$@" -- "$zoo/strict-$document.pdf" "$name.pdf"
}

make rc4_40 form_indirect --encrypt "" owner 40
make rc4_128 classic_table --encrypt "" owner 128 --use-aes=n
make aes_128 form_indirect --encrypt "" owner 128 --use-aes=y
make aes_128_clear_metadata pdf_a_2b --encrypt "" owner 128 --use-aes=y --cleartext-metadata
make aes_256 classic_table --encrypt "" owner 256
make aes_256_object_streams object_streams --object-streams=preserve --encrypt "" owner 256
make aes_256_packed_form form_in_object_streams --object-streams=preserve --encrypt "" owner 256
make aes_256_revision_5 form_indirect --encrypt user owner 256 --force-R5
make aes_256_with_password classic_table --encrypt user owner 256
make aes_256_signing_only several_empty_signature_fields --encrypt "" owner 256 --modify=form
make aes_256_nothing_allowed several_empty_signature_fields --encrypt "" owner 256 --modify=none

case $wanted in "  " | *" for_a_certificate "*) python3 for_a_certificate.py "$zoo/strict-form_indirect.pdf" ;; esac
