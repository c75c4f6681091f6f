//! Controls that are completed by data: what each kind takes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::opinion::far_corner;
use super::{ControlError, Input, TextStyle};
use crate::geometry::{self, Rect, Size};
use crate::identity::{Gender, Person};
use crate::organization::Organization;

/// The longest option of a selector, in characters.
const MOST_OPTION: usize = 200;

/// The options of a selector.
///
/// ```
/// use sealwright::contract::SelectorStyle;
/// let answer = SelectorStyle::of(["同意", "不同意"])?;
/// assert_eq!(answer.options().len(), 2);
/// assert!(SelectorStyle::of(["同意", "同意"]).is_err());
/// # Ok::<(), sealwright::contract::ControlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "SelectorFields", into = "SelectorFields")]
pub struct SelectorStyle(SelectorFields);

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct SelectorFields {
    options: Vec<String>,
    #[serde(default)]
    several: bool,
    #[serde(default)]
    wrap: bool,
    #[serde(default)]
    style: TextStyle,
}

impl SelectorStyle {
    /// One of these options, 1 to 200, none twice.
    ///
    /// # Errors
    ///
    /// [`ControlError::ParameterOutOfRange`], [`ControlError::ValueInvalid`].
    pub fn of<O: Into<String>>(options: impl IntoIterator<Item = O>) -> Result<Self, ControlError> {
        Self::try_from(SelectorFields {
            options: options.into_iter().map(Into::into).collect(),
            several: false,
            wrap: false,
            style: TextStyle::default(),
        })
    }

    /// Several of them.
    #[must_use]
    pub fn several(mut self) -> Self {
        self.0.several = true;
        self
    }

    /// With lines broken where they are too long.
    #[must_use]
    pub fn wrap(mut self) -> Self {
        self.0.wrap = true;
        self
    }

    /// Set in this style.
    #[must_use]
    pub fn style(mut self, style: TextStyle) -> Self {
        self.0.style = style;
        self
    }

    /// The options.
    #[must_use]
    pub fn options(&self) -> &[String] {
        &self.0.options
    }

    /// Whether several may be chosen.
    #[must_use]
    pub fn takes_several(&self) -> bool {
        self.0.several
    }

    /// Whether lines are broken.
    #[must_use]
    pub fn wraps(&self) -> bool {
        self.0.wrap
    }

    /// How the text is set.
    #[must_use]
    pub fn text(&self) -> TextStyle {
        self.0.style
    }
}

impl TryFrom<SelectorFields> for SelectorStyle {
    type Error = ControlError;

    fn try_from(fields: SelectorFields) -> Result<Self, ControlError> {
        let options = &fields.options;
        ControlError::check_parameter("the number of options", options.len(), 1, 200)?;
        let sound = |it: &String| {
            !it.trim().is_empty()
                && it.chars().count() <= MOST_OPTION
                && !it.chars().any(char::is_control)
        };
        let distinct: BTreeSet<&String> = options.iter().collect();
        if distinct.len() != options.len() || !options.iter().all(sound) {
            let problem = "a selector with an option that is empty, too long or there twice";
            return Err(ControlError::ValueInvalid { problem });
        }
        Ok(Self(fields))
    }
}

impl From<SelectorStyle> for SelectorFields {
    fn from(style: SelectorStyle) -> Self {
        style.0
    }
}

/// Boxes of which the owner ticks some (复选框组): each a rectangle counted from the top left corner
/// of the control.
///
/// ```
/// use sealwright::contract::CheckBoxGroup;
/// use sealwright::geometry::{Pt, Rect};
/// let rect = |y| Rect::new(Pt(0.0), Pt(y), Pt(12.0), Pt(12.0));
/// let group = CheckBoxGroup::new([rect(0.0)?, rect(20.0)?])?.only_one();
/// assert_eq!(group.boxes().len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "GroupFields", into = "GroupFields")]
pub struct CheckBoxGroup(GroupFields);

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct GroupFields {
    boxes: Vec<Rect>,
    #[serde(default)]
    only_one: bool,
}

impl CheckBoxGroup {
    /// A group of 1 to 50 boxes.
    ///
    /// # Errors
    ///
    /// [`ControlError::ParameterOutOfRange`].
    pub fn new(boxes: impl IntoIterator<Item = Rect>) -> Result<Self, ControlError> {
        Self::try_from(GroupFields { boxes: boxes.into_iter().collect(), only_one: false })
    }

    /// Of which one at most is ticked.
    #[must_use]
    pub fn only_one(mut self) -> Self {
        self.0.only_one = true;
        self
    }

    /// The boxes.
    #[must_use]
    pub fn boxes(&self) -> &[Rect] {
        &self.0.boxes
    }

