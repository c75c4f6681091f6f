//! Keys and chains from PKCS#12 files (RFC 7292); only with the feature `pkcs12`.

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error as FileError;
use zeroize::Zeroizing;

use super::certificate::Certificate;
use super::error::Error;
use super::private_key::PrivateKey;

impl PrivateKey {
    /// Opens a PKCS#12 file (`.p12`, `.pfx`): the first key that can be used, and its certificates,
    /// the signer's first and then its issuers as far as the file has them.
    ///
    /// Files as OpenSSL 3 and current browsers write them (PBES2 with AES) are read; those
    /// encrypted with RC2 or Triple-DES are refused by name. The library that decrypts the file
    /// does not wipe its own buffers.
    ///
    /// ```
    /// use sealwright::pki::PrivateKey;
    ///
    /// # let file = include_bytes!("../../testdata/pki/p256.p12");
    /// let (key, chain) = PrivateKey::from_pkcs12(file, "secret")?;
    /// assert!(key.belongs_to(&chain[0]));
    /// # Ok::<(), sealwright::pki::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::WrongPassword`]; [`Error::BadPkcs12`] for files that are damaged, encrypted with
    /// something else, or without a key and its certificate; errors of [`PrivateKey::parse`].
    pub fn from_pkcs12(file: &[u8], password: &str) -> Result<(Self, Vec<Certificate>), Error> {
        let archive =
            Pkcs12Archive::from_pkcs12(file, password).map_err(|error| explain(&error))?;
        // What cannot be read is of no use in a chain, and no reason to refuse the key.
        let certificates = archive
            .certs
            .iter()
            .filter_map(|bag| Certificate::from_der(bag.cert.as_der()).ok())
            .collect::<Vec<_>>();
        let mut refusal = bad("it holds no private key");
        for bag in archive.keys {
            let der = Zeroizing::new(bag.key.as_der().to_vec());
            match pair(&der, &certificates) {
                Ok((key, signer)) => return Ok((key, chain(signer, &certificates))),
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }
}

/// The key and the certificate that goes with it.
fn pair<'c>(
    der: &[u8],
    certificates: &'c [Certificate],
) -> Result<(PrivateKey, &'c Certificate), Error> {
    let mut refusal = bad("it holds no certificate for its private key");
    for certificate in certificates {
        match PrivateKey::with_certificate(der, certificate) {
            Ok(key) => return Ok((key, certificate)),
            // The next certificate may fit.
            Err(Error::KeyMismatch { .. } | Error::BadKey { .. }) => {}
            Err(error) => refusal = error,
        }
    }
    Err(refusal)
}

/// The signer and its issuers by name, each once.
fn chain(signer: &Certificate, certificates: &[Certificate]) -> Vec<Certificate> {
    let mut chain = vec![signer.clone()];
    let mut last = signer;
    while let Some(issuer) = certificates
        .iter()
        .find(|issuer| issuer.subject_der() == last.issuer_der() && !chain.contains(issuer))
    {
        chain.push(issuer.clone());
        last = issuer;
    }
    chain
}

fn explain(error: &FileError) -> Error {
    match error {
        FileError::MacError(_) => Error::WrongPassword,
        // Without a MAC, a wrong password shows in the padding.
        FileError::Pkcs5Error(_) | FileError::UnpadError => Error::WrongPassword,
        FileError::UnsupportedEncryptionScheme | FileError::UnsupportedMacAlgorithm => bad(
            "it is encrypted with an old or unknown method (such as RC2 or Triple-DES); write it anew \
             with `openssl pkcs12 -legacy -in OLD -nodes -out TEMP` and \
             `openssl pkcs12 -export -in TEMP -out NEW`",
        ),
        FileError::DerError(_) | FileError::InvalidVersion | FileError::UnsupportedContentType => {
            bad("it is damaged, or not PKCS#12 at all")
        }
        other => bad(&other.to_string()),
    }
}

fn bad(reason: &str) -> Error {
    Error::BadPkcs12 { reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::fixtures;

    #[test]
    fn key_and_chain_come_out_signer_first() {
        let (key, chain) = PrivateKey::from_pkcs12(&fixtures::file("p256.p12"), "secret").unwrap();
        assert!(key.belongs_to(&chain[0]));
        assert_eq!(chain, ["p256", "sub"].map(fixtures::certificate));
        let (key, chain) = PrivateKey::from_pkcs12(&fixtures::file("rsa.p12"), "secret").unwrap();
        assert!(key.belongs_to(&chain[0]));
        assert_eq!(chain, ["rsa", "ca"].map(fixtures::certificate));
    }

    #[test]
    fn a_wrong_password_is_told_from_a_damaged_file_and_an_old_method() {
        let open = |file: &[u8], password| PrivateKey::from_pkcs12(file, password).unwrap_err();
        let file = fixtures::file("p256.p12");
        for password in ["Secret", "", "secret "] {
            assert_eq!(open(&file, password), Error::WrongPassword);
        }
        assert_eq!(open(&file[..file.len() / 2], "secret").code(), "pki.bad-pkcs12");
        assert_eq!(open(b"no such thing", "secret").code(), "pki.bad-pkcs12");
        let legacy = open(&fixtures::file("rsa.legacy.p12"), "secret");
        assert!(legacy.to_string().contains("openssl pkcs12 -legacy"), "{legacy}");
    }
}
