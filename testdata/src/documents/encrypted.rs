//! Encrypted documents, made once with qpdf by `encrypted/make.sh`. The owner password is `owner`.

use super::*;

pub(super) fn list() -> Vec<Document> {
    use Expectation::Encrypted;
    vec![
        document!(encrypted_rc4_128, Encrypted),
        document!(encrypted_aes_256, Encrypted),
        document!(encrypted_aes_256_object_streams, Encrypted),
        document!(encrypted_with_password, Encrypted),
    ]
}

/// Three pages, RC4 with 128 bits, empty user password.
pub fn encrypted_rc4_128() -> Vec<u8> {
    include_bytes!("../../encrypted/rc4_128.pdf").to_vec()
}

/// Three pages, AES with 256 bits, empty user password.
pub fn encrypted_aes_256() -> Vec<u8> {
    include_bytes!("../../encrypted/aes_256.pdf").to_vec()
}

/// Three pages in object streams, AES with 256 bits, empty user password.
pub fn encrypted_aes_256_object_streams() -> Vec<u8> {
    include_bytes!("../../encrypted/aes_256_object_streams.pdf").to_vec()
}

/// Three pages, AES with 256 bits; the user password is `user`.
pub fn encrypted_with_password() -> Vec<u8> {
    include_bytes!("../../encrypted/aes_256_with_password.pdf").to_vec()
}
