//! Dates and opinions: what their fields hold, and what is seen of it.
//!
//! What is seen is read from the appearance: its text by the fonts' own mapping to Unicode. A font whose
//! outlines are others than it says is not looked into.

use std::collections::HashMap;

use super::code::DeviationCode as Code;
use super::verdict::Deviation;
use crate::contract::{Contract, Control, ControlKind};
use crate::pdf::{Dictionary, Field, Object, ObjectId, Revision, Stream, text_string};
use crate::report::SignatureReport;

use super::faces::permitted;

/// So deep are the forms of an appearance.
const DEEPEST: usize = 3;
/// So many bytes its content and its fonts' mappings have at most.
const LONGEST: usize = 100_000;
/// The operators that set text, and what stands around it. Whatever else paints is no text.
const SETTING: [&str; 18] = [
    "q", "Q", "cm", "g", "rg", "k", "gs", "BT", "ET", "Tf", "Tr", "Td", "Tm", "TL", "Tc", "Tw",
    "T*", "Tz",
];

/// What the field of a date or an opinion ought to hold, and whether it shows what it holds.
pub(super) fn check(
    (contract, control): (&Contract, &Control),
    (view, field): (Revision<'_>, &Field),
    signature: Option<&SignatureReport>,
) -> Option<Deviation> {
    let held = text_of(view, field)?;
    let may_be = texts(contract, control, signature);
    if !may_be.is_empty() && !may_be.contains(&held) {
        let found = format!("“{}”", brief(&held));
        return Some(Deviation::new(Code::ValueOther, brief(&may_be.join(" / ")), found));
    }
    let widgets = field.widgets.iter();
    let dressed = |text: &str| text.chars().filter(|sign| !sign.is_whitespace()).collect();
    let (held, shown): (String, Vec<Option<String>>) =
        (dressed(&held), widgets.map(|it| shown(view, *it).map(|text| dressed(&text))).collect());
    let other = shown.into_iter().find(|it| it.as_deref() != Some(held.as_str()))?;
    let found = other.map_or_else(|| "no text alone".to_owned(), |text| brief(&text));
    Some(Deviation::new(Code::ValueNotShown, brief(&held), found))
}

/// Not more of it than somebody reads.
fn brief(text: &str) -> String {
    text.chars().take(80).collect()
}

/// What a field may hold by the record. A key that is elsewhere signs after the date was drawn, and
/// before it is recorded.
fn texts(
    contract: &Contract,
    control: &Control,
    signature: Option<&SignatureReport>,
) -> Vec<String> {
    match control.kind() {
        ControlKind::Opinion(opinion) => vec![opinion.text()],
        ControlKind::SignDate(style) => {
            let claimed = signature.and_then(|it| it.time.claimed);
            let permitted = signature.and_then(permitted).and_then(|it| it.permitted_at);
            let offset = contract.settings().utc_offset;
            let written = [claimed, permitted].into_iter().flatten();
            written.map(|at| style.write(at, offset)).collect()
        }
        _ => Vec::new(),
    }
}

/// The text that a field holds; none if its value is something else.
fn text_of(view: Revision<'_>, field: &Field) -> Option<String> {
    let value = view.resolve(field.value.as_ref()?).ok()?;
    Some(text_string::decode(&value.as_string()?.bytes))
}

/// The text that a widget shows; none if it shows something else beside, or nothing can be read.
fn shown(view: Revision<'_>, widget: ObjectId) -> Option<String> {
    let dictionary = view.dictionary(widget).ok()?;
    let appearance = view.lookup(&dictionary, b"AP").ok()??;
    let normal = appearance.as_dictionary()?.reference(b"N")?;
    let mut text = String::new();
    read(view, normal, DEEPEST, &mut text)?;
    Some(text)
}

fn stream(view: Revision<'_>, id: ObjectId) -> Option<Stream> {
    match view.get(id).ok()??.object.value {
        Object::Stream(stream) => Some(stream),
        _ => None,
    }
}

fn content(view: Revision<'_>, id: ObjectId, stream: &Stream) -> Option<String> {
    let content = view.decoded(id, stream).ok().filter(|content| content.len() <= LONGEST)?;
    String::from_utf8(content).ok()
}

/// Adds the text of a form.
fn read(view: Revision<'_>, form: ObjectId, deep: usize, text: &mut String) -> Option<()> {
    let deeper = deep.checked_sub(1)?;
    let stream = stream(view, form)?;
    let resources = view.lookup(&stream.dictionary, b"Resources").ok()?;
    let resources = resources.as_deref().and_then(Object::as_dictionary);
    let mut font: Option<HashMap<u16, String>> = None;
    let mut operands: Vec<&str> = Vec::new();
    let content = content(view, form, &stream)?;
    for token in content.split_ascii_whitespace() {
        let is_operand = token.starts_with(['/', '<', '-', '.']) || token.parse::<f64>().is_ok();
        if is_operand {
            operands.push(token);
            continue;
        }
        match token {
            "Tf" => font = Some(mapping(view, resources?, operands.first()?)?),
            "Tj" => say(operands.first()?, font.as_ref()?, text)?,
            "Do" => {
                read(view, named(view, resources?, b"XObject", operands.first()?)?, deeper, text)?
            }
            other if SETTING.contains(&other) => {}
            _ => return None,
        }
        operands.clear();
    }
    Some(())
}

/// What a resource of this kind and name refers to.
fn named(view: Revision<'_>, resources: &Dictionary, kind: &[u8], name: &str) -> Option<ObjectId> {
    let all = view.lookup(resources, kind).ok()??;
    all.as_dictionary()?.reference(name.strip_prefix('/')?.as_bytes())
}

/// The signs of a font by their codes.
fn mapping(view: Revision<'_>, resources: &Dictionary, name: &str) -> Option<HashMap<u16, String>> {
    let font = view.dictionary(named(view, resources, b"Font", name)?).ok()?;
    let id = font.reference(b"ToUnicode")?;
    let map = content(view, id, &stream(view, id)?)?;
    let mut signs = HashMap::new();
    let mut tokens = map.split_ascii_whitespace();
    while tokens.by_ref().any(|token| token == "beginbfchar") {
        while let Some(code) = tokens.next().filter(|token| *token != "endbfchar") {
            let [code] = units(code)?[..] else { return None };
            signs.insert(code, String::from_utf16(&units(tokens.next()?)?).ok()?);
        }
    }
    Some(signs)
}

fn say(string: &str, font: &HashMap<u16, String>, text: &mut String) -> Option<()> {
    for code in units(string)? {
        text.push_str(font.get(&code)?);
    }
    Some(())
}

/// Hexadecimal digits in angles as numbers of four digits.
fn units(string: &str) -> Option<Vec<u16>> {
    let digits = string.strip_prefix('<')?.strip_suffix('>')?;
    let pieces = digits.as_bytes().chunks(4);
    pieces
        .map(|four| {
            let four = std::str::from_utf8(four).ok().filter(|it| it.len() == 4)?;
            u16::from_str_radix(four, 16).ok()
        })
        .collect()
}
