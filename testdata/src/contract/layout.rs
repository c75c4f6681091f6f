//! From words to lines on pages. Lengths are points from the top left of the page.

use ttf_parser::Face;

use super::text::*;
use super::{PARTY_A, PARTY_B};
use crate::font;

pub(super) const PAGE_WIDTH: f32 = 595.28;
pub(super) const PAGE_HEIGHT: f32 = 841.89;

const LEFT: f32 = 88.0;
const WIDTH: f32 = PAGE_WIDTH - 2.0 * LEFT;
const TOP: f32 = 92.0;
const BOTTOM: f32 = 772.0;

const BODY: f32 = 12.0;
const LEADING: f32 = 21.2;
const SMALL: f32 = 9.0;

/// Where the signature block of the last page begins, how far apart its lines are, and where its
/// second column is.
const SIGNATURES_TOP: f32 = 580.0;
const SIGNATURES_LEADING: f32 = 32.0;
const SECOND_COLUMN: f32 = LEFT + 218.0;

/// Characters on one baseline.
pub(super) struct Run {
    pub text: String,
    pub x: f32,
    pub baseline: f32,
    pub size: f32,
    pub bold: bool,
    /// Added after every character, to justify a line.
    pub spacing: f32,
}

/// What is on one page: runs, and horizontal rules as x, y and length.
#[derive(Default)]
pub(super) struct Page {
    pub runs: Vec<Run>,
    pub rules: Vec<(f32, f32, f32)>,
}

/// The whole contract.
pub(super) fn pages() -> Vec<Page> {
    let mut layout = Layout { face: font::face(), pages: vec![Page::default()], y: TOP };
    layout.first_page_head();
    layout.paragraph(PREAMBLE);
    for (heading, clauses) in ARTICLES {
        layout.heading(heading);
        for clause in clauses {
            layout.paragraph(clause);
        }
    }
    layout.signatures();
    layout.running_lines();
    layout.pages
}

struct Layout {
    face: Face<'static>,
    pages: Vec<Page>,
    /// The top of the next line on the last page.
    y: f32,
}

impl Layout {
    fn first_page_head(&mut self) {
        let size = 24.0;
        // The characters of a title stand apart.
        let spacing = 6.0;
        let width = self.width(TITLE, size) + spacing * (TITLE.chars().count() - 1) as f32;
        let baseline = self.y + size;
        let x = (PAGE_WIDTH - width) / 2.0;
        self.run(Run { text: TITLE.into(), x, baseline, size, bold: true, spacing });
        self.y += 50.0;

        let place_x = LEFT + WIDTH - self.width(PLACE, 10.5);
        for (text, x) in [(NUMBER, LEFT), (PLACE, place_x)] {
            self.text(text, x, self.y + 10.5, 10.5, false);
        }
        self.y += 30.0;

        for party in PARTIES {
            for (index, (label, value)) in party.iter().enumerate() {
                let baseline = self.y + BODY;
                self.text(label, LEFT, baseline, BODY, index == 0);
                let x = LEFT + self.width(label, BODY);
                self.text(value, x, baseline, BODY, index == 0);
                self.y += LEADING - 1.0;
            }
            self.y += 7.0;
        }
    }

    fn heading(&mut self, text: &str) {
        // A heading stays with the two lines that follow it.
        if self.y + 6.0 + 3.0 * LEADING > BOTTOM {
            self.break_page();
        } else {
            self.y += 6.0;
        }
        self.text(text, LEFT, self.y + BODY, BODY, true);
        self.y += LEADING;
    }

    /// A justified paragraph, indented by two characters.
    fn paragraph(&mut self, text: &str) {
        let lines = self.lines(text, WIDTH, 2.0 * BODY);
        let last = lines.len() - 1;
        for (index, text) in lines.into_iter().enumerate() {
            if self.y + LEADING > BOTTOM {
                self.break_page();
            }
            let indent = if index == 0 { 2.0 * BODY } else { 0.0 };
            let missing = WIDTH - indent - self.width(&text, BODY);
            let gaps = (text.chars().count() - 1) as f32;
            let spacing = if index < last || missing < 0.0 { missing / gaps } else { 0.0 };
            let (x, baseline) = (LEFT + indent, self.y + BODY);
            self.run(Run { text, x, baseline, size: BODY, bold: false, spacing });
            self.y += LEADING;
        }
    }

