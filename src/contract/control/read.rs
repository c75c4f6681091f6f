//! From what somebody hands in to a value of the control's kind (R-CTL-11).

use super::{
    CheckBoxGroup, ControlError, ControlKind, Fact, FilledText, Input, NumberStyle, Picture,
    PictureFormat, SelectorStyle, TableStyle, Value,
};
use crate::identity::{
    Email, IdDocument, IdDocumentKind, Mobile, OrganizationName, PersonName, Personal, Uscc,
};

/// The longest text of one line and of several, in characters.
const MOST_LINE: usize = 500;
const MOST_LINES: usize = 5000;
/// The most pictures, and the bytes of each (§2.5.1).
const MOST_PICTURES: usize = 6;
const MOST_PICTURE_BYTES: u64 = 5 << 20;
/// The most rows of a table, and the most digits of a number.
const MOST_ROWS: usize = 1000;
const MOST_DIGITS: usize = 38;

impl ControlKind {
    /// What was handed in as a value of this kind, normalised (R-CTL-11): a check box takes `true`
    /// and `false`, a selector its options, pictures are 1 to 6 PNG or JPEG of 5 MB at most, facts
    /// go through the validators of §3.1.
    ///
    /// # Errors
    ///
    /// [`ControlError::ValueInvalid`] (`ctl.value_invalid`), which says what is expected and does not
    /// repeat the value. Kinds that are completed by signing take no value.
    pub fn read(&self, input: &Input) -> Result<Value, ControlError> {
        match (self, input) {
            (Self::Text(_), Input::Text(text)) => line(text),
            (Self::MultiLineText(_), Input::Text(text)) => lines(text),
            (Self::CheckBox, Input::Text(text)) => ticked(text).map(Value::Checked),
            (Self::CheckBoxGroup(group), Input::Texts(texts)) => boxes(group, texts),
            (Self::Selector(style), Input::Text(text)) => {
                options(style, std::slice::from_ref(text))
            }
            (Self::Selector(style), Input::Texts(texts)) => options(style, texts),
            (Self::Date { format, .. }, Input::Text(text)) => {
                format.read(text.get().expose().trim()).map(Value::Date)
            }
            (Self::Number(style), Input::Text(text)) => number(*style, text.get().expose()),
            (Self::Image(_) | Self::Attachment, Input::Pictures(pictures)) => images(pictures),
            (Self::Table(style), Input::Rows(rows)) => {
                check_rows(style, rows.get().expose())?;
                Ok(Value::Rows(rows.clone()))
            }
            (Self::Fact(style), Input::Text(text)) => fact(style.fact, text.get().expose()),
            _ => invalid("of another type than its control takes; hand in what the kind asks for"),
        }
    }

    /// Whether a value is one of this kind: read again it comes out the same.
    #[must_use]
    pub fn takes(&self, value: &Value) -> bool {
        let input = match (self, value) {
            (_, Value::Text(text) | Value::Number(text)) => Input::Text(text.clone()),
            (_, Value::Checked(checked)) => Input::text(checked.to_string()),
            (_, Value::Ticked(boxes)) => Input::texts(boxes.iter().map(bool::to_string)),
            (_, Value::Chosen(options)) => Input::texts(options.iter().map(String::as_str)),
            (Self::Date { format, .. }, Value::Date(date)) => Input::text(format.write(*date)),
            (_, Value::Date(_)) => return false,
            (_, Value::Pictures(pictures)) => Input::Pictures(pictures.clone()),
            (_, Value::Rows(rows)) => Input::Rows(rows.clone()),
        };
        self.read(&input).as_ref() == Ok(value)
    }
}

fn invalid<T>(problem: &'static str) -> Result<T, ControlError> {
    Err(ControlError::ValueInvalid { problem })
}

fn text(text: impl Into<String>) -> Value {
    Value::Text(FilledText::new(text).into())
}

fn line(input: &Personal<FilledText>) -> Result<Value, ControlError> {
    let given = input.get().expose();
    if given.trim().is_empty() || given.chars().count() > MOST_LINE {
        return invalid("no line of 1 to 500 characters");
    }
    if given.chars().any(char::is_control) {
        return invalid("a text with a line break or a control character; take it out");
    }
    Ok(Value::Text(input.clone()))
}

fn lines(input: &Personal<FilledText>) -> Result<Value, ControlError> {
    let given = input.get().expose();
    if given.trim().is_empty() || given.chars().count() > MOST_LINES {
        return invalid("no text of 1 to 5000 characters");
    }
    if given.chars().any(|c| c.is_control() && c != '\n') {
        return invalid("a text with a control character other than a line break; take it out");
    }
    Ok(Value::Text(input.clone()))
}

fn ticked(input: &Personal<FilledText>) -> Result<bool, ControlError> {
    match input.get().expose() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => invalid("neither true nor false"),
    }
}

