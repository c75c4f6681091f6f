//! Masks (R-ID-13): what may be shown of a personal fact.

/// The first `head` and the last `tail` characters, a star for each one between them. A text that
/// would keep fewer than four characters to itself shows less of its head and tail instead.
pub(super) fn mask(text: &str, head: usize, tail: usize) -> String {
    const HIDDEN_AT_LEAST: usize = 4;
    let length = text.chars().count();
    let (head, tail) = if length >= head + tail + HIDDEN_AT_LEAST {
        (head, tail)
    } else if length > HIDDEN_AT_LEAST {
        (1, (length - HIDDEN_AT_LEAST - 1).min(2))
    } else {
        (0, 0)
    };
    text.chars()
        .enumerate()
        .map(|(at, letter)| if at < head || at >= length - tail { letter } else { '*' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_id_13_a_mask_shows_the_first_three_and_the_last_four() {
        assert_eq!(mask("11010519491231002X", 3, 4), "110***********002X");
        assert_eq!(mask("13812341569", 3, 4), "138****1569");
    }

    #[test]
    fn r_id_13_a_short_number_keeps_at_least_four_characters_to_itself() {
        assert_eq!(mask("12345678", 3, 4), "1*****78");
        assert_eq!(mask("12345", 3, 4), "1****");
        assert_eq!(mask("1234", 3, 4), "****");
        assert_eq!(mask("", 3, 4), "");
    }
}
