//! JPEG streams (ITU-T T.81): which of them a PDF can hold as they are, and without what.
//!
//! The compressed picture is kept bit for bit. Everything that is not needed to decode it (Exif
//! with its places and dates, thumbnails, colour profiles that `DeviceRGB` ignores, comments,
//! whatever follows the end of the image) is left out: a contract is no place for it.

use super::Error;
use crate::statement::ColourSpace;

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const DQT: u8 = 0xDB;
const DHT: u8 = 0xC4;
const DRI: u8 = 0xDD;
const APP0: u8 = 0xE0;
const APP14: u8 = 0xEE;

/// A JFIF segment of this length carries no thumbnail.
const JFIF_LENGTH: usize = 16;

/// Decoders may have to work through the whole picture for each scan; no encoder makes more than
/// about a dozen.
const MAX_SCANS: u32 = 64;

/// What the headers of a JPEG stream say, and the stream without what PDF does not need.
#[derive(Debug)]
pub(super) struct Jpeg {
    pub(super) frame: Frame,
    adobe_transform: Option<u8>,
    has_jfif: bool,
    /// From SOI to EOI.
    pub(super) stripped: Vec<u8>,
}

/// The frame header (T.81 §B.2.2).
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    process: Process,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) components: u8,
    /// Whether the components are numbered 1, 2, 3 …, as JFIF has them.
    numbered: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Process {
    Baseline,
    /// More tables than baseline; few PDF readers were ever tested with it.
    ExtendedSequential,
    Progressive,
}

/// How a picture goes into a PDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passage {
    /// As it is, with this meaning of its components.
    AsIs { colour_space: ColourSpace, inverted: bool },
    /// Decoded, as readers would not agree on its colours.
    Decoded,
}

impl Jpeg {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let mut walk = Walk { bytes, at: 0 };
        let mut stripped = Vec::with_capacity(bytes.len());
        let (mut frame, mut adobe_transform, mut has_jfif, mut scans) = (None, None, false, 0);
        if walk.marker()? != SOI {
            return Err(Error::Jpeg { offset: 0, reason: "no start of image" });
        }
        stripped.extend([0xFF, SOI]);
        loop {
            let marker = walk.marker()?;
            if marker == EOI {
                break;
            }
            let offset = walk.at;
            let segment = walk.segment()?;
            let content = segment.get(2..).unwrap_or_default();
            let keep = match marker {
                APP0 if content.starts_with(b"JFIF\0") && segment.len() == JFIF_LENGTH => {
                    has_jfif = true;
                    true
                }
                APP14 if content.starts_with(b"Adobe") => {
                    adobe_transform = content.get(11).copied();
                    true
                }
                0xC0..=0xCF if marker != DHT => {
                    if frame.is_some() {
                        return Err(Error::Jpeg { offset, reason: "a second frame header" });
                    }
                    frame = Some(Frame::parse(marker, content, offset)?);
                    true
                }
                SOS => {
                    scans += 1;
                    if frame.is_none() {
                        return Err(Error::Jpeg {
                            offset,
                            reason: "a scan before the frame header",
                        });
                    }
                    if scans > MAX_SCANS {
                        return Err(Error::Jpeg { offset, reason: "more than 64 scans" });
                    }
                    true
                }
                DQT | DHT | DRI => true,
                0xE0..=0xEF | 0xFE => false,
                _ => return Err(Error::Jpeg { offset, reason: "an unexpected marker" }),
            };
            if keep {
                stripped.extend([0xFF, marker]);
                stripped.extend(segment);
            }
            if marker == SOS {
                stripped.extend(walk.entropy_coded()?);
            }
        }
        stripped.extend([0xFF, EOI]);
        match frame {
            Some(frame) if scans > 0 => Ok(Self { frame, adobe_transform, has_jfif, stripped }),
            _ => {
                Err(Error::Jpeg { offset: walk.at, reason: "the image ends before its first scan" })
            }
        }
    }

    /// Whether all readers will agree on what is to be seen.
    pub(super) fn passage(&self) -> Result<Passage, Error> {
        let as_is = |colour_space, inverted| Ok(Passage::AsIs { colour_space, inverted });
        let usual = self.frame.process != Process::ExtendedSequential;
        match (self.frame.components, self.adobe_transform) {
            (1, _) if usual => as_is(ColourSpace::DeviceGray, false),
            // YCbCr, said or to be assumed; three other components could be RGB for some readers.
            (3, Some(1)) if usual => as_is(ColourSpace::DeviceRgb, false),
            (3, None) if usual && (self.has_jfif || self.frame.numbered) => {
                as_is(ColourSpace::DeviceRgb, false)
            }
            (1 | 3, _) => Ok(Passage::Decoded),
            // Adobe's programs write ink as 255 − ink, and say so by leaving their marker.
            (4, Some(0 | 2)) if usual => as_is(ColourSpace::DeviceCmyk, true),
            (4, None) if usual => as_is(ColourSpace::DeviceCmyk, false),
            (4, _) => Err(Error::Unsupported { what: "this kind of JPEG in CMYK" }),
            _ => Err(Error::Unsupported { what: "a JPEG that is neither grey, RGB nor CMYK" }),
        }
    }
}