    fn signatures(&mut self) {
        assert!(self.y < SIGNATURES_TOP - 2.0 * LEADING, "the text runs into the signatures");
        let width = self.width(END_OF_TEXT, BODY);
        let baseline = SIGNATURES_TOP - 22.0;
        self.text(END_OF_TEXT, (PAGE_WIDTH - width) / 2.0, baseline, BODY, false);

        for (label, name, x) in
            [(SIGNATURE_LABELS[0], PARTY_A, LEFT), (SIGNATURE_LABELS[1], PARTY_B, SECOND_COLUMN)]
        {
            let date = format!("{DATE}{BLANK_DATE}");
            let lines = [
                (label, false),
                (name, true),
                (REPRESENTATIVE, false),
                ("", false),
                (&date, false),
            ];
            for (index, (text, bold)) in lines.into_iter().enumerate() {
                let baseline = SIGNATURES_TOP + BODY + SIGNATURES_LEADING * index as f32;
                self.text(text, x, baseline, BODY, bold);
                if text.is_empty() {
                    self.page().rules.push((x, baseline + 2.0, 150.0));
                }
            }
        }
    }

    /// Header and footer of every page.
    fn running_lines(&mut self) {
        let count = self.pages.len();
        let number_x = LEFT + WIDTH - self.width(NUMBER, SMALL);
        for index in 0..count {
            let footer = format!("第 {} 页　共 {count} 页", index + 1);
            let footer_x = (PAGE_WIDTH - self.width(&footer, SMALL)) / 2.0;
            let page = &mut self.pages[index];
            for (text, x, baseline) in
                [(TITLE, LEFT, 58.0), (NUMBER, number_x, 58.0), (footer.as_str(), footer_x, 802.0)]
            {
                page.runs.push(Run {
                    text: text.into(),
                    x,
                    baseline,
                    size: SMALL,
                    bold: false,
                    spacing: 0.0,
                });
            }
            page.rules.push((LEFT, 64.0, WIDTH));
        }
    }

    fn text(&mut self, text: &str, x: f32, baseline: f32, size: f32, bold: bool) {
        self.run(Run { text: text.into(), x, baseline, size, bold, spacing: 0.0 });
    }

    fn run(&mut self, run: Run) {
        if !run.text.is_empty() {
            self.page().runs.push(run);
        }
    }

    fn page(&mut self) -> &mut Page {
        self.pages.last_mut().expect("there is always a page")
    }

    fn break_page(&mut self) {
        self.pages.push(Page::default());
        self.y = TOP;
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        let units: u32 = text.chars().map(|character| advance(&self.face, character)).sum();
        units as f32 * size / f32::from(self.face.units_per_em())
    }

    /// Breaks a paragraph. A line may be a closing mark too long: it is squeezed then.
    fn lines(&self, text: &str, width: f32, indent: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line: Vec<&str> = Vec::new();
        for unit in units(text) {
            let room = width - if lines.is_empty() { indent } else { 0.0 };
            let needed = self.width(&line.concat(), BODY) + self.width(unit, BODY);
            let may_squeeze = closes(unit) && needed <= room + BODY;
            if needed > room && !may_squeeze {
                let mut next = vec![unit];
                // Neither a closing mark at the beginning of a line nor an opening one at its end.
                while line.len() > 1 && (closes(next[0]) || opens(line[line.len() - 1])) {
                    next.insert(0, line.pop().expect("more than one"));
                }
                lines.push(line.concat());
                line = next;
            } else {
                line.push(unit);
            }
        }
        lines.push(line.concat());
        lines
    }
}

/// The width of a character in font units.
pub(super) fn advance(face: &Face<'_>, character: char) -> u32 {
    face.glyph_hor_advance(font::glyph(face, character)).expect("every glyph has a width").into()
}

/// What may not be broken: words of ASCII characters, and each other character.
fn units(text: &str) -> Vec<&str> {
    let mut units = Vec::new();
    let mut start = 0;
    for (at, character) in text.char_indices() {
        let previous = text[..at].chars().next_back();
        let in_word = |c: char| c.is_ascii_graphic();
        let joins = in_word(character) && previous.is_some_and(in_word);
        if at > start && !joins {
            units.push(&text[start..at]);
            start = at;
        }
    }
    units.push(&text[start..]);
    units
}

fn closes(unit: &str) -> bool {
    unit.starts_with(['，', '。', '、', '；', '：', '）', '》', '”'])
}

fn opens(unit: &str) -> bool {
    unit.ends_with(['（', '《', '“', '¥'])
}
