//! The story of a file, revision by revision, in plain words.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::modification::ChangeKind;
use super::wording::{Lang, fill};

/// What happened to a file, revision by revision, oldest first.
///
/// Made by [`explain`](crate::verification::explain). It repeats the verdict of its
/// [`Report`](super::Report) and adds none: codes are the same in every language.
///
/// ```
/// use sealwright::report::{Event, EventCode, Lang, RevisionStory, Story};
///
/// let written = Event::new(EventCode::Written).with("3").with("8120");
/// let first = RevisionStory { number: 1, start: 0, end: 8_120, events: vec![written] };
/// let story = Story { revisions: vec![first] };
/// assert!(story.to_string().contains("the document was written: 3 page(s)"));
/// assert!(story.in_language(Lang::Zh).to_string().contains("第 1 版"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// One for each revision.
    pub revisions: Vec<RevisionStory>,
}

/// What one revision did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RevisionStory {
    /// Its number, from 1.
    pub number: u64,
    /// The offset of its first byte.
    pub start: u64,
    /// The offset behind its last byte: the file was this long when it was written.
    pub end: u64,
    /// What it did, signatures first, then what else was changed, forbidden things last.
    pub events: Vec<Event>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// What happened.
    pub code: EventCode,
    /// The values of its sentence, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// The signature it is about, by its index in the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<u64>,
    /// What kind of object was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ChangeKind>,
    /// The objects that were changed, as `number generation`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<String>,
    /// The page it happened on, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Where on that page, in the frame of [`Change::rect`](super::Change::rect).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rects: Vec<[f64; 4]>,
}

impl Event {
    /// An event without values and place.
    #[must_use]
    pub fn new(code: EventCode) -> Self {
        Self {
            code,
            values: Vec::new(),
            signature: None,
            kind: None,
            objects: Vec::new(),
            page: None,
            rects: Vec::new(),
        }
    }

    /// The same with one more value.
    #[must_use]
    pub fn with(mut self, value: impl ToString) -> Self {
        self.values.push(value.to_string());
        self
    }

    /// The same about a signature, whose index is its next value.
    #[must_use]
    pub fn about(mut self, signature: u64) -> Self {
        self.signature = Some(signature);
        self.with(signature)
    }

    /// The sentence in a language.
    ///
    /// ```
    /// use sealwright::report::{ChangeKind, Event, EventCode, Lang};
    ///
    /// let mut event = Event::new(EventCode::Forbidden).with(1);
    /// event.kind = Some(ChangeKind::Font);
    /// event.page = Some(4);
    /// let text = event.message_in(Lang::En);
    /// assert_eq!(text, "NOT PERMITTED: 1 object(s) changed: font (page 4)");
    /// ```
    #[must_use]
    pub fn message_in(&self, lang: Lang) -> String {
        let (template, on_page) = match lang {
            Lang::En => (self.code.english(), " (page {0})"),
            Lang::Zh => (self.code.chinese(), "（第 {0} 页）"),
        };
        let mut text = fill(template, &self.values);
        if let Some(kind) = self.kind {
            let (colon, word) = match lang {
                Lang::En => (": ", kind.english()),
                Lang::Zh => ("：", kind.chinese()),
            };
            text.push_str(colon);
            text.push_str(word);
        }
        if let Some(page) = self.page {
            text.push_str(&fill(on_page, &[page.to_string()]));
        }
        text
    }
}

macro_rules! events {
    ($($name:ident $text:literal $en:literal $zh:literal;)*) => {
        /// What happened in a revision. The list is closed: a code keeps its string and meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum EventCode {
            $(
                #[doc = concat!("`", $text, "`: ", $en, ".")]
                #[serde(rename = $text)]
                $name,
            )*
        }

        impl EventCode {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable string.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            fn english(self) -> &'static str {
                match self { $(Self::$name => $en,)* }
            }

            fn chinese(self) -> &'static str {
                match self { $(Self::$name => $zh,)* }
            }
        }
    };
}

