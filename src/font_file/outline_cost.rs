//! How much work the outline of a glyph is.

use super::cff::{Cff, Index};
use super::{offset, table, u16_at};

/// Parts in parts of a TrueType glyph; two are usual.
const DEEPEST_PARTS: u32 = 16;

/// Subroutines in subroutines (Adobe Technical Note 5177, appendix B).
const DEEPEST_SUBROUTINES: u32 = 10;

/// Operands of a charstring before one operator.
const MOST_OPERANDS: usize = 48;

/// Ranges of glyphs that are gone through at the cost of one step.
const RANGES_A_STEP: usize = 16;

/// An outline has more steps than anybody draws, or cannot be told to have fewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooIntricate;

/// Counts the steps of outlines of one font: points and parts, or bytes of charstrings.
pub(crate) struct OutlineCosts<'f>(Kind<'f>);

enum Kind<'f> {
    TrueType(Glyf<'f>),
    Cff(Box<Cff<'f>>),
}

impl<'f> OutlineCosts<'f> {
    /// Of the font of this index; `None` if its outlines cannot be understood.
    pub(crate) fn of(font: &'f [u8], index: u32) -> Option<Self> {
        let of = |tag: &[u8; 4]| table(font, index, *tag);
        if let Some(data) = of(b"glyf") {
            let long = u16_at(of(b"head")?, 50)? != 0;
            return Some(Self(Kind::TrueType(Glyf { data, offsets: of(b"loca")?, long })));
        }
        Some(Self(Kind::Cff(Box::new(Cff::read(of(b"CFF ")?)?))))
    }

    /// Takes the steps of a glyph off `left`; one that is not there has none.
    pub(crate) fn spend(&self, glyph: u16, left: &mut u32) -> Result<(), TooIntricate> {
        match &self.0 {
            Kind::TrueType(glyf) => glyf.spend(glyph, DEEPEST_PARTS, left),
            Kind::Cff(cff) => {
                let Some(charstring) = cff.glyphs.get(usize::from(glyph)) else { return Ok(()) };
                let (local, ranges) = cff.local(glyph).ok_or(TooIntricate)?;
                take(left, ranges / RANGES_A_STEP)?;
                let mut walk = Walk {
                    lists: [local, cff.global],
                    operands: Vec::new(),
                    stems: 0,
                    masked: false,
                    left,
                };
                walk.run(charstring, DEEPEST_SUBROUTINES).map(|_| ())
            }
        }
    }
}

fn take(left: &mut u32, steps: usize) -> Result<(), TooIntricate> {
    let steps = u32::try_from(steps).map_err(|_| TooIntricate)?;
    *left = left.checked_sub(steps).ok_or(TooIntricate)?;
    Ok(())
}

/// Outlines of TrueType.
struct Glyf<'f> {
    data: &'f [u8],
    offsets: &'f [u8],
    long: bool,
}

impl Glyf<'_> {
    fn glyph(&self, glyph: u16) -> Option<&[u8]> {
        let at = |index: usize| match self.long {
            true => offset(self.offsets, index * 4),
            false => Some(usize::from(u16_at(self.offsets, index * 2)?) * 2),
        };
        let glyph = usize::from(glyph);
        self.data.get(at(glyph)?..at(glyph + 1)?)
    }

    fn spend(&self, glyph: u16, depth: u32, left: &mut u32) -> Result<(), TooIntricate> {
        take(left, 1)?;
        let Some(data) = self.glyph(glyph) else { return Ok(()) };
        let Some(contours) = u16_at(data, 0) else { return Ok(()) };
        if contours & 0x8000 == 0 {
            let last = usize::from(contours).checked_sub(1);
            let last = last.and_then(|last| u16_at(data, 10 + last * 2));
            return take(left, last.map_or(0, |last| usize::from(last) + 1));
        }
        let deeper = depth.checked_sub(1).ok_or(TooIntricate)?;
        let mut at = 10;
        while let (Some(flags), Some(part)) = (u16_at(data, at), u16_at(data, at + 2)) {
            self.spend(part, deeper, left)?;
            let arguments = if flags & 0x0001 == 0 { 2 } else { 4 };
            let transform = match flags {
                _ if flags & 0x0080 != 0 => 8,
                _ if flags & 0x0040 != 0 => 4,
                _ if flags & 0x0008 != 0 => 2,
                _ => 0,
            };
            at += 4 + arguments + transform;
            if flags & 0x0020 == 0 {
                break;
            }
        }
        Ok(())
    }
}

