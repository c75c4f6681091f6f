#!/bin/sh
# Encrypts two documents of the zoo with qpdf. The results are committed: keys and salts are drawn at
# random, so running this again replaces them with others.
set -eu
cd "$(dirname "$0")"
zoo=$(mktemp -d)
trap 'rm -r "$zoo"' EXIT
cargo run --quiet --package sealwright-testdata --bin generate -- zoo "$zoo"
table="$zoo/strict-classic_table.pdf"
streams="$zoo/strict-object_streams.pdf"

qpdf --allow-weak-crypto --encrypt "" owner 128 --use-aes=n -- "$table" rc4_128.pdf
qpdf --encrypt "" owner 256 -- "$table" aes_256.pdf
qpdf --object-streams=preserve --encrypt "" owner 256 -- "$streams" aes_256_object_streams.pdf
qpdf --encrypt user owner 256 -- "$table" aes_256_with_password.pdf
