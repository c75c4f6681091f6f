//! Ranges that leave something out, or say something else than they seem to.

use super::Family;
use super::scene::{
    FREE, LIES, PAGE, SAYS, VALUE, content, find, overwritten, page, placeholder, scene, sign,
    sign_ranges, signed,
};
use crate::pdf::{Layout, Pdf};

pub fn family() -> Family {
    let mut family = Family::new(
        "ranges",
        "DSS pdf-byterange-overlap, iText exclusionSmallerThenContents and lastBytesNotCovered, \
         pyHanko weird-byterange, verify-pdf#108",
    );
    let honest = signed();
    let laid = || scene().write(&Layout::default());
    family.add(
        "starts_late",
        "does not ask where the first range begins",
        sign_ranges(laid(), |[_, before, second, behind]| [9, before - 9, second, behind]),
        honest.clone(),
    );
    family.add(
        "turned_around",
        "adds lengths up, and does not ask in which order",
        sign_ranges(laid(), |[_, before, _, _]| [0, before, 100, 200]),
        honest.clone(),
    );
    family.add(
        "ends_early",
        "does not ask where the second range ends",
        sign_ranges(laid(), |[_, before, second, behind]| [0, before, second, behind - 40]),
        honest.clone(),
    );
    family.add(
        "content_in_gap",
        "does not ask what the gap holds",
        content_in_gap(),
        sign(laid_behind()),
    );
    family.add("three", "reads the first two ranges, or all of them", three(), honest.clone());
    family.add("two_in_one", "reads as many numbers as there are", two(), honest.clone());
    family.add(
        "value_covered_short",
        "takes a gap that is smaller than the value",
        short(),
        honest.clone(),
    );
    family.add(
        "fake_end",
        "takes a %%EOF in a stream for the end of what was signed",
        fake_end(true),
        fake_end(false),
    );
    family.add(
        "file_doubled",
        "finds the ranges filled with the right bytes, and something behind them",
        [&honest[..], &honest].concat(),
        honest,
    );
    family
}

/// The scene with its content behind the signature.
fn content_behind() -> Pdf {
    let mut pdf = scene();
    pdf.set(PAGE, page("6 0 R", "").replace("/Contents 4 0 R", &format!("/Contents {FREE} 0 R")));
    pdf.set(FREE, content(SAYS));
    pdf
}

fn laid_behind() -> Vec<u8> {
    content_behind().write(&Layout::default())
}

/// The gap reaches over the content, which is another one afterwards.
fn content_in_gap() -> Vec<u8> {
    let bytes = laid_behind();
    let at = find(&bytes, format!("\n{FREE} 0 obj").as_bytes());
    let end = at + find(&bytes[at..], b"endobj");
    let len = bytes.len();
    let signed = sign_ranges(bytes, |[_, before, _, _]| [0, before, end, len - end]);
    let from = signed[..at].to_vec();
    [from, overwritten(&signed[at..], SAYS, LIES)].concat()
}

/// The last 40 bytes are a range of their own.
fn three() -> Vec<u8> {
    let mut pdf = scene();
    let waiting = placeholder("").replace("1000000003]", "1000000003 1000000004 1000000005]");
    pdf.set(VALUE, waiting);
    let bytes = pdf.write(&Layout::default());
    let end = bytes.len();
    let numbers = format!("{:010} {:010}]", end - 40, 40);
    let bytes = overwritten(&bytes, "1000000004 1000000005]", &numbers);
    sign_ranges(bytes, |[_, before, second, behind]| [0, before, second, behind - 40])
}

/// One range, with what belongs to the gap in it.
fn two() -> Vec<u8> {
    let signed = signed();
    let at = find(&signed, b"/ByteRange [") + b"/ByteRange [".len();
    let end = at + find(&signed[at..], b"]");
    let mut bytes = signed;
    let whole = format!("0 {}", bytes.len());
    bytes[at..end].fill(b' ');
    bytes[at..at + whole.len()].copy_from_slice(whole.as_bytes());
    bytes
}

/// The last sixty digits of the value, which are zeros, are signed with the rest.
fn short() -> Vec<u8> {
    let bytes = scene().write(&Layout::default());
    sign_ranges(bytes, |[_, before, second, behind]| [0, before, second - 61, behind + 61])
}

/// What is signed ends at what looks like an end in a stream.
fn fake_end(is_fake: bool) -> Vec<u8> {
    let mut pdf = scene();
    let end = "startxref\n9999\n%%EOF\n";
    pdf.set_stream(FREE, "", end.as_bytes());
    let bytes = pdf.write(&Layout::default());
    if !is_fake {
        return sign(bytes);
    }
    let at = find(&bytes, end.as_bytes()) + end.len();
    sign_ranges(bytes, |[_, before, second, _]| [0, before, second, at - second])
}
