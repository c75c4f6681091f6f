//! An ICC profile of sRGB, version 2 (ICC.1:2001-04): the smallest that says what it has to say.

/// D50, the white of all profiles, and the primaries of sRGB adapted to it.
const WHITE: [f64; 3] = [0.964_20, 1.0, 0.824_91];
const PRIMARIES: [(&[u8; 4], [f64; 3]); 3] = [
    (b"rXYZ", [0.436_07, 0.222_49, 0.013_92]),
    (b"gXYZ", [0.385_15, 0.716_87, 0.097_08]),
    (b"bXYZ", [0.143_07, 0.060_61, 0.714_10]),
];

/// The profile: primaries, and a gamma of 2.2.
pub(super) fn srgb() -> Vec<u8> {
    let curve = [b"curv".as_slice(), &[0; 4], &1_u32.to_be_bytes(), &[2, 51]].concat();
    let mut tags: Vec<(&[u8; 4], Vec<u8>)> = vec![
        (b"desc", description("sRGB")),
        (b"cprt", [b"text\0\0\0\0".as_slice(), b"No copyright\0"].concat()),
        (b"wtpt", xyz(WHITE)),
    ];
    tags.extend(PRIMARIES.map(|(name, primary)| (name, xyz(primary))));
    tags.extend([b"rTRC", b"gTRC", b"bTRC"].map(|name| (name, curve.clone())));

    let count = u32::try_from(tags.len()).expect("few");
    let (mut table, mut data) = (count.to_be_bytes().to_vec(), Vec::new());
    let first = 128 + 4 + 12 * tags.len();
    for (name, body) in tags {
        let long = |value: usize| u32::try_from(value).expect("short").to_be_bytes();
        table.extend_from_slice(name);
        table.extend(long(first + data.len()));
        table.extend(long(body.len()));
        data.extend(body);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let mut header = Vec::new();
    let size = u32::try_from(first + data.len()).expect("short");
    header.extend(size.to_be_bytes());
    header.extend(b"\0\0\0\0\x02\x10\0\0mntrRGB XYZ ");
    // Year, month, day, hour, minute, second.
    header.extend([2026_u16, 1, 1, 0, 0, 0].iter().flat_map(|part| part.to_be_bytes()));
    header.extend(b"acsp");
    header.resize(68, 0);
    header.extend(WHITE.iter().flat_map(|value| fixed(*value)));
    header.resize(128, 0);
    [header, table, data].concat()
}

fn xyz(value: [f64; 3]) -> Vec<u8> {
    let numbers = value.iter().flat_map(|part| fixed(*part));
    b"XYZ \0\0\0\0".iter().copied().chain(numbers).collect()
}

/// A number with sixteen binary digits behind the point.
fn fixed(value: f64) -> [u8; 4] {
    ((value * 65_536.0).round() as i32).to_be_bytes()
}

/// The name in ASCII; those in Unicode and for Macintosh are empty.
fn description(name: &str) -> Vec<u8> {
    let length = u32::try_from(name.len() + 1).expect("short");
    let ascii = [b"desc\0\0\0\0".as_slice(), &length.to_be_bytes(), name.as_bytes(), b"\0"];
    let mut tag = ascii.concat();
    tag.extend([0; 8]);
    tag.extend([0; 3]);
    tag.extend([0; 67]);
    tag
}
