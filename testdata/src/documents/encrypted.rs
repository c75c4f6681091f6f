//! Encrypted documents, made once by `encrypted/make.sh`. The owner password is `owner`.

use super::*;

pub(super) fn list() -> Vec<Document> {
    use Expectation::{Closed, Encrypted};
    vec![
        document!(encrypted_rc4_40, Encrypted),
        document!(encrypted_rc4_128, Encrypted),
        document!(encrypted_aes_128, Encrypted),
        document!(encrypted_aes_128_clear_metadata, Encrypted),
        document!(encrypted_aes_256, Encrypted),
        document!(encrypted_aes_256_object_streams, Encrypted),
        document!(encrypted_aes_256_packed_form, Encrypted),
        document!(encrypted_for_signing_only, Encrypted),
        document!(encrypted_nothing_allowed, Encrypted),
        document!(encrypted_with_password, Closed),
        document!(encrypted_revision_5, Closed),
        document!(encrypted_for_a_certificate, Closed),
    ]
}

/// A form, RC4 with 40 bits (revision 2), empty user password.
pub fn encrypted_rc4_40() -> Vec<u8> {
    include_bytes!("../../encrypted/rc4_40.pdf").to_vec()
}

/// Three pages, RC4 with 128 bits (revision 3), empty user password.
pub fn encrypted_rc4_128() -> Vec<u8> {
    include_bytes!("../../encrypted/rc4_128.pdf").to_vec()
}

/// A form, AES with 128 bits (revision 4), empty user password.
pub fn encrypted_aes_128() -> Vec<u8> {
    include_bytes!("../../encrypted/aes_128.pdf").to_vec()
}

/// PDF/A with its metadata in plain, AES with 128 bits, empty user password.
pub fn encrypted_aes_128_clear_metadata() -> Vec<u8> {
    include_bytes!("../../encrypted/aes_128_clear_metadata.pdf").to_vec()
}

/// Three pages, AES with 256 bits (revision 6), empty user password.
pub fn encrypted_aes_256() -> Vec<u8> {
    include_bytes!("../../encrypted/aes_256.pdf").to_vec()
}

/// Three pages in object streams, AES with 256 bits, empty user password.
pub fn encrypted_aes_256_object_streams() -> Vec<u8> {
    include_bytes!("../../encrypted/aes_256_object_streams.pdf").to_vec()
}

/// A form in object streams, AES with 256 bits, empty user password.
pub fn encrypted_aes_256_packed_form() -> Vec<u8> {
    include_bytes!("../../encrypted/aes_256_packed_form.pdf").to_vec()
}

/// Empty signature fields, AES with 256 bits; without a password they may be signed, and nothing else.
pub fn encrypted_for_signing_only() -> Vec<u8> {
    include_bytes!("../../encrypted/aes_256_signing_only.pdf").to_vec()
}

/// Empty signature fields, AES with 256 bits; without a password nothing may be changed.
pub fn encrypted_nothing_allowed() -> Vec<u8> {
    include_bytes!("../../encrypted/aes_256_nothing_allowed.pdf").to_vec()
}

/// Three pages, AES with 256 bits; the user password is `user`.
pub fn encrypted_with_password() -> Vec<u8> {
    include_bytes!("../../encrypted/aes_256_with_password.pdf").to_vec()
}

/// A form, AES with 256 bits by the handler of revision 5; the user password is `user`.
pub fn encrypted_revision_5() -> Vec<u8> {
    include_bytes!("../../encrypted/aes_256_revision_5.pdf").to_vec()
}

/// A form, encrypted for the holder of a certificate.
pub fn encrypted_for_a_certificate() -> Vec<u8> {
    include_bytes!("../../encrypted/for_a_certificate.pdf").to_vec()
}
