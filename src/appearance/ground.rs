//! Whether what is below a picture can be read through it.

/// Less clear than that, counted by how clear each pixel is, a picture covers what is below.
const CLEAR: f64 = 0.125;
/// More than this share of opaque paper covers it too.
const PAPER: f64 = 0.2;
/// Paper is at least so bright in each colour, and so little coloured.
const BRIGHT: u8 = 150;
const COLOURLESS: u8 = 80;

/// Whether what is below can be read through a picture of these colours and opacities (R-SEAL-16). A
/// few clear pixels are not enough, nor are round corners around a white ground.
pub(super) fn shows_below(colours: impl Iterator<Item = [u8; 3]>, alpha: &[u8]) -> bool {
    let (mut pixels, mut clear, mut paper) = (0.0, 0.0, 0.0);
    for (colour, alpha) in colours.zip(alpha) {
        let opaque = f64::from(*alpha) / 255.0;
        pixels += 1.0;
        clear += 1.0 - opaque;
        if is_paper(colour) {
            paper += opaque;
        }
    }
    clear >= CLEAR * pixels && paper <= PAPER * pixels
}

/// Bright, and hardly coloured.
pub(super) fn is_paper([red, green, blue]: [u8; 3]) -> bool {
    let least = red.min(green).min(blue);
    least >= BRIGHT && red.max(green).max(blue) - least < COLOURLESS
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: [u8; 3] = [205, 30, 36];
    const WHITE: [u8; 3] = [250, 248, 240];

    fn shows(parts: &[([u8; 3], u8, usize)]) -> bool {
        let all =
            || parts.iter().flat_map(|(colour, alpha, count)| vec![(*colour, *alpha); *count]);
        let alpha: Vec<u8> = all().map(|(_, alpha)| alpha).collect();
        shows_below(all().map(|(colour, _)| colour), &alpha)
    }

    #[test]
    fn r_seal_16_one_clear_pixel_or_clear_corners_show_nothing_of_what_is_below() {
        assert!(!shows(&[(RED, 255, 100)]));
        assert!(!shows(&[(RED, 255, 99), (RED, 0, 1)]));
        assert!(!shows(&[(WHITE, 255, 60), (RED, 255, 35), (WHITE, 0, 5)]));
        // Cut to a disc, but the paper is there.
        assert!(!shows(&[(WHITE, 255, 50), (RED, 255, 28), (WHITE, 0, 22)]));
        // A seal without paper, one of solid ink with clear letters, a pale one.
        assert!(shows(&[(RED, 255, 35), (WHITE, 0, 65)]));
        assert!(shows(&[(RED, 255, 75), (WHITE, 0, 25)]));
        assert!(shows(&[(RED, 128, 100)]));
    }
}
