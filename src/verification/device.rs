//! A source for tests that cannot be had as a slice: what is read from it is read piece by piece.

use crate::pdf::Source;

pub(super) struct Device(pub(super) Vec<u8>);

impl Source for Device {
    fn len(&self) -> u64 {
        Source::len(&self.0)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<()> {
        self.0.read_at(offset, buffer)
    }
}
