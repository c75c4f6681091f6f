//! Stream filters (ISO 32000-2 §7.4), under a budget.
//!
//! Deflate and its predictors are decoded here and strictly: cross references and object streams
//! rest on them, and a decoder that returns what it got before an error would read another document
//! than its neighbour. The older filters are `lopdf`'s.

use std::io::Read;

use super::object::{Dictionary, Object};
use super::source::length;
use crate::limits::{LimitExceeded, Meter};

/// Filters one behind the other; real files use one or two.
const MOST_FILTERS: usize = 8;

/// So many bytes are inflated before they are paid for.
const PORTION: u64 = 1 << 16;

/// What decoding may produce, and what failed.
pub(super) enum FilterFault {
    /// More came out than is left to spend.
    Limit(LimitExceeded),
    /// The data is wrong, or the filter is not one for data.
    Bad(&'static str),
}

/// Decodes `data` through the filters that `dictionary` names; what each puts out is spent, that of
/// damaged data too. All values must be direct.
pub(super) fn decode(
    dictionary: &Dictionary,
    data: &[u8],
    meter: &Meter,
) -> Result<Vec<u8>, FilterFault> {
    if dictionary.contains(b"F") {
        return Err(FilterFault::Bad("the data is in another file"));
    }
    let filters = listed(dictionary.get(b"Filter"));
    let all_parameters = listed(dictionary.get(b"DecodeParms"));
    if filters.len() > MOST_FILTERS || all_parameters.len() > filters.len() {
        return Err(FilterFault::Bad("too many filters, or parameters without a filter"));
    }
    let mut data = std::borrow::Cow::Borrowed(data);
    for (index, filter) in filters.iter().enumerate() {
        let name = filter.as_name().ok_or(FilterFault::Bad("/Filter is not a name"))?;
        let parameters = match all_parameters.get(index) {
            None | Some(Object::Null) => None,
            Some(Object::Dictionary(parameters)) => Some(parameters),
            Some(_) => return Err(FilterFault::Bad("/DecodeParms is not a dictionary")),
        };
        let decoded = match name {
            // What it encrypts is in plain already: it has to be the first one (§7.4.10).
            b"Crypt" if index == 0 => continue,
            b"FlateDecode" => {
                let inflated = inflate(&data, meter)?;
                match parameters {
                    Some(parameters) => undo_predictor(parameters, inflated)?,
                    None => inflated,
                }
            }
            _ => older_filter(name, parameters, &data, meter)?,
        };
        data = std::borrow::Cow::Owned(decoded);
    }
    Ok(data.into_owned())
}

fn listed(object: Option<&Object>) -> Vec<&Object> {
    match object {
        None => Vec::new(),
        Some(Object::Array(items)) => items.iter().map(|item| &item.value).collect(),
        Some(object) => vec![object],
    }
}

fn inflate(data: &[u8], meter: &Meter) -> Result<Vec<u8>, FilterFault> {
    let mut inflated = Vec::new();
    let mut decoder = flate2::read::ZlibDecoder::new(data);
    loop {
        let before = inflated.len();
        let outcome = decoder.by_ref().take(PORTION).read_to_end(&mut inflated);
        meter.spend(length(inflated.len() - before)).map_err(FilterFault::Limit)?;
        match outcome {
            Ok(0) => return Ok(inflated),
            Ok(_) => {}
            Err(_) => {
                // The decoder does not tell what it went through before it noticed.
                meter.spend(PORTION).map_err(FilterFault::Limit)?;
                return Err(FilterFault::Bad("the deflated data is damaged"));
            }
        }
    }
}

fn undo_predictor(parameters: &Dictionary, data: Vec<u8>) -> Result<Vec<u8>, FilterFault> {
    let value = |key: &[u8], default: usize| match parameters.get(key) {
        None => Ok(default),
        Some(value) => value
            .as_integer()
            .and_then(|value| usize::try_from(value).ok())
            .filter(|value| *value > 0)
            .ok_or(FilterFault::Bad("/DecodeParms has something other than a positive number")),
    };
    let predictor = value(b"Predictor", 1)?;
    if predictor == 1 {
        return Ok(data);
    }
    let (colors, bits, columns) =
        (value(b"Colors", 1)?, value(b"BitsPerComponent", 8)?, value(b"Columns", 1)?);
    if colors > 32 || !matches!(bits, 1 | 2 | 4 | 8 | 16) || columns > 1 << 20 {
        return Err(FilterFault::Bad("/DecodeParms describes no image"));
    }
    let pixel = (colors * bits).div_ceil(8);
    let row = (colors * bits * columns).div_ceil(8);
    if row > data.len() && !data.is_empty() {
        return Err(FilterFault::Bad("the rows of the predictor are longer than the data"));
    }
    match predictor {
        2 if bits == 8 => Ok(undo_tiff(data, row, pixel)),
        2 => Err(FilterFault::Bad("a TIFF predictor of other than 8 bits")),
        10..=15 => undo_png(&data, row, pixel),
        _ => Err(FilterFault::Bad("an unknown predictor")),
    }
}

fn undo_tiff(mut data: Vec<u8>, row: usize, pixel: usize) -> Vec<u8> {
    for line in data.chunks_mut(row) {
        for at in pixel..line.len() {
            let left = line.get(at - pixel).copied().unwrap_or(0);
            if let Some(byte) = line.get_mut(at) {
                *byte = byte.wrapping_add(left);
            }
        }
    }
    data
}

/// PNG filters 0 to 4 (RFC 2083 §6), one byte naming the filter before each row.
fn undo_png(data: &[u8], row: usize, pixel: usize) -> Result<Vec<u8>, FilterFault> {
    let mut decoded = Vec::with_capacity(data.len());
    let mut above = vec![0_u8; row];
    let mut line = vec![0_u8; row];
    for coded in data.chunks(row + 1) {
        let Some((filter, coded)) = coded.split_first() else { break };
        if coded.len() != row {
            return Err(FilterFault::Bad("the last row of the predictor is cut"));
        }
        line.copy_from_slice(coded);
        for at in 0..row {
            let get = |line: &[u8], back: usize| {
                at.checked_sub(back).and_then(|at| line.get(at)).copied().unwrap_or(0)
            };
            let (left, up, corner) = (get(&line, pixel), get(&above, 0), get(&above, pixel));
            let predicted = match filter {
                0 => 0,
                1 => left,
                2 => up,
                3 => u8::try_from(u16::midpoint(left.into(), up.into())).unwrap_or(0),
                4 => paeth(left, up, corner),
                _ => return Err(FilterFault::Bad("an unknown row filter of the predictor")),
            };
            if let Some(byte) = line.get_mut(at) {
                *byte = byte.wrapping_add(predicted);
            }
        }
        decoded.extend_from_slice(&line);
        std::mem::swap(&mut above, &mut line);
    }
    Ok(decoded)
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(up) - i16::from(corner);
    let distance = |value: u8| (estimate - i16::from(value)).abs();
    if distance(left) <= distance(up) && distance(left) <= distance(corner) {
        left
    } else if distance(up) <= distance(corner) {
        up
    } else {
        corner
    }
}

fn older_filter(
    name: &[u8],
    parameters: Option<&Dictionary>,
    data: &[u8],
    meter: &Meter,
) -> Result<Vec<u8>, FilterFault> {
    let known: [&[u8]; 4] = [b"ASCIIHexDecode", b"ASCII85Decode", b"LZWDecode", b"RunLengthDecode"];
    if !known.contains(&name) {
        return Err(FilterFault::Bad("a filter for images, or an unknown one"));
    }
    let mut dictionary = lopdf::Dictionary::new();
    dictionary.set("Filter", lopdf::Object::Name(name.to_vec()));
    if let Some(parameters) = parameters {
        let mut copied = lopdf::Dictionary::new();
        for (key, value) in parameters.iter() {
            if let Some(value) = value.as_integer() {
                copied.set(key.to_vec(), lopdf::Object::Integer(value));
            }
        }
        dictionary.set("DecodeParms", lopdf::Object::Dictionary(copied));
    }
    let stream = lopdf::Stream::new(dictionary, data.to_vec());
    let allowed = usize::try_from(meter.left()).unwrap_or(usize::MAX);
    let decoded = stream
        .decompressed_content_with_limit(allowed)
        .map_err(|_| FilterFault::Bad("a filter failed or grew beyond its budget"));
    let spent = decoded.as_ref().map_or(data.len(), Vec::len);
    meter.spend(length(spent)).map_err(FilterFault::Limit)?;
    decoded
}

#[cfg(test)]
mod tests {
    use super::super::syntax::{Parser, Strictness};
    use super::*;
    use crate::limits::Limit;

