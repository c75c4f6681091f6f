#!/bin/sh
# Makes the test-only keys in this folder. They are committed so that certificates and signatures
# in tests come out the same every time; running this again replaces them all.
set -eu
cd "$(dirname "$0")"

for bits in 2048 3072; do
    openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:$bits" -out "rsa$bits.pkcs8.pem"
    openssl pkey -in "rsa$bits.pkcs8.pem" -traditional -out "rsa$bits.pkcs1.pem"
done
for curve in 256 384; do
    openssl genpkey -quiet -algorithm EC -pkeyopt "ec_paramgen_curve:P-$curve" -out "p$curve.pkcs8.pem"
    openssl pkey -in "p$curve.pkcs8.pem" -traditional -out "p$curve.sec1.pem"
done
openssl genpkey -quiet -algorithm ED25519 -out ed25519.pkcs8.pem

# The authorities of the test PKI, and one authority that nobody trusts.
for name in root intermediate stranger; do
    openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$name.pkcs8.pem"
done

# Two PKCS#12 files with the RSA-2048 signer, its certificate, and both authorities above it.
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n' >"$work/authority"
printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n' >"$work/signer"
certify() { # key, subject, extensions, the issuer's arguments...
    openssl req -new -key "$1.pkcs8.pem" -subj "/C=CN/O=Sealwright Test PKI/CN=$2" -out "$work/$1.csr"
    extensions=$3 key=$1
    shift 3
    openssl x509 -req -in "$work/$key.csr" -days 36500 -extfile "$work/$extensions" \
        -out "$work/$key.crt" "$@" 2>/dev/null
}
issuer() { printf '%s\n' -CA "$work/$1.crt" -CAkey "$1.pkcs8.pem"; }
certify root "PKCS12 Root" authority -key root.pkcs8.pem -set_serial 1
certify intermediate "PKCS12 Intermediate" authority $(issuer root) -set_serial 2
certify rsa2048 "PKCS12 Signer" signer $(issuer intermediate) -set_serial 3
cat "$work/intermediate.crt" "$work/root.crt" >"$work/chain"
for kind in modern legacy; do
    case $kind in modern) flag= ;; legacy) flag=-legacy ;; esac
    openssl pkcs12 -export $flag -inkey rsa2048.pkcs8.pem -in "$work/rsa2048.crt" \
        -certfile "$work/chain" -passout pass:sealwright -name signer -out "$kind.p12"
done
