//! In which state a page's content leaves the graphics state (ISO 32000-2 §8.4): whether something may
//! be painted behind it as if it were not there.
//!
//! Only what counts is read: operators, and where strings and inline images end. No operand is
//! understood, so that no operand can be misunderstood.

/// How content ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ending {
    /// The state at the lowest level was changed: matrix, clip, colour, line, text.
    touched: bool,
    /// `q` without its `Q`.
    open: usize,
    /// `Q` without its `q`, which readers pass over.
    excess: usize,
    /// `BMC` or `BDC` without its `EMC`: what follows would belong to it, and be hidden with it.
    marked: usize,
    /// `BT` without its `ET`.
    in_text: bool,
    /// A path that is neither painted nor dropped.
    in_path: bool,
}

impl Ending {
    /// Reads all of a page's content.
    ///
    /// # Errors
    ///
    /// Why nothing can be painted behind it.
    pub(super) fn of(content: &[u8]) -> Result<Self, &'static str> {
        let mut reader = Reader { bytes: content, at: 0 };
        let (mut ending, mut restored) = (Self::default(), false);
        while let Some(operator) = reader.operator()? {
            if restored && PAINTING.contains(&operator) {
                return Err(
                    "it restores a graphics state that it never saved, and goes on painting",
                );
            }
            restored |= operator == b"Q" && ending.open == 0 && ending.touched;
            if operator == b"BI" {
                reader.inline_image()?;
            }
            ending.take(operator);
        }
        Ok(ending)
    }

    fn take(&mut self, operator: &[u8]) {
        match operator {
            b"q" => self.open += 1,
            b"Q" if self.open == 0 => self.excess += 1,
            b"Q" => self.open -= 1,
            b"BMC" | b"BDC" => self.marked += 1,
            b"EMC" => self.marked = self.marked.saturating_sub(1),
            b"BT" => self.in_text = true,
            b"ET" => self.in_text = false,
            b"m" | b"l" | b"c" | b"v" | b"y" | b"h" | b"re" => self.in_path = true,
            _ if PAINTING.contains(&operator) || operator == b"n" => self.in_path = false,
            _ => {}
        }
        self.touched |= self.open == 0 && SETTING.contains(&operator);
    }

    /// Whether the state is at the end what it was at the beginning.
    pub(super) fn is_clean(&self) -> bool {
        *self == Self { excess: self.excess, ..Self::default() }
    }

    /// What has to stand before the content, so that its state can be left.
    pub(super) fn opening(&self) -> Vec<u8> {
        if self.is_clean() { Vec::new() } else { b"q\n".repeat(1 + self.excess) }
    }

    /// What has to stand behind it, so that the state is the initial one.
    pub(super) fn closing(&self) -> Vec<u8> {
        if self.is_clean() {
            return Vec::new();
        }
        let mut closing = Vec::new();
        closing.extend_from_slice(if self.in_text { b"ET\n" } else { b"" });
        closing.extend_from_slice(if self.in_path { b"n\n" } else { b"" });
        closing.extend(b"EMC\n".repeat(self.marked));
        closing.extend(b"Q\n".repeat(1 + self.open));
        closing
    }
}

/// Operators that show something.
const PAINTING: [&[u8]; 16] = [
    b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s", b"sh", b"Do", b"Tj", b"TJ", b"'",
    b"\"", b"BI",
];

/// Operators that set what a later one would inherit.
const SETTING: [&[u8]; 30] = [
    b"cm", b"w", b"J", b"j", b"M", b"d", b"ri", b"i", b"gs", b"CS", b"cs", b"SC", b"SCN", b"sc",
    b"scn", b"G", b"g", b"RG", b"rg", b"K", b"k", b"W", b"W*", b"Tc", b"Tw", b"Tz", b"TL", b"Tf",
    b"Tr", b"Ts",
];

struct Reader<'c> {
    bytes: &'c [u8],
    at: usize,
}

impl<'c> Reader<'c> {
    /// The next operator; operands are passed by.
    fn operator(&mut self) -> Result<Option<&'c [u8]>, &'static str> {
        while let Some(byte) = self.peek() {
            match byte {
                b'%' => self.pass(|byte| !matches!(byte, b'\r' | b'\n')),
                b'(' => self.literal_string()?,
                b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => self.at += 2,
                b'<' => {
                    self.pass(|byte| byte != b'>');
                    self.at += 1;
                    if self.at > self.bytes.len() {
                        return Err(UNFINISHED);
                    }
                }
                b'/' => {
                    self.at += 1;
                    self.pass(is_regular);
                }
                byte if is_regular(byte) => {
                    let word = self.word();
                    if word.first().is_some_and(|byte| is_operator_start(*byte))
                        && !matches!(word, b"true" | b"false" | b"null")
                    {
                        return Ok(Some(word));
                    }
                }
                _ => self.at += 1,
            }
        }
        Ok(None)
    }