/// Goes through a charstring of type 2 as readers do, drawing nothing.
struct Walk<'f, 'l> {
    /// Of the font dictionary, and of the whole font.
    lists: [Index<'f>; 2],
    /// Whole numbers; none for one with a fraction.
    operands: Vec<Option<i32>>,
    stems: usize,
    /// Whether a mask was read, whose length the stems before it tell.
    masked: bool,
    left: &'l mut u32,
}

#[derive(PartialEq)]
enum End {
    /// Of this subroutine.
    Returned,
    /// Of the glyph.
    Whole,
}

impl Walk<'_, '_> {
    /// What readers stop at, or understand in different ways, counts as too intricate.
    fn run(&mut self, charstring: &[u8], depth: u32) -> Result<End, TooIntricate> {
        take(self.left, charstring.len().saturating_add(1))?;
        let mut rest = charstring.iter().copied();
        let mut next = || rest.next();
        while let Some(byte) = next() {
            match byte {
                1 | 3 | 18 | 23 => {
                    if self.masked {
                        return Err(TooIntricate);
                    }
                    self.stem();
                }
                19 | 20 => {
                    if !self.masked {
                        self.stem();
                    }
                    self.masked = true;
                    self.operands.clear();
                    for _ in 0..self.stems.div_ceil(8) {
                        next().ok_or(TooIntricate)?;
                    }
                }
                10 | 29 => {
                    let deeper = depth.checked_sub(1).ok_or(TooIntricate)?;
                    let [local, global] = self.lists;
                    let list = if byte == 10 { local } else { global };
                    let subroutine = self.called(list).ok_or(TooIntricate)?;
                    if self.run(subroutine, deeper)? == End::Whole {
                        return Ok(End::Whole);
                    }
                }
                11 => return Ok(End::Returned),
                // Four operands would show two other glyphs (`seac`), as fonts of the 1990s do.
                14 if self.operands.len() < 4 => return Ok(End::Whole),
                4..=8 | 21 | 22 | 24..=27 | 30 | 31 => self.operands.clear(),
                12 => match next() {
                    Some(34..=37) => self.operands.clear(),
                    _ => return Err(TooIntricate),
                },
                28 | 32..=255 => {
                    let operand = operand(byte, &mut next).ok_or(TooIntricate)?;
                    if self.operands.len() >= MOST_OPERANDS {
                        return Err(TooIntricate);
                    }
                    self.operands.push(operand);
                }
                _ => return Err(TooIntricate),
            }
        }
        Ok(End::Returned)
    }

    fn stem(&mut self) {
        self.stems += self.operands.len() / 2;
        self.operands.clear();
    }

    /// The subroutine that the last operand names (note 5176, §16).
    fn called<'f>(&mut self, list: Index<'f>) -> Option<&'f [u8]> {
        let bias = match list.count {
            0..1240 => 107,
            1240..33_900 => 1131,
            _ => 32_768,
        };
        let index = self.operands.pop()??.checked_add(bias)?;
        list.get(usize::try_from(index).ok()?)
    }
}

/// A number; the inner option is empty if it has a fraction. The outer is if it is cut off.
fn operand(first: u8, next: &mut impl FnMut() -> Option<u8>) -> Option<Option<i32>> {
    let byte = i32::from(first);
    Some(match first {
        28 => Some(i32::from(i16::from_be_bytes([next()?, next()?]))),
        32..=246 => Some(byte - 139),
        247..=250 => Some((byte - 247) * 256 + i32::from(next()?) + 108),
        251..=254 => Some((251 - byte) * 256 - i32::from(next()?) - 108),
        _ => {
            let whole = i16::from_be_bytes([next()?, next()?]);
            let fraction = [next()?, next()?];
            (fraction == [0, 0]).then_some(i32::from(whole))
        }
    })
}
