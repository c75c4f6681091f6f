//! What device colours mean in a document that does not say it: the calibrated colour spaces that are
//! written into it, and that leave a face the face it was.

/// Where white lies, for both spaces: that of sRGB (IEC 61966-2-1).
pub(crate) const WHITE_POINT: [f64; 3] = [0.9505, 1.0, 1.089];
/// The exponent of every component: the curve of sRGB taken as one power.
pub(crate) const GAMMA: f64 = 2.2;
/// What red, green and blue add to X, Y and Z: `/Matrix` of a `/CalRGB` (ISO 32000-2, 8.6.5.3).
pub(crate) const PRIMARIES: [f64; 9] =
    [0.4124, 0.2126, 0.0193, 0.3576, 0.7152, 0.1192, 0.1805, 0.0722, 0.9505];

/// The space that stands for `DeviceRGB`, as a PDF array.
pub(crate) fn calibrated_rgb() -> String {
    let (white, gamma) = (numbers(&WHITE_POINT), numbers(&[GAMMA; 3]));
    format!("[/CalRGB<</WhitePoint{white}/Gamma{gamma}/Matrix{}>>]", numbers(&PRIMARIES))
}

/// The space that stands for `DeviceGray`, as a PDF array.
pub(crate) fn calibrated_grey() -> String {
    format!("[/CalGray<</WhitePoint{}/Gamma {GAMMA}>>]", numbers(&WHITE_POINT))
}

fn numbers(values: &[f64]) -> String {
    let values: Vec<String> = values.iter().map(f64::to_string).collect();
    format!("[{}]", values.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_written_as_arrays_of_the_standard() {
        assert_eq!(
            calibrated_rgb(),
            "[/CalRGB<</WhitePoint[0.9505 1 1.089]/Gamma[2.2 2.2 2.2]/Matrix[0.4124 0.2126 0.0193 \
             0.3576 0.7152 0.1192 0.1805 0.0722 0.9505]>>]"
        );
        assert_eq!(calibrated_grey(), "[/CalGray<</WhitePoint[0.9505 1 1.089]/Gamma 2.2>>]");
    }
}