events! {
    Written "story.written"
        "the document was written: {0} page(s) in {1} bytes"
        "文档生成：共 {0} 页，{1} 字节";
    Saved "story.saved"
        "it was saved again, before anybody had signed: {0} object(s) written"
        "在任何人签署之前再次保存：写入 {0} 个对象";
    Signed "story.signed"
        "signature {0} was made in field {1}, by {2}"
        "在签名域 {1} 中作出第 {0} 个签名，签名人：{2}";
    Placed "story.placed"
        "signature {0} has its place here"
        "第 {0} 个签名位于此处";
    Timestamped "story.timestamped"
        "document time-stamp {0} was put on it in field {1}, by {2}"
        "在签名域 {1} 中加盖第 {0} 个文档时间戳，签发者：{2}";
    TimeClaimed "story.time_claimed"
        "signature {0} claims to be made at {1}"
        "第 {0} 个签名自称作出于 {1}";
    TimeProven "story.time_proven"
        "a time-stamp vouches that signature {0} was there at {1}"
        "时间戳证明第 {0} 个签名在 {1} 已经存在";
    CertifiedUnchangeable "story.certified_p1"
        "signature {0} certifies the document: nothing may be changed any more"
        "第 {0} 个签名认证了文档：此后不允许任何更改";
    CertifiedFillable "story.certified_p2"
        "signature {0} certifies the document: forms may still be filled and signed"
        "第 {0} 个签名认证了文档：此后只允许填写表单和签名";
    CertifiedAnnotatable "story.certified_p3"
        "signature {0} certifies the document: forms may still be filled and signed, and comments made"
        "第 {0} 个签名认证了文档：此后允许填写表单、签名和批注";
    FieldsLocked "story.fields_locked"
        "signature {0} locks form fields"
        "第 {0} 个签名锁定了表单域";
    SealShown "story.seal_shown"
        "signature {0} shows a seal in {1} place(s)"
        "第 {0} 个签名显示印章 {1} 处";
    AuthorityStated "story.authority_stated"
        "signature {0} states the permit that it was made under"
        "第 {0} 个签名声明了其用印权限";
    Passed "story.passed"
        "signature {0} holds"
        "第 {0} 个签名有效";
    Indeterminate "story.indeterminate"
        "whether signature {0} holds is not certain"
        "第 {0} 个签名是否有效无法确定";
    Failed "story.failed"
        "signature {0} DOES NOT HOLD"
        "第 {0} 个签名无效";
    FieldAdded "story.field_added"
        "form field {0} was added"
        "添加了表单域 {0}";
    FieldFilled "story.field_filled"
        "form field {0} was filled"
        "填写了表单域 {0}";
    Annotated "story.annotated"
        "{0} object(s) of annotations were added, changed or removed"
        "添加、修改或删除了 {0} 个批注对象";
    SecurityStored "story.security_stored"
        "data to check signatures later was added ({0} object(s))"
        "添加了用于日后验证签名的数据（{0} 个对象）";
    Described "story.described"
        "dates and producer in the document's description were changed"
        "修改了文档描述中的日期和生成程序";
    Upkeep "story.upkeep"
        "{0} object(s) were written that serve these changes"
        "写入了 {0} 个服务于上述更改的对象";
    Forbidden "story.forbidden"
        "NOT PERMITTED: {0} object(s) changed"
        "不允许的更改：{0} 个对象";
    NotLookedAt "story.not_looked_at"
        "what was changed here cannot be said"
        "无法判断此处更改了什么";
}

impl fmt::Display for EventCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Story {
    /// The story in plain words of a language; [`Display`](fmt::Display) is the English one.
    #[must_use]
    pub fn in_language(&self, lang: Lang) -> impl fmt::Display + '_ {
        Told { story: self, lang }
    }
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.in_language(Lang::En).fmt(f)
    }
}

struct Told<'s> {
    story: &'s Story,
    lang: Lang,
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading = match self.lang {
            Lang::En => "Revision {0}, bytes {1} to {2}:",
            Lang::Zh => "第 {0} 版，字节 {1} 至 {2}：",
        };
        for revision in &self.story.revisions {
            let numbers = [revision.number, revision.start, revision.end];
            writeln!(f, "{}", fill(heading, &numbers.map(|number| number.to_string())))?;
            for event in &revision.events {
                writeln!(f, "  - {}", super::letter::visible(&event.message_in(self.lang)))?;
            }
        }
        Ok(())
    }
}

impl ChangeKind {
    fn english(self) -> &'static str {
        match self {
            Self::Catalog => "document catalog",
            Self::Form => "form",
            Self::SignatureField => "signature field",
            Self::SignatureValue => "signature value",
            Self::FormField => "form field",
            Self::Page => "page",
            Self::PageTree => "page tree",
            Self::Annotation => "annotation",
            Self::SecurityStore => "validation data",
            Self::Metadata => "metadata",
            Self::Structure => "structure tree",
            Self::Font => "font",
            Self::XObject => "picture or drawing",
            Self::Trailer => "trailer",
            Self::Removed => "object removed",
            Self::Bytes => "bytes of no object",
            Self::Other => "content",
        }
    }

    fn chinese(self) -> &'static str {
        match self {
            Self::Catalog => "文档目录",
            Self::Form => "表单",
            Self::SignatureField => "签名域",
            Self::SignatureValue => "签名值",
            Self::FormField => "表单域",
            Self::Page => "页面",
            Self::PageTree => "页面树",
            Self::Annotation => "批注",
            Self::SecurityStore => "验证数据",
            Self::Metadata => "元数据",
            Self::Structure => "结构树",
            Self::Font => "字体",
            Self::XObject => "图像或图形",
            Self::Trailer => "文件尾",
            Self::Removed => "对象被删除",
            Self::Bytes => "不属于任何对象的字节",
            Self::Other => "内容",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_own_string_and_both_languages_use_the_same_values() {
        let mut seen = std::collections::BTreeSet::new();
        for code in EventCode::ALL {
            assert!(seen.insert(code.as_str()), "{code}");
            for value in 0..4 {
                let place = format!("{{{value}}}");
                let (en, zh) = (code.english(), code.chinese());
                assert_eq!(en.contains(&place), zh.contains(&place), "{code} {place}");
            }
        }
    }

    #[test]
    fn names_from_the_file_cannot_break_out_of_their_line() {
        let event = Event::new(EventCode::FieldFilled).with("a\nRevision 9");
        let first = RevisionStory { number: 1, start: 0, end: 1, events: vec![event] };
        let text = Story { revisions: vec![first] }.to_string();
        assert_eq!(text.lines().count(), 2, "{text}");
    }
}
