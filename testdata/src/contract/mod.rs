//! The sample contract: three A4 pages, two invented companies, and the places where they seal.
//!
//! [`PDF`] is the committed file; `cargo run -p sealwright-testdata --bin generate` makes it again.
//!
//! ```
//! use sealwright_testdata::contract;
//! assert!(contract::PDF.starts_with(b"%PDF-1.7"));
//! ```

mod layout;
mod pdf;
mod text;

/// The committed file.
pub const PDF: &[u8] = include_bytes!("../../contract.pdf");

/// 甲方, whose seal the demo uses.
pub const PARTY_A: &str = "江州澄砚信息技术有限公司";

/// 乙方.
pub const PARTY_B: &str = "云泽溯舟供应链管理有限公司";

/// How many pages the contract has; the last one is signed.
pub const PAGES: usize = 3;

/// The diameter of a company seal in mm.
pub const SEAL_MM: f64 = 42.0;

/// The top left corner of 甲方's seal in mm from the top left of the last page: across its name, the
/// words 甲方（盖章） above and the representative's line below, as people stamp it.
pub const PARTY_A_SEAL_AT_MM: (f64, f64) = (45.0, 203.0);

/// The same for 乙方.
pub const PARTY_B_SEAL_AT_MM: (f64, f64) = (122.0, 203.0);

/// Makes the contract, the same bytes every time.
pub fn generate() -> Vec<u8> {
    let pages = layout::pages();
    assert_eq!(pages.len(), PAGES, "the text must fill exactly the pages it promises");
    pdf::write(&pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_file_is_what_the_generator_makes() {
        let hint = "run `cargo run -p sealwright-testdata --bin generate` and look at the result";
        assert!(generate() == PDF, "{hint}");
    }

    #[test]
    fn a_seal_touches_the_label_and_the_name_of_its_own_party_only() {
        let pages = layout::pages();
        let touched = |(left, top): (f64, f64), text: &str| {
            let run = pages[PAGES - 1].runs.iter().find(|run| run.text == text).expect(text);
            let mm = |points: f32| f64::from(points) * 25.4 / 72.0;
            let end = run.x + run.size * text.chars().count() as f32;
            let beside = mm(end) < left || mm(run.x) > left + SEAL_MM;
            let off_line = mm(run.baseline) < top || mm(run.baseline - run.size) > top + SEAL_MM;
            !beside && !off_line
        };
        let a = PARTY_A_SEAL_AT_MM;
        let b = PARTY_B_SEAL_AT_MM;
        for (seal, own, other) in [
            (a, ["甲方（盖章）：", PARTY_A], ["乙方（盖章）：", PARTY_B]),
            (b, ["乙方（盖章）：", PARTY_B], ["甲方（盖章）：", PARTY_A]),
        ] {
            assert!(own.iter().all(|text| touched(seal, text)));
            assert!(!other.iter().any(|text| touched(seal, text)));
        }
    }
}