    /// From its top left corner to the far corner of its boxes.
    pub(super) fn extent(&self) -> Result<Size, geometry::Error> {
        far_corner(self.0.boxes.iter().copied())
    }

    /// Whether one at most may be ticked.
    #[must_use]
    pub fn takes_one(&self) -> bool {
        self.0.only_one
    }
}

impl TryFrom<GroupFields> for CheckBoxGroup {
    type Error = ControlError;

    fn try_from(fields: GroupFields) -> Result<Self, ControlError> {
        ControlError::check_parameter("the number of boxes", fields.boxes.len(), 1, 50)?;
        Ok(Self(fields))
    }
}

impl From<CheckBoxGroup> for GroupFields {
    fn from(group: CheckBoxGroup) -> Self {
        group.0
    }
}

/// A number and how it is set.
///
/// ```
/// use sealwright::contract::NumberStyle;
/// let money = NumberStyle { decimals: Some(2), ..NumberStyle::default() };
/// assert_eq!(money.decimals, Some(2));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct NumberStyle {
    /// How many digits may follow the point; any number where it is not said.
    pub decimals: Option<u8>,
    /// How it is set.
    pub style: TextStyle,
}

/// How a picture is fitted into its box.
///
/// ```
/// assert_eq!(sealwright::contract::ImageFit::default(), sealwright::contract::ImageFit::Keep);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageFit {
    /// As large as fits, its shape kept.
    #[default]
    Keep,
    /// In its own size, in the middle.
    Centre,
    /// Stretched to the box.
    Stretch,
}

/// A table (动态表格): headings, and as many rows as are filled in.
///
/// ```
/// use sealwright::contract::TableStyle;
/// let table = TableStyle::of(["品名", "数量"])?.shares([3, 1])?;
/// assert_eq!(table.columns().len(), 2);
/// assert_eq!(table.column_shares(), [3, 1]);
/// assert!(table.shares([3]).is_err()); // two columns, one share
/// # Ok::<(), sealwright::contract::ControlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "TableFields", into = "TableFields")]
pub struct TableStyle(TableFields);

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct TableFields {
    columns: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    shares: Vec<u16>,
    #[serde(default)]
    style: TextStyle,
}

impl TableStyle {
    /// A table with these headings, 1 to 50.
    ///
    /// # Errors
    ///
    /// [`ControlError::ParameterOutOfRange`].
    pub fn of<C: Into<String>>(columns: impl IntoIterator<Item = C>) -> Result<Self, ControlError> {
        Self::try_from(TableFields {
            columns: columns.into_iter().map(Into::into).collect(),
            shares: Vec::new(),
            style: TextStyle::default(),
        })
    }

    /// With columns as wide as these shares of the table, one for each of them; without any, all are
    /// equally wide.
    ///
    /// # Errors
    ///
    /// [`ControlError::ParameterOutOfRange`] for a share outside 1 to 1000,
    /// [`ControlError::ValueInvalid`] unless there is one for each column.
    pub fn shares(mut self, shares: impl IntoIterator<Item = u16>) -> Result<Self, ControlError> {
        self.0.shares = shares.into_iter().collect();
        Self::try_from(self.0)
    }

    /// Set in this style.
    #[must_use]
    pub fn style(mut self, style: TextStyle) -> Self {
        self.0.style = style;
        self
    }

    /// The headings.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.0.columns
    }

    /// How wide the columns are against each other; empty where all are equally wide.
    #[must_use]
    pub fn column_shares(&self) -> &[u16] {
        &self.0.shares
    }

    /// How the text is set.
    #[must_use]
    pub fn text(&self) -> TextStyle {
        self.0.style
    }
}

impl TryFrom<TableFields> for TableStyle {
    type Error = ControlError;

    fn try_from(fields: TableFields) -> Result<Self, ControlError> {
        ControlError::check_parameter("the number of columns", fields.columns.len(), 1, 50)?;
        for share in &fields.shares {
            ControlError::check_parameter("the share of a column", *share, 1, 1000)?;
        }
        if !fields.shares.is_empty() && fields.shares.len() != fields.columns.len() {
            let problem =
                "a table with another number of shares than of columns; give one for each";
            return Err(ControlError::ValueInvalid { problem });
        }
        Ok(Self(fields))
    }
}

impl From<TableStyle> for TableFields {
    fn from(style: TableStyle) -> Self {
        style.0
    }
}