impl Frame {
    /// `content` is what follows the segment's length; `offset` is where the segment starts.
    fn parse(marker: u8, content: &[u8], offset: usize) -> Result<Self, Error> {
        let process = match marker {
            0xC0 => Process::Baseline,
            0xC1 => Process::ExtendedSequential,
            0xC2 => Process::Progressive,
            0xC3 | 0xC7 | 0xCB | 0xCF => {
                return Err(Error::Unsupported { what: "a lossless JPEG" });
            }
            0xC9 | 0xCA | 0xCC | 0xCD | 0xCE => {
                return Err(Error::Unsupported { what: "a JPEG with arithmetic coding" });
            }
            _ => return Err(Error::Unsupported { what: "a hierarchical JPEG" }),
        };
        let &[precision, h1, h0, w1, w0, components, ref rest @ ..] = content else {
            return Err(Error::Jpeg { offset, reason: "a frame header that is too short" });
        };
        if precision != 8 {
            return Err(Error::Unsupported { what: "a JPEG with other than 8 bits a sample" });
        }
        let (width, height) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
        if width == 0 || height == 0 {
            return Err(Error::Jpeg { offset, reason: "a picture without width or height" });
        }
        let specifications = rest.as_chunks::<3>().0;
        if rest.len() != usize::from(components) * 3 {
            return Err(Error::Jpeg { offset, reason: "a frame header of the wrong length" });
        }
        let numbered = specifications.iter().zip(1..).all(|([id, ..], number)| *id == number);
        let (width, height) = (u32::from(width), u32::from(height));
        Ok(Self { process, width, height, components, numbered })
    }
}

