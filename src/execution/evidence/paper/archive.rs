//! What PDF/A-2 (ISO 19005-2) asks of a document besides its pages: metadata in XMP, and what its
//! colours mean.

use time::{OffsetDateTime, UtcOffset};

/// Where white lies for all profiles (D50), and the primaries of sRGB adapted to it, as IEC 61966-2-1
/// and ICC.1:2001-04 have them: numbers with sixteen binary digits behind the point.
const WHITE: [i32; 3] = [0xF6D6, 0x1_0000, 0xD32D];
const PRIMARIES: [(&[u8; 4], [i32; 3]); 3] = [
    (b"rXYZ", [0x6FA2, 0x38F5, 0x0390]),
    (b"gXYZ", [0x6299, 0xB785, 0x18DA]),
    (b"bXYZ", [0x24A0, 0x0F84, 0xB6CF]),
];
/// How many points the curve has.
const POINTS: u16 = 256;

/// An ICC profile of sRGB, version 2: made here, for one that is distributed has a licence.
pub(super) fn srgb() -> Vec<u8> {
    let mut tags: Vec<(&[u8; 4], Vec<u8>)> = vec![
        (b"desc", description(b"sRGB")),
        (b"cprt", b"text\0\0\0\0No copyright\0".to_vec()),
        (b"wtpt", xyz(WHITE)),
    ];
    tags.extend(PRIMARIES.map(|(name, primary)| (name, xyz(primary))));
    let curves: [&[u8; 4]; 3] = [b"rTRC", b"gTRC", b"bTRC"];
    let count = tags.len() + curves.len();
    let (mut table, mut data) = (long(count).to_vec(), Vec::new());
    let first = 128 + 4 + 12 * count;
    let mut entry = |name: &[u8; 4], offset: usize, length: usize| {
        table.extend_from_slice(name);
        table.extend(long(first + offset));
        table.extend(long(length));
    };
    for (name, body) in tags {
        entry(name, data.len(), body.len());
        data.extend(body);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let curve = curve();
    curves.iter().for_each(|name| entry(name, data.len(), curve.len()));
    data.extend(curve);
    data.resize(data.len().next_multiple_of(4), 0);

    let mut header = long(first + data.len()).to_vec();
    header.extend(b"\0\0\0\0\x02\x10\0\0mntrRGB XYZ ");
    // Year, month, day, hour, minute, second.
    header.extend([2026_u16, 1, 1, 0, 0, 0].iter().flat_map(|part| part.to_be_bytes()));
    header.extend(b"acsp");
    header.resize(68, 0);
    header.extend(WHITE.iter().flat_map(|part| part.to_be_bytes()));
    header.resize(128, 0);
    [header, table, data].concat()
}

fn long(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes()
}

fn xyz(value: [i32; 3]) -> Vec<u8> {
    let numbers = value.iter().flat_map(|part| part.to_be_bytes());
    b"XYZ \0\0\0\0".iter().copied().chain(numbers).collect()
}

/// The curve of sRGB by points: how bright each value of a component is.
fn curve() -> Vec<u8> {
    let mut tag = b"curv\0\0\0\0".to_vec();
    tag.extend(u32::from(POINTS).to_be_bytes());
    for point in 0..POINTS {
        let value = f64::from(point) / f64::from(POINTS - 1);
        let bright =
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
        tag.extend(share(bright).to_be_bytes());
    }
    tag
}

/// A share of one, in 65,535ths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut before")]
fn share(value: f64) -> u16 {
    (value.clamp(0.0, 1.0) * 65_535.0).round() as u16
}

/// The name in ASCII; those in Unicode and for Macintosh are empty.
fn description(name: &[u8]) -> Vec<u8> {
    let mut tag = b"desc\0\0\0\0".to_vec();
    tag.extend(long(name.len() + 1));
    tag.extend_from_slice(name);
    tag.extend([0; 1 + 8 + 3 + 67]);
    tag
}

/// What the document says of itself.
pub(super) struct About<'a> {
    pub(super) title: &'a str,
    pub(super) subject: &'a str,
    /// As language tags have it: `zh-CN`.
    pub(super) language: &'a str,
    pub(super) at: OffsetDateTime,
    /// Whether it claims to be PDF/A-2b.
    pub(super) archival: bool,
}

/// The program that wrote it.
pub(super) const PRODUCER: &str = concat!("sealwright ", env!("CARGO_PKG_VERSION"));

impl About<'_> {
    /// The metadata stream (ISO 16684-1), which says the same as the information dictionary.
    pub(super) fn xmp(&self) -> String {
        let (title, subject) = (escaped(self.title), escaped(self.subject));
        let (language, at) = (self.language, timestamp(self.at));
        let claim = if self.archival {
            "<rdf:Description rdf:about=\"\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\
             <pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\
             </rdf:Description>"
        } else {
            ""
        };
        format!(
            "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
             <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
             <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">{claim}\
             <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
             <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\
             <dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">{subject}</rdf:li></rdf:Alt>\
             </dc:description>\
             <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>\
             </rdf:Description>\
             <rdf:Description rdf:about=\"\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\
             <pdf:Producer>{PRODUCER}</pdf:Producer></rdf:Description>\
             <rdf:Description rdf:about=\"\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\
             <xmp:CreateDate>{at}</xmp:CreateDate><xmp:ModifyDate>{at}</xmp:ModifyDate>\
             </rdf:Description>\
             </rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>"
        )
    }
}

/// As XML has it. Control characters, which it does not know, are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars().filter(|it| !it.is_control()) {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(character),
        }
    }
    out
}

fn timestamp(at: OffsetDateTime) -> String {
    let at = at.to_offset(UtcOffset::UTC);
    let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
    let (hour, minute, second) = at.to_hms();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_is_as_long_as_it_says_and_its_curve_is_that_of_srgb() {
        let profile = srgb();
        assert_eq!(profile[..4], u32::try_from(profile.len()).unwrap().to_be_bytes());
        assert_eq!(profile[36..40], *b"acsp");
        assert!(profile.len() < 1_200, "{}", profile.len());
        let curve = curve();
        let at = |point: usize| u16::from_be_bytes([curve[12 + 2 * point], curve[13 + 2 * point]]);
        assert_eq!((at(0), at(255)), (0, 65_535));
        // Half the value is a fifth of the light.
        assert!((f64::from(at(128)) / 65_535.0 - 0.2158).abs() < 0.001);
        let tags = profile[132..].chunks(12).take(9);
        for tag in tags {
            let number = |at: usize| u32::from_be_bytes(tag[at..at + 4].try_into().unwrap());
            let end = usize::try_from(number(4) + number(8)).unwrap();
            assert!(number(4) % 4 == 0 && end <= profile.len(), "{tag:?}");
        }
    }

    #[test]
    fn a_title_cannot_break_the_metadata() {
        let about = About {
            title: "<a>&\"\u{7}合同",
            subject: "",
            language: "zh-CN",
            at: OffsetDateTime::UNIX_EPOCH,
            archival: true,
        };
        let xmp = about.xmp();
        assert!(xmp.contains(">&lt;a&gt;&amp;&quot;合同</rdf:li>"), "{xmp}");
        assert!(xmp.contains("<pdfaid:part>2<") && xmp.contains("1970-01-01T00:00:00Z"));
        assert!(!About { archival: false, ..about }.xmp().contains("pdfaid"));
    }
}