fn boxes(group: &CheckBoxGroup, texts: &[Personal<FilledText>]) -> Result<Value, ControlError> {
    if texts.len() != group.boxes().len() {
        return invalid("not one true or false for each box of the group");
    }
    let boxes = texts.iter().map(ticked).collect::<Result<Vec<bool>, _>>()?;
    if group.takes_one() && boxes.iter().filter(|ticked| **ticked).count() > 1 {
        return invalid("more than one ticked box; this group takes one");
    }
    Ok(Value::Ticked(boxes))
}

fn options(style: &SelectorStyle, texts: &[Personal<FilledText>]) -> Result<Value, ControlError> {
    if texts.is_empty() || (texts.len() > 1 && !style.takes_several()) {
        return invalid("not one option; this selector takes exactly one");
    }
    let mut chosen: Vec<String> = Vec::with_capacity(texts.len());
    for given in texts {
        let given = given.get().expose();
        let Some(option) = style.options().iter().find(|option| *option == given) else {
            return invalid("none of the options of the selector");
        };
        if chosen.contains(option) {
            return invalid("an option that is chosen twice");
        }
        chosen.push(option.clone());
    }
    Ok(Value::Chosen(chosen))
}

/// Plain decimal digits with a sign and a point at most; superfluous zeros in front fall away.
fn number(style: NumberStyle, given: &str) -> Result<Value, ControlError> {
    let problem = "no number in plain digits, such as -1234.50";
    let given = given.trim();
    let (sign, digits) = given.strip_prefix('-').map_or(("", given), |rest| ("-", rest));
    let (whole, fraction) = match digits.split_once('.') {
        Some((_, "")) => return invalid(problem),
        Some((whole, fraction)) => (whole, fraction),
        None => (digits, ""),
    };
    let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || digits.len() > MOST_DIGITS || !plain(whole) || !plain(fraction) {
        return invalid(problem);
    }
    if style.decimals.is_some_and(|most| fraction.len() > most.into()) {
        return invalid("a number with more digits after the point than its control takes");
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    Ok(Value::Number(FilledText::new(format!("{sign}{whole}{point}{fraction}")).into()))
}

fn images(pictures: &[Picture]) -> Result<Value, ControlError> {
    if !(1..=MOST_PICTURES).contains(&pictures.len()) {
        return invalid("not 1 to 6 pictures");
    }
    if pictures.iter().any(|picture| picture.format == PictureFormat::Other) {
        return invalid("a picture that is neither PNG nor JPEG by its content");
    }
    if pictures.iter().any(|picture| picture.length > MOST_PICTURE_BYTES) {
        return invalid("a picture of more than 5 MB");
    }
    Ok(Value::Pictures(pictures.to_vec()))
}

fn check_rows(style: &TableStyle, rows: &[Vec<String>]) -> Result<(), ControlError> {
    if !(1..=MOST_ROWS).contains(&rows.len()) {
        return invalid("no table of 1 to 1000 rows");
    }
    if rows.iter().any(|row| row.len() != style.columns().len()) {
        return invalid("a table with a row that has not one cell for each column");
    }
    if rows.iter().flatten().any(|cell| cell.chars().count() > MOST_LINE) {
        return invalid("a table with a cell of more than 500 characters");
    }
    Ok(())
}

fn fact(fact: Fact, given: &str) -> Result<Value, ControlError> {
    match fact {
        Fact::OrganizationName => OrganizationName::parse(&OrganizationName::normalize(given))
            .map(|name| text(name.as_str()))
            .or_else(|_| invalid("no name of an organization")),
        Fact::CreditCode => Uscc::parse(&Uscc::normalize(given))
            .map(|code| text(code.as_str()))
            .or_else(|_| invalid("no unified social credit code")),
        Fact::Name | Fact::LegalRepresentativeName => {
            PersonName::parse(&PersonName::normalize(given))
                .map(|name| text(name.expose()))
                .or_else(|_| invalid("no name of a person"))
        }
        Fact::Mobile => Mobile::parse(&Mobile::normalize(given))
            .map(|mobile| text(mobile.expose()))
            .or_else(|_| invalid("no mobile number of 11 digits")),
        Fact::Email => Email::parse(&Email::normalize(given))
            .map(|email| text(email.expose()))
            .or_else(|_| invalid("no mail address")),
        Fact::IdNumber => id_number(given),
        Fact::Location | Fact::Education | Fact::Gender | Fact::District => {
            line(&FilledText::new(given.trim()).into())
        }
    }
}

/// The number of any document that a person may sign with.
fn id_number(given: &str) -> Result<Value, ControlError> {
    let given = IdDocument::normalize(given);
    let document = IdDocumentKind::ALL.iter().find_map(|it| IdDocument::parse(*it, &given).ok());
    document
        .map(|document| text(document.number()))
        .map_or_else(|| invalid("no number of an identity document"), Ok)
}
