#!/bin/sh
# Makes the small PKI of this folder with OpenSSL 3. Everything in it is for tests and public:
# TRUST NOTHING HERE. Run it in this folder; the results are committed, since they are not
# reproducible byte for byte.
set -eu
PATH=/usr/bin:$PATH
DAYS=36500

ca_ext='basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid'
leaf_ext='keyUsage=critical,digitalSignature,nonRepudiation
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid'

key() { # name, openssl genpkey options
    name=$1; shift
    openssl genpkey -quiet -out "$name.key" "$@" 2>/dev/null || openssl genpkey -out "$name.key" "$@" 2>/dev/null
}

issue() { # name, common name, issuer (or self), extensions, options
    name=$1; cn=$2; issuer=$3; ext=$4; shift 4
    openssl req -new -key "$name.key" -subj "/C=CN/O=Test Organisation 测试/CN=$cn" -utf8 -out "$name.csr"
    printf '%s\n' "$ext" >"$name.ext"
    if [ "$issuer" = self ]; then
        openssl x509 -req -in "$name.csr" -signkey "$name.key" -days $DAYS -extfile "$name.ext" \
            -set_serial "0x$(openssl rand -hex 8 | sed 's/^./7/')" -out "$name.crt" "$@" 2>/dev/null
    else
        openssl x509 -req -in "$name.csr" -CA "$issuer.crt" -CAkey "$issuer.key" -days $DAYS -extfile "$name.ext" \
            -set_serial "0x$(openssl rand -hex 8 | sed 's/^./7/')" -out "$name.crt" "$@" 2>/dev/null
    fi
    rm -f "$name.csr" "$name.ext"
}

rsa='-algorithm RSA -pkeyopt rsa_keygen_bits:2048'
ec='-algorithm EC -pkeyopt ec_param_enc:named_curve -pkeyopt'
key ca $rsa;                          issue ca 'Test Root' self "$ca_ext"
key sub $ec ec_paramgen_curve:P-256;  issue sub 'Test Intermediate' ca "$ca_ext"
key rsa $rsa;                         issue rsa 'Test Signer RSA' ca "$leaf_ext"
key p256 $ec ec_paramgen_curve:P-256; issue p256 'Test Signer P-256' sub "$leaf_ext"
key p384 $ec ec_paramgen_curve:P-384; issue p384 'Test Signer P-384' sub "$leaf_ext"
key p521 $ec ec_paramgen_curve:P-521; issue p521 'Test Signer P-521' sub "$leaf_ext"
key ed25519 -algorithm ED25519;       issue ed25519 'Test Signer Ed25519' sub "$leaf_ext"
key ed448 -algorithm ED448;           issue ed448 'Test Signer Ed448' sub "$leaf_ext"
key pss -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048
issue pss 'Test Signer PSS' ca "$leaf_ext"
key short -algorithm RSA -pkeyopt rsa_keygen_bits:1024
issue short 'Test Signer RSA-1024' ca "$leaf_ext"
key self $ec ec_paramgen_curve:P-256; issue self 'Test Self-Signed' self "$leaf_ext"
key nosign $ec ec_paramgen_curve:P-256
issue nosign 'Test Key Agreement' sub 'keyUsage=critical,keyAgreement'
key server $ec ec_paramgen_curve:P-256
issue server 'server.test' sub "$leaf_ext
extendedKeyUsage=serverAuth"
key critical $ec ec_paramgen_curve:P-256
issue critical 'Test Critical Extension' sub "$leaf_ext
1.2.3.4=critical,DER:0500"
key tsa $rsa
issue tsa 'Test Time-Stamping' ca "$leaf_ext
extendedKeyUsage=critical,timeStamping"
key under-sha1 $ec ec_paramgen_curve:P-256
issue under-sha1 'Test Under SHA-1' ca "$leaf_ext" -sha1
key under-short $ec ec_paramgen_curve:P-256
cp short.key short-ca.key;            issue short-ca 'Test Short Root' self "$ca_ext"
issue under-short 'Test Under RSA-1024' short-ca "$leaf_ext"
key version1 $ec ec_paramgen_curve:P-256
openssl req -new -key version1.key -subj '/CN=Test Version 1' -out version1.csr
openssl x509 -req -in version1.csr -CA ca.crt -CAkey ca.key -days $DAYS -set_serial 0x7101 -out version1.crt 2>/dev/null
rm -f version1.csr
# An authority that may sign revocation lists only.
key crl-only $ec ec_paramgen_curve:P-256
issue crl-only 'Test CRL Only' ca 'basicConstraints=critical,CA:TRUE
keyUsage=critical,cRLSign'
key under-crl-only $ec ec_paramgen_curve:P-256
issue under-crl-only 'Test Under CRL Only' crl-only "$leaf_ext"
# A crowd: authorities that share one name and differ in their keys, for path building.
for n in 1 2 3 4 5 6; do
    key crowd$n $ec ec_paramgen_curve:P-256
    [ $n = 1 ] && issuer=self || issuer=crowd$((n - 1))
    issue crowd$n 'Test Crowd' $issuer "basicConstraints=critical,CA:TRUE"