/// A fact that the engine fills in from what it knows of its owner (§5.1, prefilled facts).
///
/// ```
/// use sealwright::contract::Fact;
/// assert!(Fact::Mobile.is_personal() && !Fact::CreditCode.is_personal());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fact {
    /// The name of the organization (`BUSI-FULL-NAME`).
    OrganizationName,
    /// Its credit code (`BUSI-CREDIT-CODE`).
    CreditCode,
    /// The name of its legal representative (`BUSI-LEGAL-NAME`).
    LegalRepresentativeName,
    /// The name of the person (`PERSONAL-NAME`).
    Name,
    /// The mobile number (`PERSONAL-MOBILE`).
    Mobile,
    /// The identity number (`PERSONAL-IDCARD`).
    IdNumber,
    /// The mail address (`EMAIL`).
    Email,
    /// The address (`LOCATION`).
    Location,
    /// The education (`EDUCATION`).
    Education,
    /// The sex (`GENDER`).
    Gender,
    /// Province, city and county (`DISTRICT`).
    District,
}

impl Fact {
    /// Whether it is a fact about a natural person.
    #[must_use]
    pub fn is_personal(self) -> bool {
        !matches!(self, Self::OrganizationName | Self::CreditCode)
    }

    /// What the engine knows of it, to be filled in: of the person who fills, and of the
    /// organization that he acts for. `None` where he has to say it himself.
    #[must_use]
    pub fn known(self, person: &Person, organization: Option<&Organization>) -> Option<Input> {
        let text = match self {
            Self::OrganizationName => organization?.name().as_str(),
            Self::CreditCode => organization?.uscc().as_str(),
            Self::LegalRepresentativeName => {
                organization?.legal_representative()?.name.get().expose()
            }
            Self::Name => person.name().expose(),
            Self::Mobile => person.mobile().expose(),
            Self::IdNumber => person.id_document().number(),
            Self::Gender => match person.id_document().gender()? {
                Gender::Male => "男",
                Gender::Female => "女",
            },
            Self::Email | Self::Location | Self::Education | Self::District => return None,
        };
        Some(Input::text(text))
    }
}

/// A fact and how it is set.
///
/// ```
/// use sealwright::contract::{Fact, FactStyle};
/// assert_eq!(FactStyle::from(Fact::Name).fact, Fact::Name);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FactStyle {
    /// The fact.
    pub fact: Fact,
    /// How it is set.
    #[serde(default)]
    pub style: TextStyle,
}

impl From<Fact> for FactStyle {
    fn from(fact: Fact) -> Self {
        Self { fact, style: TextStyle::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ControlKind;
    use super::*;
    use crate::organization::samples::{active, person};

    #[test]
    fn r_ctl_11_what_is_known_is_a_value_of_its_fact() {
        let (organization, _) = active("a", 0);
        let person = person("张三", 1);
        let mut known = 0;
        for fact in [
            Fact::OrganizationName,
            Fact::CreditCode,
            Fact::LegalRepresentativeName,
            Fact::Name,
            Fact::Mobile,
            Fact::IdNumber,
            Fact::Gender,
            Fact::Email,
            Fact::Location,
            Fact::Education,
            Fact::District,
        ] {
            let Some(input) = fact.known(&person, Some(&organization)) else { continue };
            assert!(ControlKind::Fact(fact.into()).read(&input).is_ok(), "{fact:?}");
            known += 1;
        }
        assert_eq!(known, 7);
        assert!(Fact::CreditCode.known(&person, None).is_none());
    }

    #[test]
    fn options_boxes_and_columns_have_bounds_from_storage_too() {
        let rect = Rect::default();
        for wrong in [
            SelectorStyle::of([""; 0]).map(drop),
            SelectorStyle::of((0..201).map(|it| it.to_string())).map(drop),
            SelectorStyle::of([" "]).map(drop),
            SelectorStyle::of(["a\nb"]).map(drop),
            CheckBoxGroup::new([]).map(drop),
            CheckBoxGroup::new([rect; 51]).map(drop),
            TableStyle::of([""; 0]).map(drop),
            TableStyle::of(["a", "b"]).unwrap().shares([1]).map(drop),
            TableStyle::of(["a", "b"]).unwrap().shares([1, 0]).map(drop),
        ] {
            assert_eq!(wrong.unwrap_err().code(), "ctl.value_invalid");
        }
        assert!(serde_json::from_str::<SelectorStyle>(r#"{"options":["a","a"]}"#).is_err());
        assert!(serde_json::from_str::<CheckBoxGroup>(r#"{"boxes":[]}"#).is_err());
        assert!(serde_json::from_str::<TableStyle>(r#"{"columns":[]}"#).is_err());
        assert!(serde_json::from_str::<TableStyle>(r#"{"columns":["a"]}"#).is_ok());
        assert!(serde_json::from_str::<TableStyle>(r#"{"columns":["a"],"shares":[0]}"#).is_err());
    }
}
