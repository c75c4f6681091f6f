//! The bytes of a ticket: numbers in big-endian order, everything of variable length behind its
//! length.

use super::error::Error;

const CUT: Error = Error::Ticket { problem: "it was cut short" };

/// Appends fields.
#[derive(Default)]
pub(super) struct Writer {
    out: Vec<u8>,
}

impl Writer {
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    pub(super) fn u8(&mut self, value: u8) {
        self.out.push(value);
    }

    pub(super) fn u16(&mut self, value: u16) {
        self.bytes(&value.to_be_bytes());
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.bytes(&value.to_be_bytes());
    }

    pub(super) fn u64(&mut self, value: u64) {
        self.bytes(&value.to_be_bytes());
    }

    pub(super) fn i64(&mut self, value: i64) {
        self.bytes(&value.to_be_bytes());
    }

    /// Eight bytes of length, then the bytes.
    pub(super) fn variable(&mut self, bytes: &[u8]) {
        self.u64(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.bytes(bytes);
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.out
    }
}

/// Takes fields off the front.
pub(super) struct Reader<'t> {
    rest: &'t [u8],
}

impl<'t> Reader<'t> {
    pub(super) fn new(bytes: &'t [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn bytes(&mut self, length: usize) -> Result<&'t [u8], Error> {
        let (front, rest) = self.rest.split_at_checked(length).ok_or(CUT)?;
        self.rest = rest;
        Ok(front)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        self.bytes(N)?.try_into().map_err(|_| CUT)
    }

    pub(super) fn u8(&mut self) -> Result<u8, Error> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Error> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Error> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, Error> {
        self.array().map(u64::from_be_bytes)
    }

    pub(super) fn i64(&mut self) -> Result<i64, Error> {
        self.array().map(i64::from_be_bytes)
    }

    pub(super) fn variable(&mut self) -> Result<&'t [u8], Error> {
        let length = usize::try_from(self.u64()?).map_err(|_| CUT)?;
        self.bytes(length)
    }

    pub(super) fn text(&mut self) -> Result<String, Error> {
        let bytes = self.variable()?.to_vec();
        String::from_utf8(bytes).map_err(|_| Error::Ticket { problem: "a text in it is none" })
    }

    /// Fails if anything is left.
    pub(super) fn finish(self) -> Result<(), Error> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(Error::Ticket { problem: "it holds more than it should" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let mut out = Writer::default();
        out.u8(1);
        out.u16(2);
        out.u32(3);
        out.i64(-4);
        out.variable("章".as_bytes());
        let bytes = out.into_bytes();
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.u8().unwrap(), 1);
        assert_eq!(reader.u16().unwrap(), 2);
        assert_eq!(reader.u32().unwrap(), 3);
        assert_eq!(reader.i64().unwrap(), -4);
        assert_eq!(reader.text().unwrap(), "章");
        assert!(reader.finish().is_ok());
    }

    #[test]
    fn a_length_that_is_not_there_reserves_nothing() {
        let mut out = Writer::default();
        out.u64(u64::MAX);
        let bytes = out.into_bytes();
        assert_eq!(Reader::new(&bytes).variable().unwrap_err().code(), "sign.stale_ticket");
        assert!(Reader::new(&bytes).finish().is_err());
    }
}
