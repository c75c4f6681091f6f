//! What the board says of itself, in Chinese and in English.

use time::{OffsetDateTime, UtcOffset};

use super::super::participant::Role;
use super::super::result_view::{Overall, SignResultView, SignerResult};
use super::super::state::Phase;
use crate::contract::SlotState;
use crate::report::Lang;

/// The words of one language, and the offset in which it tells the time.
#[derive(Clone, Copy)]
pub(super) struct Words {
    pub(super) lang: Lang,
    pub(super) offset: UtcOffset,
}

/// How somebody's signature stands, as far as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Everything is signed.
    Done,
    /// It is his turn.
    Turn,
    /// Others, or time, come first.
    Waits,
    /// It will not come to it any more.
    Ended,
}

/// The board as a whole, as far as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Somebody may still sign.
    Open,
    /// Everybody has signed.
    Completed,
    /// A contract or the meeting ended before.
    Ended,
}

impl Words {
    /// The language as HTML names it.
    pub(super) fn tag(self) -> &'static str {
        self.pick("zh-CN", "en")
    }

    /// What the whole board says.
    pub(super) fn overall(self, view: &SignResultView) -> (Progress, &'static str) {
        match (view.overall, view.phase) {
            (Overall::Completed, _) => (Progress::Completed, self.pick("签署完成", "All signed")),
            (Overall::Stopped, _) => (Progress::Ended, self.pick("签署已终止", "Signing stopped")),
            (_, Phase::Cancelled) => {
                (Progress::Ended, self.pick("会议已取消", "Meeting cancelled"))
            }
            (_, Phase::Concluded(_)) => (Progress::Ended, self.pick("会议已结束", "Meeting over")),
            (Overall::Partial, _) => (Progress::Open, self.pick("签署中", "Signing")),
            (Overall::Waiting, _) => (Progress::Open, self.pick("等待签署", "Awaiting signature")),
        }
    }

    /// `2 of 3` have signed.
    pub(super) fn count(self, signed: usize, all: usize) -> String {
        match self.lang {
            Lang::Zh => format!("已签署 {signed} / {all}"),
            Lang::En => format!("{signed} of {all} signed"),
        }
    }

    /// How it stands with one signer, and what is said of it.
    pub(super) fn signer(
        self,
        signer: &SignerResult,
        today: Option<time::Date>,
    ) -> (Standing, String) {
        if let Some(at) = signer.signed_at {
            return (Standing::Done, self.moment(at, today));
        }
        let has = |wanted: &[SlotState]| signer.states.iter().any(|(_, one)| wanted.contains(one));
        let says = |standing, zh: &str, en: &str| (standing, self.pick(zh, en).to_owned());
        let signed = [SlotState::Signed, SlotState::Released];
        let done = signer.states.iter().filter(|(_, one)| signed.contains(one)).count();
        if has(&[SlotState::Declined]) {
            says(Standing::Ended, "已拒签", "Declined")
        } else if has(&[SlotState::Expired]) {
            says(Standing::Ended, "已逾期", "Expired")
        } else if has(&[SlotState::Cancelled, SlotState::Stopped]) {
            says(Standing::Ended, "已终止", "Stopped")
        } else if done > 0 {
            (Standing::Turn, self.count(done, signer.states.len()))
        } else if has(&[SlotState::ToSign]) {
            says(Standing::Turn, "待签署", "To sign")
        } else if has(&[SlotState::UnderReview]) {
            says(Standing::Waits, "审批中", "Under review")
        } else if has(&[SlotState::ToFill]) {
            says(Standing::Waits, "待填写", "To fill in")
        } else if has(&[SlotState::Forwarded]) {
            says(Standing::Ended, "已转交", "Handed over")
        } else {
            says(Standing::Waits, "等待中", "Waiting")
        }
    }

    /// A day and a time, with the offset.
    pub(super) fn date(self, at: OffsetDateTime) -> String {
        let Some(at) = at.checked_to_offset(self.offset) else { return String::new() };
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        let (hour, minute) = (at.hour(), at.minute());
        let offset = offset_name(self.offset);
        match self.lang {
            Lang::Zh => format!("{year}年{month}月{day}日 {hour:02}:{minute:02}（{offset}）"),
            Lang::En => format!("{day} {} {year}, {hour:02}:{minute:02} ({offset})", at.month()),
        }
    }

    /// The day on which something was, in the board's offset.
    pub(super) fn day(self, at: OffsetDateTime) -> Option<time::Date> {
        at.checked_to_offset(self.offset).map(OffsetDateTime::date)
    }

    /// A time of day, with the day unless it is `today`.
    pub(super) fn moment(self, at: OffsetDateTime, today: Option<time::Date>) -> String {
        let Some(at) = at.checked_to_offset(self.offset) else { return String::new() };
        let clock = format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second());
        if today == Some(at.date()) {
            return clock;
        }
        format!("{:04}-{:02}-{:02} {clock}", at.year(), u8::from(at.month()), at.day())
    }

    pub(super) fn role(self, role: Role) -> &'static str {
        match role {
            Role::Host => self.pick("主持人", "Host"),
            Role::Signer => self.pick("签署人", "Signer"),
            Role::Observer => self.pick("嘉宾", "Guest"),
        }
    }

    pub(super) fn scan(self) -> &'static str {
        self.pick("请签署人扫码签署", "Signers: scan to sign")
    }

    pub(super) fn awaits_seal(self) -> &'static str {
        self.pick("待用印", "Awaiting seal")
    }

    pub(super) fn pages(self, pages: u32) -> String {
        match (self.lang, pages) {
            (Lang::Zh, _) => format!("{pages} 页"),
            (Lang::En, 1) => "1 page".to_owned(),
            (Lang::En, _) => format!("{pages} pages"),
        }
    }

    pub(super) fn titled(self, name: &str) -> String {
        match self.lang {
            Lang::Zh if !name.starts_with('《') => format!("《{name}》"),
            _ => name.to_owned(),
        }
    }

    pub(super) fn more_signers(self, more: usize, signed: usize) -> String {
        match self.lang {
            Lang::Zh => format!("另有 {more} 位，已签 {signed} 位"),
            Lang::En => format!("and {more} more, {signed} signed"),
        }
    }

    pub(super) fn more_documents(self, more: usize) -> String {
        match self.lang {
            Lang::Zh => format!("另有 {more} 份文件"),
            Lang::En => format!("and {more} more documents"),
        }
    }

    pub(super) fn more_people(self, more: usize) -> String {
        match self.lang {
            Lang::Zh => format!("另有 {more} 位与会人"),
            Lang::En => format!("and {more} more present"),
        }
    }

    pub(super) fn no_picture(self) -> &'static str {
        self.pick("图样未提供", "No picture given")
    }

    pub(super) fn place_of_logo(self) -> &'static str {
        self.pick("企业标志", "Logo")
    }

    pub(super) fn standing_people(self) -> &'static str {
        self.pick("未安排座位", "Without a seat")
    }

    pub(super) fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

fn offset_name(offset: UtcOffset) -> String {
    let (hours, minutes, _) = offset.as_hms();
    let sign = if offset.is_negative() { '-' } else { '+' };
    match minutes {
        0 => format!("UTC{sign}{}", hours.abs()),
        _ => format!("UTC{sign}{}:{:02}", hours.abs(), minutes.abs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{datetime, offset};

    #[test]
    fn times_are_told_in_the_offset_of_the_contract() {
        let at = datetime!(2026-11-23 17:05:09 UTC);
        let chinese = Words { lang: Lang::Zh, offset: offset!(+8) };
        assert_eq!(chinese.date(at), "2026年11月24日 01:05（UTC+8）");
        assert_eq!(chinese.moment(at, None), "2026-11-24 01:05:09");
        assert_eq!(chinese.moment(at, chinese.day(at)), "01:05:09");
        let west = Words { lang: Lang::En, offset: offset!(-3:30) };
        assert_eq!(west.date(at), "23 November 2026, 13:35 (UTC-3:30)");
        let last = datetime!(9999-12-31 23:59 UTC);
        assert_eq!(chinese.moment(last, None), "");
    }
}
