"""Makes signed documents whose algorithms were strong once. Needs asn1crypto and cryptography.

Everything in it is for tests and public: TRUST NOTHING HERE. The keys are thrown away; the results are
committed, since they are not reproducible byte for byte.
"""

import hashlib
import pathlib
from datetime import datetime, timezone

from asn1crypto import cms, core, keys, pem, tsp, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

HERE = pathlib.Path(__file__).parent
HASHES = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256()}
SERIAL = iter(range(1001, 2000))


def day(year, month=6, of_month=1):
    return datetime(year, month, of_month, tzinfo=timezone.utc)


class Party:
    """Somebody with a key, and a certificate by an issuer or by himself."""

    def __init__(self, name, bits, issuer=None, digest="sha256", extensions=()):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
        public = self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.name = x509.Name.build({"country_name": "CN", "common_name": name})
        issuer = issuer or self
        tbs = x509.TbsCertificate(
            {
                "version": "v3",
                "serial_number": next(SERIAL),
                "signature": {"algorithm": f"{digest}_rsa"},
                "issuer": issuer.name,
                "validity": {
                    "not_before": x509.Time({"utc_time": day(2000)}),
                    "not_after": x509.Time({"general_time": day(2060)}),
                },
                "subject": self.name,
                "subject_public_key_info": keys.PublicKeyInfo.load(public),
                "extensions": list(extensions),
            }
        )
        self.certificate = x509.Certificate(
            {
                "tbs_certificate": tbs,
                "signature_algorithm": {"algorithm": f"{digest}_rsa"},
                "signature_value": issuer.sign(tbs.dump(), digest),
            }
        )

    def sign(self, message, digest):
        return self.key.sign(message, padding.PKCS1v15(), HASHES[digest])


def extension(name, value, critical=True):
    return {"extn_id": name, "critical": critical, "extn_value": value}


AUTHORITY = [
    extension("basic_constraints", {"ca": True}),
    extension("key_usage", {"key_cert_sign", "crl_sign"}),
]
SIGNER = [extension("key_usage", {"digital_signature", "non_repudiation"})]
STAMPING = SIGNER + [extension("extended_key_usage", ["time_stamping"])]

ROOT = Party("Weak Test Root", 2048, extensions=AUTHORITY)
STRONG = Party("Strong Signer", 2048, ROOT, extensions=SIGNER)
SHORT = Party("Signer with RSA-1024", 1024, ROOT, extensions=SIGNER)
UNDER_SHA1 = Party("Signer under SHA-1", 2048, ROOT, "sha1", SIGNER)
STRONG_TSA = Party("Strong Time-Stamping", 2048, ROOT, extensions=STAMPING)
SHORT_TSA = Party("Time-Stamping with RSA-1024", 1024, ROOT, extensions=STAMPING)


def attribute(name, value):
    return cms.CMSAttribute({"type": name, "values": [value]})


def signed_data(party, digest, content_type, content, message_digest, attributes=(), unsigned=()):
    certificate_hash = hashlib.sha256(party.certificate.dump()).digest()
    signed = cms.CMSAttributes(
        [
            attribute("content_type", content_type),
            attribute("message_digest", message_digest),
            attribute(
                "signing_certificate_v2",
                tsp.SigningCertificateV2({"certs": [{"cert_hash": certificate_hash}]}),
            ),
            *attributes,
        ]
    )
    signature = party.sign(signed.dump(force=True), digest)
    return signature, cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": {
                "version": "v1" if content_type == "data" else "v3",
                "digest_algorithms": [{"algorithm": digest}],
                "encap_content_info": {"content_type": content_type, "content": content},
                "certificates": [party.certificate],
                "signer_infos": [
                    {
                        "version": "v1",
                        "sid": cms.SignerIdentifier(
                            {
                                "issuer_and_serial_number": {
                                    "issuer": party.certificate.issuer,
                                    "serial_number": party.certificate.serial_number,
                                }
                            }
                        ),
                        "digest_algorithm": {"algorithm": digest},
                        "signed_attrs": signed,
                        "signature_algorithm": {"algorithm": "rsassa_pkcs1v15"},
                        "signature": signature,
                        "unsigned_attrs": list(unsigned),
                    }
                ],
            },
        }
    )


def token(authority, digest, signature, time):
    info = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": "1.2.3.4.1",
            "message_imprint": {
                "hash_algorithm": {"algorithm": digest},
                "hashed_message": hashlib.new(digest, signature).digest(),
            },
            "serial_number": next(SERIAL),
            "gen_time": time,
        }
    )
    return signed_data(
        authority,
        digest,
        "tst_info",
        core.ParsableOctetString(info.dump()),
        hashlib.new(digest, info.dump()).digest(),
    )[1]


def document(name, party, digest, stamps=(), sha1_inside=False):
    room = 2 * 6000
    sub_filter = "adbe.pkcs7.sha1" if sha1_inside else "adbe.pkcs7.detached"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] /SigFlags 3 >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [5 0 R] >>",
        f"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /{sub_filter} "
        f"/ByteRange [0 {'0' * 10} {'0' * 10} {'0' * 10}] /Contents <{'0' * room}> >>",
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature) /Rect [0 0 0 0] /F 132 "
        "/P 3 0 R /V 4 0 R >>",
    ]
    out, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out += (
        f"xref\n0 6\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    ).encode()
    begin = out.index(b"<" + b"0" * room)
    end = begin + room + 2
    ranges = f"[0 {begin:010} {end:010} {len(out) - end:010}]".encode()
    at = out.index(b"[0 0000000000")
    out = out[:at] + ranges + out[at + len(ranges) :]
    covered = out[:begin] + out[end:]

    def message(unsigned):
        if sha1_inside:
            inner = hashlib.sha1(covered).digest()
            return signed_data(
                party, digest, "data", inner, hashlib.new(digest, inner).digest(), (), unsigned
            )
        hashed = hashlib.new(digest, covered).digest()
        return signed_data(party, digest, "data", None, hashed, (), unsigned)

    signature, _ = message([])
    unsigned = [
        attribute("signature_time_stamp_token", token(authority, with_digest, signature, time))
        for authority, with_digest, time in stamps
    ]
    value = message(unsigned)[1].dump().hex()
    assert len(value) <= room, len(value)
    out = out[: begin + 1] + value.ljust(room, "0").encode() + out[end - 1 :]
    (HERE / f"{name}.pdf").write_bytes(out)


(HERE / "root.crt").write_bytes(pem.armor("CERTIFICATE", ROOT.certificate.dump()))
strong_2008 = (STRONG_TSA, "sha256", day(2008))
strong_2010 = (STRONG_TSA, "sha256", day(2010))
weak_2008 = (SHORT_TSA, "sha1", day(2008))
document("sha1", STRONG, "sha1")
document("sha1-stamped-2008", STRONG, "sha1", [strong_2008])
document("sha1-stamped-2010", STRONG, "sha1", [strong_2010])
document("sha1-weakly-stamped", STRONG, "sha1", [weak_2008])
document("sha1-inside-stamped-2008", STRONG, "sha256", [strong_2008], sha1_inside=True)
document("short-key", SHORT, "sha256")
document("short-key-stamped-2008", SHORT, "sha256", [strong_2008])
document("under-sha1", UNDER_SHA1, "sha256")
document("under-sha1-stamped-2008", UNDER_SHA1, "sha256", [strong_2008])
