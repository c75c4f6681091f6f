"""Encrypts a document for the holder of a certificate, by the public-key handler."""

import pathlib
import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.crypt import PubKeySecurityHandler
from pyhanko.pdf_utils.crypt.pubkey import RecipientEncryptionPolicy
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

here = pathlib.Path(__file__).parent
certificate = load_cert_from_pemder(here / "../pki/rsa.crt")
with open(sys.argv[1], "rb") as document:
    writer = copy_into_new_writer(PdfFileReader(document))
    handler = PubKeySecurityHandler.build_from_certs(
        [certificate], policy=RecipientEncryptionPolicy(ignore_key_usage=True)
    )
    writer._assign_security_handler(handler)
    with open(here / "for_a_certificate.pdf", "wb") as out:
        writer.write(out)