/// A walk over markers and segments (T.81 §B.1.1). It only moves forward.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Walk<'a> {
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The next marker; fill bytes before it are skipped.
    fn marker(&mut self) -> Result<u8, Error> {
        let offset = self.at;
        let fill = self.rest().iter().take_while(|byte| **byte == 0xFF).count();
        let marker = self.rest().get(fill).copied();
        self.at += fill + 1;
        match marker {
            Some(marker) if fill > 0 => Ok(marker),
            Some(_) => Err(Error::Jpeg { offset, reason: "a marker was expected here" }),
            None => Err(Error::Jpeg { offset, reason: "the image ends too early" }),
        }
    }

    /// The segment here, its two bytes of length included.
    fn segment(&mut self) -> Result<&'a [u8], Error> {
        let offset = self.at;
        let length = match self.rest() {
            [high, low, ..] => usize::from(u16::from_be_bytes([*high, *low])),
            _ => return Err(Error::Jpeg { offset, reason: "the image ends too early" }),
        };
        let segment = self
            .rest()
            .get(..length)
            .filter(|segment| segment.len() >= 2)
            .ok_or(Error::Jpeg { offset, reason: "a segment of impossible length" })?;
        self.at += length;
        Ok(segment)
    }

    /// The data of a scan, up to the next marker that is neither a stuffed byte nor a restart.
    fn entropy_coded(&mut self) -> Result<&'a [u8], Error> {
        let rest = self.rest();
        let end = memchr::memchr_iter(0xFF, rest)
            .find(|at| !matches!(rest.get(at + 1), Some(0x00 | 0xD0..=0xD7) | None))
            .ok_or(Error::Jpeg { offset: self.bytes.len(), reason: "the image ends in a scan" })?;
        self.at += end;
        Ok(rest.get(..end).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::faces::uniform_jpeg;

    use super::*;

    fn error(bytes: &[u8]) -> Error {
        Jpeg::parse(bytes).expect_err("not a JPEG that can be used")
    }

    /// With the byte after the first occurrence of `before` set to `value`.
    fn with(jpeg: &[u8], before: &[u8], value: u8) -> Vec<u8> {
        let at = jpeg.windows(before.len()).position(|bytes| bytes == before).unwrap();
        let mut changed = jpeg.to_vec();
        changed[at + before.len()] = value;
        changed
    }

    #[test]
    fn what_is_not_needed_goes_and_the_rest_stays_bit_for_bit() {
        let jpeg = uniform_jpeg(&[1, 2, 3], None);
        let mut told = jpeg[..2].to_vec();
        told.extend(b"\xFF\xFE\x00\x07Alice"); // a comment
        told.extend(b"\xFF\xFF\xFF\xE2\x00\x04ab"); // fill bytes, then an application's segment
        told.extend(&jpeg[2..]);
        told.extend([0; 100]);
        assert_eq!(Jpeg::parse(&told).unwrap().stripped, jpeg);
        assert_eq!(Jpeg::parse(&jpeg).unwrap().stripped, jpeg);
    }

    #[test]
    fn stuffed_bytes_and_restarts_are_part_of_a_scan() {
        let jpeg = uniform_jpeg(&[1], None);
        let mut scanned = jpeg[..jpeg.len() - 2].to_vec();
        scanned.extend([0xFF, 0x00, 0x12, 0xFF, 0xD3, 0x34, 0xFF, 0xD9]);
        assert_eq!(Jpeg::parse(&scanned).unwrap().stripped, scanned);
    }

    #[test]
    fn kinds_that_pdf_does_not_know_are_named() {
        let jpeg = uniform_jpeg(&[1], None);
        let frame_at = jpeg.windows(2).position(|bytes| bytes == [0xFF, 0xC0]).unwrap();
        let kinds = [
            (0xC3, "lossless"),
            (0xC5, "hierarchical"),
            (0xC9, "arithmetic"),
            (0xCC, "arithmetic"),
        ];
        for (marker, kind) in kinds {
            let mut changed = jpeg.clone();
            changed[frame_at + 1] = marker;
            let error = error(&changed);
            assert_eq!(error.code(), "seal.image_unsupported");
            assert!(error.to_string().contains(kind), "{error}");
        }
        let twelve_bits = with(&jpeg, &[0xFF, 0xC0, 0, 11], 12);
        assert!(error(&twelve_bits).to_string().contains("8 bits"));
    }

    #[test]
    fn damage_is_found_where_it_is() {
        let jpeg = uniform_jpeg(&[1], None);
        let frame_at = jpeg.windows(2).position(|bytes| bytes == [0xFF, 0xC0]).unwrap();
        let offset_of = |bytes: &[u8]| match error(bytes) {
            Error::Jpeg { offset, reason } => (offset, reason),
            other => panic!("{other}"),
        };
        assert_eq!(offset_of(b"\xFF\xD9"), (0, "no start of image"));
        assert_eq!(offset_of(b"\xFF\xD8\x00"), (2, "a marker was expected here"));
        assert_eq!(offset_of(b"\xFF\xD8\xFF"), (2, "the image ends too early"));
        assert_eq!(offset_of(b"\xFF\xD8\xFF\xDB\x00\x01"), (4, "a segment of impossible length"));
        let flat = with(&jpeg, &[0xFF, 0xC0, 0, 11, 8, 0], 0);
        assert_eq!(offset_of(&flat), (frame_at + 2, "a picture without width or height"));
        let miscounted = with(&jpeg, &[0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8], 2);
        assert_eq!(offset_of(&miscounted), (frame_at + 2, "a frame header of the wrong length"));
        let (head, tail) = jpeg.split_at(frame_at);
        let twice = [head, &tail[..13], tail].concat();
        assert_eq!(offset_of(&twice), (frame_at + 15, "a second frame header"));
        let headless = [head, &tail[13..]].concat();
        assert_eq!(offset_of(&headless).1, "a scan before the frame header");
        let blank = [head, &tail[..13], b"\xFF\xD9".as_slice()].concat();
        assert_eq!(offset_of(&blank).1, "the image ends before its first scan");
    }

    #[test]
    fn a_picture_of_a_thousand_scans_is_refused() {
        let jpeg = uniform_jpeg(&[1], None);
        let scan_at = jpeg.windows(2).position(|bytes| bytes == [0xFF, 0xDA]).unwrap();
        let (head, scan) = (&jpeg[..scan_at], &jpeg[scan_at..jpeg.len() - 2]);
        let repeated = |count| [head, &scan.repeat(count), b"\xFF\xD9".as_slice()].concat();
        assert!(Jpeg::parse(&repeated(64)).is_ok());
        assert!(error(&repeated(65)).to_string().contains("more than 64 scans"));
    }
}
