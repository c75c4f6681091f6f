//! Documents, seals and identities for tests.
