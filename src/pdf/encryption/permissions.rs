//! What a document lets those do who open it as users (ISO 32000-2 §7.6.4.2, Table 22).

/// The permissions of a document, as `/P` of its encryption dictionary states them.
///
/// They bind whoever opened it with the user's password, or with none; the owner may do everything.
///
/// ```
/// use sealwright::limits::Limits;
/// use sealwright::pdf::{File, Protection};
///
/// let bytes = sealwright_testdata::documents::encrypted_aes_256();
/// let file = File::open(&bytes, Limits::default())?;
/// let Protection::Opened(opened) = file.protection() else { panic!("its password is empty") };
/// assert!(opened.permissions().may_sign());
/// # Ok::<(), sealwright::pdf::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permissions {
    bits: u32,
    /// Handlers of revision 2 know no bits beyond the sixth.
    is_first_kind: bool,
}

impl Permissions {
    pub(super) fn new(bits: u32, revision: u8) -> Self {
        Self { bits, is_first_kind: revision < 3 }
    }

    /// Nothing that is listed is allowed: for permissions that contradict themselves.
    pub(super) fn none() -> Self {
        Self { bits: 0, is_first_kind: true }
    }

    /// The integer of `/P`, as 32 bits without sign.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.bits
    }

    /// Bit 4: pages and everything else that no other bit is about may be changed.
    #[must_use]
    pub fn may_modify(self) -> bool {
        self.bit(4)
    }

    /// Bits 6 and 9: existing fields may be filled in, signature fields among them.
    #[must_use]
    pub fn may_sign(self) -> bool {
        self.bit(6) || (self.bit(9) && !self.is_first_kind)
    }

    /// Bits 4 and 6 together: fields may be made, signature fields among them.
    #[must_use]
    pub fn may_create_fields(self) -> bool {
        self.bit(4) && self.bit(6)
    }

    fn bit(self, position: u32) -> bool {
        self.bits >> (position - 1) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_are_those_of_the_table() {
        let answers = |bits: u32, revision: u8| {
            let them = Permissions::new(bits, revision);
            (them.may_modify(), them.may_sign(), them.may_create_fields())
        };
        assert_eq!(answers(0xFFFF_FFFC, 4), (true, true, true));
        assert_eq!(answers(0b1000, 3), (true, false, false));
        assert_eq!(answers(0b10_0000, 3), (false, true, false));
        assert_eq!(answers(1 << 8, 3), (false, true, false));
        assert_eq!(answers(1 << 8, 2), (false, false, false), "revision 2 has no bit 9");
        assert!(!Permissions::none().may_sign());
    }
}