    #[test]
    fn png_rows_are_undone() {
        // Row of 3 bytes: none, then up, then left, then average, then Paeth.
        let coded = [0, 1, 2, 3, 2, 1, 1, 1, 1, 5, 1, 1, 3, 1, 1, 1, 4, 1, 1, 1];
        let Ok(rows) = undo_png(&coded, 3, 1) else { panic!("well-formed rows") };
        assert_eq!(rows, [1, 2, 3, 2, 3, 4, 5, 6, 7, 3, 5, 7, 4, 6, 8]);
    }

    #[test]
    fn damaged_deflate_gives_nothing_instead_of_a_part() {
        let mut encoder =
            flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut encoder, &[7; 10_000]).unwrap();
        let mut data = encoder.finish().unwrap();
        assert!(inflate(&data, &meter(10_000)).is_ok());
        assert!(matches!(inflate(&data, &meter(9_999)), Err(FilterFault::Limit(_))));
        let last = data.len() - 1;
        data[last] ^= 1;
        let spent = meter(2 * PORTION);
        assert!(matches!(inflate(&data, &spent), Err(FilterFault::Bad(_))));
        assert!(spent.left() <= PORTION, "what came out of damaged data counts");
    }

    fn meter(allowed: u64) -> Meter {
        Meter::new(Limit::InflatedBytes, allowed)
    }

