//! Stream filters (ISO 32000-2 §7.4), under a budget.
//!
//! Deflate and its predictors are decoded here and strictly: cross references and object streams
//! rest on them, and a decoder that returns what it got before an error would read another document
//! than its neighbour. The older filters are `lopdf`'s.

use std::io::Read;

use super::object::{Dictionary, Object};

/// What decoding may produce, and what failed.
pub(super) enum FilterFault {
    /// More than the allowed bytes came out.
    TooLong,
    /// The data is wrong, or the filter is not one for data.
    Bad(&'static str),
}

/// Decodes `data` through the filters that `dictionary` names. All its values must be direct.
pub(super) fn decode(
    dictionary: &Dictionary,
    data: &[u8],
    allowed: u64,
) -> Result<Vec<u8>, FilterFault> {
    let filters = listed(dictionary.get(b"Filter").or_else(|| dictionary.get(b"F")));
    let parameters = listed(dictionary.get(b"DecodeParms").or_else(|| dictionary.get(b"DP")));
    let mut data = std::borrow::Cow::Borrowed(data);
    for (index, filter) in filters.iter().enumerate() {
        let name = filter.as_name().ok_or(FilterFault::Bad("/Filter is not a name"))?;
        let parameters = parameters.get(index).and_then(|object| object.as_dictionary());
        let decoded = match name {
            b"FlateDecode" | b"Fl" => {
                let inflated = inflate(&data, allowed)?;
                match parameters {
                    Some(parameters) => undo_predictor(parameters, inflated)?,
                    None => inflated,
                }
            }
            _ => older_filter(name, parameters, &data, allowed)?,
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

fn inflate(data: &[u8], allowed: u64) -> Result<Vec<u8>, FilterFault> {
    let mut inflated = Vec::new();
    let mut decoder = flate2::read::ZlibDecoder::new(data).take(allowed.saturating_add(1));
    decoder
        .read_to_end(&mut inflated)
        .map_err(|_| FilterFault::Bad("the deflated data is damaged"))?;
    if super::source::length(inflated.len()) > allowed {
        return Err(FilterFault::TooLong);
    }
    Ok(inflated)
}

fn undo_predictor(parameters: &Dictionary, data: Vec<u8>) -> Result<Vec<u8>, FilterFault> {
    let value = |key: &[u8], default: usize| -> usize {
        parameters.integer(key).and_then(|value| usize::try_from(value).ok()).unwrap_or(default)
    };
    let predictor = value(b"Predictor", 1);
    if predictor <= 1 {
        return Ok(data);
    }
    let (colors, bits, columns) =
        (value(b"Colors", 1), value(b"BitsPerComponent", 8), value(b"Columns", 1));
    if colors > 32 || !matches!(bits, 1 | 2 | 4 | 8 | 16) || columns > 1 << 20 {
        return Err(FilterFault::Bad("/DecodeParms describes no image"));
    }
    let pixel = (colors * bits).div_ceil(8);
    let row = (colors * bits * columns).div_ceil(8).max(1);
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
    allowed: u64,
) -> Result<Vec<u8>, FilterFault> {
    let name: &[u8] = match name {
        b"ASCIIHexDecode" | b"AHx" => b"ASCIIHexDecode",
        b"ASCII85Decode" | b"A85" => b"ASCII85Decode",
        b"LZWDecode" | b"LZW" => b"LZWDecode",
        b"RunLengthDecode" | b"RL" => b"RunLengthDecode",
        _ => return Err(FilterFault::Bad("a filter for images, or an unknown one")),
    };
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
    stream
        .decompressed_content_with_limit(usize::try_from(allowed).unwrap_or(usize::MAX))
        .map_err(|_| FilterFault::Bad("a filter failed or grew beyond its budget"))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(inflate(&data, 10_000).is_ok());
        assert!(matches!(inflate(&data, 9_999), Err(FilterFault::TooLong)));
        let last = data.len() - 1;
        data[last] ^= 1;
        assert!(matches!(inflate(&data, 10_000), Err(FilterFault::Bad(_))));
    }
}
