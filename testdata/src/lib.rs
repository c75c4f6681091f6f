//! Documents, seals and identities for the tests, benches and examples of sealwright.
//!
//! Everything is made in code, and made the same way every time. Nothing here depends on sealwright,
//! so that what is tested cannot share a mistake with what tests it.
//!
//! | wanted | where |
//! |---|---|
//! | the sample contract and where its seal belongs | [`contract`] |
//! | a company seal | [`seal`] |
//! | signers, authorities, keys | [`pki`] |
//! | a time-stamping authority | [`tsa`] |
//! | what says whether certificates were revoked | [`revocation`] |
//! | a PDF with one property | [`documents`] |
//! | what other software, or an attacker, appends | [`appended`] |
//! | forged documents, each with its honest twin | [`attacks`] |
//! | a picture that shows which way is up | [`faces`] |
//! | a PDF with words to be found | [`texts`] |
//! | a font | [`font`] |
//! | what somebody wrote by hand | [`handwriting`] |
//! | a PDF of one's own | [`pdf`] |

pub mod appended;
pub mod attacks;
pub mod contract;
mod der;
pub mod documents;
pub mod faces;
pub mod font;
pub mod handwriting;
pub mod pdf;
pub mod pki;
pub mod random;
mod raster;
pub mod revocation;
pub mod seal;
pub mod texts;
pub mod tsa;