done
for n in 1 2 3 4 5 6; do cat crowd$n.crt; done >crowd.pem
key under-crowd $ec ec_paramgen_curve:P-256
issue under-crowd 'Test Under Crowd' crowd6 'keyUsage=critical,digitalSignature'
rm -f crowd[1-6].crt crowd[1-6].key critical.key crl-only.key server.key nosign.key under-*.key version1.key short-ca.key
# Another root of the same name, which signed nothing: a forged path.
key impostor $rsa;                    issue impostor 'Test Root' self "$ca_ext"
rm -f impostor.key

# The same keys in other forms.
openssl rsa -in rsa.key -traditional -out rsa.pkcs1.key 2>/dev/null
openssl ec -in p256.key -out p256.sec1.key 2>/dev/null
openssl ec -in p256.key -no_public -out p256.sec1-nopublic.key 2>/dev/null
openssl pkcs8 -topk8 -in p256.key -passout pass:secret -out p256.encrypted.key
openssl pkcs12 -export -inkey p256.key -in p256.crt -certfile sub.crt -passout pass:secret -out p256.p12
openssl pkcs12 -export -inkey rsa.key -in rsa.crt -certfile ca.crt -passout pass:secret -out rsa.p12
openssl pkcs12 -export -legacy -inkey rsa.key -in rsa.crt -certfile ca.crt -passout pass:secret -out rsa.legacy.p12

# Messages made by another hand.
printf 'content\n' >content
sign() { # out, signer, options
    out=$1; signer=$2; shift 2
    openssl cms -sign -binary -in content -signer "$signer.crt" -inkey "$signer.key" -outform DER -out "$out" "$@"
}
sign rsa.cms rsa -md sha256 -cades
sign pss.cms rsa -md sha384 -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:-1
sign pss-long-salt.cms rsa -md sha256 -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:-2
sign p384.cms p384 -md sha384 -certfile sub.crt
sign sha1.cms rsa -md sha1
sign short.cms short -md sha256
sign sha3.cms rsa -md sha3-256
sign noattr.cms rsa -md sha256 -noattr
sign sha1-noattr.cms rsa -md sha1 -noattr
sign keyid.cms p256 -md sha256 -keyid
sign inside.cms p256 -md sha256 -nodetach
sign stream.cms p256 -md sha256 -nodetach -stream
sign nocerts.cms p256 -md sha256 -nocerts
sign two.cms p256 -md sha256 -signer rsa.crt -inkey rsa.key
cat >tsa.cnf <<'CNF'
[tsa]
default_tsa=t
[t]
serial=./tsa.serial
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256
ess_cert_id_alg=sha256
CNF
echo 01 >tsa.serial
openssl ts -query -data content -sha256 -cert -out ts.req 2>/dev/null
openssl ts -reply -config tsa.cnf -queryfile ts.req -signer tsa.crt -inkey tsa.key -token_out -out timestamp.tst 2>/dev/null
rm -f ts.req tsa.cnf tsa.serial tsa.serial.*

# Judged with the feature `legacy-algorithms` alone.
key bp256 $ec ec_paramgen_curve:brainpoolP256r1
issue bp256 'Test Signer brainpoolP256r1' sub "$leaf_ext"
key bp384 $ec ec_paramgen_curve:brainpoolP384r1
issue bp384 'Test Signer brainpoolP384r1' sub "$leaf_ext"
key bp512 $ec ec_paramgen_curve:brainpoolP512r1
issue bp512 'Test Signer brainpoolP512r1' sub "$leaf_ext"
for curve in p521 bp256 bp384 bp512; do
    openssl cms -sign -binary -in content -signer $curve.crt -inkey $curve.key -md sha512 -outform DER -out $curve.cms
done
openssl cms -sign -binary -in content -signer p521.crt -inkey p521.key -md sha256 -outform DER -out p521-sha256.cms

# Authorities whose signatures ring does not know, each above a certificate for the key of p256.
above() { # name of the authority, digest
    cp p256.key "under-$1.key"
    issue "under-$1" "Test Signer under $1" "$1" "$leaf_ext" "-$2"
    rm "under-$1.key"
}
for curve in p521 bp256 bp384; do
    cp "$curve.key" "$curve-ca.key"
    issue "$curve-ca" "Test Root $curve" self "$ca_ext" -sha512
done
above p521-ca sha512
above bp256-ca sha256
above bp384-ca sha3-384
rm p521-ca.key bp256-ca.key bp384-ca.key
cp p256.key under-sha3.key
issue under-sha3 'Test Signer under SHA-3' ca "$leaf_ext" -sha3-256
rm under-sha3.key
