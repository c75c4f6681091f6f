//! Tells what happens: in Chinese and English, or in one of them. What is expected is checked as it
//! is told; whoever runs the example learns from its exit status whether all of it held.

use std::fmt::Display;

use sealwright::report::Lang;
use sealwright_testdata::contract;

use crate::Failure;

/// The narrator.
pub struct Teller {
    langs: Vec<Lang>,
    held: usize,
    broken: Vec<String>,
    refusals: usize,
}

impl Teller {
    /// In these languages, at least one.
    pub fn new(langs: Vec<Lang>) -> Self {
        Self { langs, held: 0, broken: Vec::new(), refusals: 0 }
    }

    /// The language of what is drawn: the first one.
    pub fn lang(&self) -> Lang {
        self.langs.first().copied().unwrap_or_default()
    }

    /// Who takes part, and what the marks mean.
    pub fn introduces(&self, folder: &str) {
        self.lines(
            "",
            &"战略签约：两家企业在会议上当众签署一份合同。以下按指南 S1–S46 走完全程。",
            &"Strategic signing: two companies sign a contract at a meeting. All steps, S1 to S46.",
        );
        self.lines(
            "  A      ",
            &format!("甲方（组织方） {}", contract::PARTY_A),
            &"organizes: the booker books, H hosts, SA signs",
        );
        self.lines(
            "  B      ",
            &format!("乙方 {}", contract::PARTY_B),
            &"the other side: SB signs",
        );
        self.lines(
            "  marks  ",
            &"✓ 如预期   ✗ 错误操作，被拒绝（附错误码）   ○ 超出程序库的范围",
            &"✓ as it should be   ✗ done wrong and refused, with its code   ○ not for a library",
        );
        self.lines("  files  ", &format!("写入 {folder}/"), &format!("are written to {folder}/"));
    }

    /// A part of the guide.
    pub fn chapter(&self, zh: &str, en: &str) {
        println!("\n━━ {} ━━", self.joined(zh, en));
    }

    /// A step of the guide, by its number.
    pub fn step(&self, number: &str, zh: impl Display, en: impl Display) {
        println!();
        self.lines(&format!("{number:<9}"), &zh, &en);
    }

    /// What came of it.
    pub fn say(&self, zh: impl Display, en: impl Display) {
        self.lines("       · ", &zh, &en);
    }

    /// The same in every language: names, digests, links.
    pub fn show(&self, text: impl Display) {
        println!("         {text}");
    }

    /// What no library can do, and what is given instead.
    pub fn beyond(&self, zh: impl Display, en: impl Display) {
        self.lines("       ○ ", &zh, &en);
    }

    /// That somebody tries what is refused, with this code. Nothing has changed then.
    pub fn refused<T>(
        &mut self,
        zh: impl Display,
        en: impl Display,
        code: &str,
        answer: Result<T, impl Into<Failure>>,
    ) {
        self.refusals += 1;
        self.lines("       ✗ ", &zh, &en);
        match answer.map_err(Into::into) {
            Ok(_) => self.count(false, || format!("{code} was expected, and it was done: {en}")),
            Err(refusal) => {
                let found = refusal.code.unwrap_or("no code");
                self.show(format!("→ {found}: {refusal}"));
                self.count(found == code, || format!("{code} was expected, not {found}: {en}"));
            }
        }
    }

    /// That something holds.
    pub fn expect(&mut self, holds: bool, zh: impl Display, en: impl Display) {
        self.lines(if holds { "       ✓ " } else { "       ‼ " }, &zh, &en);
        self.count(holds, || en.to_string());
    }

    /// How many expectations held, how many of them were refusals, and which did not.
    pub fn ends(&self) -> (usize, usize, &[String]) {
        (self.held, self.refusals, &self.broken)
    }

    /// A title or a cell of a table.
    pub fn joined(&self, zh: &str, en: &str) -> String {
        let texts: Vec<&str> = self.langs.iter().map(|lang| pick(*lang, zh, en)).collect();
        texts.join("  ")
    }

    fn count(&mut self, holds: bool, wrong: impl FnOnce() -> String) {
        if holds {
            self.held += 1;
        } else {
            self.broken.push(wrong());
        }
    }

    fn lines(&self, mark: &str, zh: &dyn Display, en: &dyn Display) {
        for (number, lang) in self.langs.iter().enumerate() {
            let text = match lang {
                Lang::Zh => zh,
                _ => en,
            };
            match number {
                0 => println!("{mark}{text}"),
                _ => println!("         {text}"),
            }
        }
    }
}

fn pick<'t>(lang: Lang, zh: &'t str, en: &'t str) -> &'t str {
    match lang {
        Lang::Zh => zh,
        _ => en,
    }
}