    fn dictionary(text: &str) -> Dictionary {
        let parsed = Parser::new(text.as_bytes(), 0, true, Strictness::Strict).value();
        parsed.ok().and_then(|value| value.value.as_dictionary().cloned()).unwrap()
    }

    #[test]
    fn what_cannot_be_decoded_to_the_letter_is_refused() {
        for text in [
            "<</F(other.bin)>>",
            "<</Filter/Fl>>",
            "<</Filter 1>>",
            "<</Filter 5 0 R>>",
            "<</Filter/ASCIIHexDecode/DecodeParms 5 0 R>>",
            "<</Filter/ASCIIHexDecode/DecodeParms[null<<>>]>>",
            "<</Filter/DCTDecode>>",
            "<</Filter[/ASCIIHexDecode/ASCIIHexDecode/ASCIIHexDecode/ASCIIHexDecode/ASCIIHexDecode\
              /ASCIIHexDecode/ASCIIHexDecode/ASCIIHexDecode/ASCIIHexDecode]>>",
        ] {
            let decoded = decode(&dictionary(text), b"41>", &meter(100));
            assert!(matches!(decoded, Err(FilterFault::Bad(_))), "{text}");
        }
        assert!(decode(&dictionary("<<>>"), b"41>", &meter(0)).is_ok_and(|data| data == b"41>"));
        let hexadecimal = dictionary("<</Filter/ASCIIHexDecode/DecodeParms null>>");
        assert!(decode(&hexadecimal, b"41>", &meter(1)).is_ok_and(|data| data == b"A"));
    }

    #[test]
    fn predictors_with_wrong_or_endless_rows_are_refused() {
        for text in [
            "<</Predictor -1>>",
            "<</Predictor 12/Columns 0>>",
            "<</Predictor 12/Columns 1000000>>",
            "<</Predictor 9>>",
        ] {
            assert!(matches!(
                undo_predictor(&dictionary(text), vec![0; 8]),
                Err(FilterFault::Bad(_))
            ));
        }
        let Ok(rows) = undo_predictor(&dictionary("<</Predictor 12/Columns 3>>"), vec![0; 8])
        else {
            panic!("two rows")
        };
        assert_eq!(rows, [0; 6]);
    }
}
