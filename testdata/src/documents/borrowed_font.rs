//! Text in a font that the document does not bring along.

use crate::pdf::{Layout, Pdf};

/// One page with 甲方 in STSong-Light, which is named and not embedded.
pub fn without_its_font() -> Vec<u8> {
    let mut pdf = Pdf::new();
    pdf.trailer("/Root 1 0 R");
    pdf.set(1, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf.set(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    pdf.set(
        3,
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R \
         /Resources << /Font << /F 5 0 R >> >> >>",
    );
    // In UTF-16.
    pdf.set_stream(4, "", b"BT /F 80 Tf 20 60 Td <753265B9> Tj ET");
    pdf.set(
        5,
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H \
         /DescendantFonts [6 0 R] >>",
    );
    pdf.set(
        6,
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo \
         << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 7 0 R >>",
    );
    pdf.set(
        7,
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /ItalicAngle 0 /Ascent 880 \
         /Descent -120 /CapHeight 880 /StemV 93 /FontBBox [-25 -254 1000 880] >>",
    );
    pdf.write(&Layout::default())
}