    /// From behind `BI` to behind `EI`. The data may hold anything; its end is an `EI` between white
    /// space, behind which text follows.
    fn inline_image(&mut self) -> Result<(), &'static str> {
        while self.operator()?.ok_or(UNFINISHED)? != b"ID" {}
        self.at += 1;
        let mut rest = self.bytes.get(self.at..).unwrap_or(&[]);
        loop {
            let end = memchr::memmem::find(rest, b"EI").ok_or(UNFINISHED)?;
            let before = end.checked_sub(1).and_then(|at| rest.get(at));
            let behind = rest.get(end + 2..).unwrap_or(&[]);
            let text = behind.iter().take(12);
            let is_end = before.is_none_or(|byte| is_white_space(*byte))
                && behind.first().is_none_or(|byte| is_white_space(*byte))
                && text.clone().all(|byte| is_white_space(*byte) || matches!(byte, b' '..=b'~'));
            rest = behind;
            if is_end {
                self.at = self.bytes.len() - rest.len();
                return Ok(());
            }
        }
    }

    fn literal_string(&mut self) -> Result<(), &'static str> {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'(' => depth += 1,
                b')' if depth <= 1 => return Ok(()),
                b')' => depth -= 1,
                _ => {}
            }
        }
        Err(UNFINISHED)
    }

    fn word(&mut self) -> &'c [u8] {
        let start = self.at;
        self.pass(is_regular);
        self.bytes.get(start..self.at).unwrap_or(&[])
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn pass(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
    }
}

const UNFINISHED: &str = "it ends inside a string or an image";

fn is_white_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_white_space(byte)
        && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// Numbers begin with something else.
fn is_operator_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'\'' | b'"')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ending(content: &str) -> Ending {
        Ending::of(content.as_bytes()).unwrap()
    }

    /// Before and behind, in one line.
    fn around(content: &str) -> String {
        let ending = ending(content);
        let text = [ending.opening(), b"|".to_vec(), ending.closing()].concat();
        String::from_utf8(text).unwrap().replace('\n', " ")
    }

    #[test]
    fn content_that_leaves_no_trace_is_left_alone() {
        for content in [
            "",
            "q 1 0 0 1 5 5 cm 0 0 9 9 re f Q",
            "q\nq 2 w Q\nQ % Q",
            "BT (text) Tj ET",
            "0 0 9 9 re f",
            "/OC /a BDC q 1 g Q EMC",
            // Readers pass over a Q too many; it changes nothing here.
            "q 1 w Q Q",
        ] {
            assert_eq!(around(content), "|", "{content}");
        }
    }

    #[test]
    fn what_is_changed_at_the_lowest_level_is_put_between() {
        for content in [
            "0.1 0 0 -0.1 0 842 cm q Q",
            "1 0 0 rg 0 0 9 9 re f",
            "0 0 9 9 re W n",
            "BT /F1 12 Tf (x) Tj ET",
            "/G0 gs",
        ] {
            assert_eq!(around(content), "q |Q ", "{content}");
        }
    }

    #[test]
    fn what_is_open_is_closed() {
        assert_eq!(around("q q 2 w"), "q |Q Q Q ");
        assert_eq!(around("q BT (x) Tj"), "q |ET Q Q ");
        assert_eq!(around("/OC /hidden BDC /Artifact BMC"), "q |EMC EMC Q ");
        assert_eq!(around("0 0 m 5 5 l"), "q |n Q ");
        assert_eq!(around("Q 2 w"), "q q |Q ");
        assert_eq!(around("Q Q q 2 w"), "q q q |Q Q ");
    }

    #[test]
    fn a_state_that_was_never_saved_must_not_come_back() {
        let error = Ending::of(b"1 0 0 rg Q 0 0 9 9 re f").unwrap_err();
        assert!(error.contains("never saved"), "{error}");
        // Nothing is painted afterwards: no difference to be seen.
        assert_eq!(around("1 0 0 rg 0 0 9 9 re f Q"), "q q |Q ");
    }

    #[test]
    fn operators_in_strings_names_comments_and_images_are_none() {
        for content in [
            r"(q \( q \) (q) \\) Tj",
            "<71> Tj /q gs0 % q",
            "[(q) -5 (q)] TJ",
            "<</q 1>> DP",
            "BI /W 1 /H 1 /BPC 8 /CS /G ID q EI q Q",
            "BI /W 4 /H 1 ID \u{1}EI\u{2} q EI\n q Q",
            "BI /W 4 /H 1 ID aEIb EI",
        ] {
            assert_eq!(ending(content), Ending::default(), "{content}");
        }
    }

    #[test]
    fn content_that_would_swallow_what_follows_is_refused() {
        for content in ["(never closed", "<616", "BI /W 1 ID abc", "BI /W 1", r"(\"] {
            assert!(Ending::of(content.as_bytes()).is_err(), "{content}");
        }
    }
}
