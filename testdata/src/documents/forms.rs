//! Interactive forms: every way to write the form, its fields and a page's annotations down.

use super::*;
use crate::pdf::{Layout, Section};

pub(super) fn list() -> Vec<Document> {
    use Expectation::{Refused, Strict};
    vec![
        document!(form_direct_in_catalog, Strict),
        document!(form_direct_with_fields_indirect, Strict),
        document!(form_indirect, Strict),
        document!(form_indirect_with_fields_indirect, Strict),
        document!(form_in_object_streams, Strict),
        document!(empty_form, Strict),
        document!(annotations_without_form, Strict),
        document!(empty_signature_field, Strict),
        document!(empty_signature_field_with_separate_widget, Strict),
        document!(empty_signature_field_in_hierarchy, Strict),
        document!(several_empty_signature_fields, Strict),
        document!(locked_empty_signature_field, Strict),
        document!(usage_rights, Strict),
        document!(field_tree_with_cycle, Refused),
    ]
}

/// Where a form, its fields and the annotations of the page stand.
struct Form {
    form: Place,
    fields: Place,
    annotations: Place,
}

/// In the object that has the entry, or in one of its own.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Direct,
    Indirect,
}
use Place::{Direct, Indirect};

/// `/AcroForm`, `/Fields` and `/Annots` all direct.
pub fn form_direct_in_catalog() -> Vec<u8> {
    text_form(Form { form: Direct, fields: Direct, annotations: Direct }, Section::Table)
}

/// `/AcroForm` direct, `/Fields` and `/Annots` by reference.
pub fn form_direct_with_fields_indirect() -> Vec<u8> {
    text_form(Form { form: Direct, fields: Indirect, annotations: Indirect }, Section::Table)
}

/// `/AcroForm` by reference, `/Fields` direct, `/Annots` by reference.
pub fn form_indirect() -> Vec<u8> {
    text_form(Form { form: Indirect, fields: Direct, annotations: Indirect }, Section::Table)
}

/// `/AcroForm` and `/Fields` by reference, `/Annots` direct.
pub fn form_indirect_with_fields_indirect() -> Vec<u8> {
    text_form(Form { form: Indirect, fields: Indirect, annotations: Direct }, Section::Table)
}

/// Form, fields and annotations each an object of its own in an object stream.
pub fn form_in_object_streams() -> Vec<u8> {
    let form = Form { form: Indirect, fields: Indirect, annotations: Indirect };
    text_form(form, Section::ObjectStreams(3))
}

/// A form without fields.
pub fn empty_form() -> Vec<u8> {
    let mut pdf = plain(2);
    pdf.append_entry(CATALOG, "/AcroForm << /Fields [] >>");
    pdf.write(&Layout::default())
}

/// A link on the page and no form.
pub fn annotations_without_form() -> Vec<u8> {
    let mut pdf = plain(2);
    let link = pdf.add("<< /Type /Annot /Subtype /Link /Rect [72 700 200 720] /Border [0 0 0] >>");
    pdf.append_entry(page_number(0), &format!("/Annots [{link} 0 R]"));
    pdf.write(&Layout::default())
}

/// A signature field that is its own widget, unfilled: `seal`.
pub fn empty_signature_field() -> Vec<u8> {
    signature_fields(&["seal"])
}

/// Three unfilled signature fields: `party_a`, `party_b` and the invisible `witness`.
pub fn several_empty_signature_fields() -> Vec<u8> {
    signature_fields(&["party_a", "party_b", "witness"])
}

/// An unfilled signature field, `seal`, whose widget is a kid of its own.
pub fn empty_signature_field_with_separate_widget() -> Vec<u8> {
    let mut pdf = plain(2);
    let [field, widget] = [pdf.next_number(), pdf.next_number() + 1];
    pdf.set(field, format!("<< /FT /Sig /T (seal) /Kids [{widget} 0 R] >>"));
    pdf.set(widget, format!("{} /Parent {field} 0 R >>", widget_entries(0)));
    pdf.append_entry(page_number(0), &format!("/Annots [{widget} 0 R]"));
    with_form(pdf, &[field])
}

/// An unfilled signature field `party_a.signatures.seal`; the type is inherited from the middle.
pub fn empty_signature_field_in_hierarchy() -> Vec<u8> {
    let mut pdf = plain(2);
    let top = pdf.next_number();
    let [middle, leaf] = [top + 1, top + 2];
    pdf.set(top, format!("<< /T (party_a) /Kids [{middle} 0 R] >>"));
    let body = format!("<< /FT /Sig /T (signatures) /Parent {top} 0 R /Kids [{leaf} 0 R] >>");
    pdf.set(middle, body);
    pdf.set(leaf, format!("{} /T (seal) /Parent {middle} 0 R >>", widget_entries(0)));
    pdf.append_entry(page_number(0), &format!("/Annots [{leaf} 0 R]"));
    with_form(pdf, &[top])
}

/// An unfilled signature field, `seal`, that locks the text field `amount` once signed.
pub fn locked_empty_signature_field() -> Vec<u8> {
    let mut pdf = plain(2);
    let lock = pdf.add("<< /Type /SigFieldLock /Action /Include /Fields [(amount)] >>");
    let seal = pdf.add(format!("{} /FT /Sig /T (seal) /Lock {lock} 0 R >>", widget_entries(0)));
    let amount = pdf.add(format!("{} /FT /Tx /T (amount) /V (100) >>", widget_entries(1)));
    pdf.append_entry(page_number(0), &format!("/Annots [{seal} 0 R {amount} 0 R]"));
    with_form(pdf, &[seal, amount])
}

/// `/Perms` with a usage-rights signature, whose value nobody can verify.
pub fn usage_rights() -> Vec<u8> {
    let mut pdf = plain(2);
    let contents = "00".repeat(64);
    let rights = pdf.add(format!(
        "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached \
         /ByteRange {NO_RANGE} /Contents <{contents}> /Reference [<< /Type /SigRef \
         /TransformMethod /UR3 /TransformParams << /Type /TransformParams /V /2.2 \
         /Document [/FullSave] >> >>] >>",
    ));
    pdf.append_entry(CATALOG, &format!("/Perms << /UR3 {rights} 0 R >>"));
    let bytes = pdf.write(&Layout::default());
    let gap = position(&bytes, b"/Contents <") + "/Contents ".len();
    let end = gap + contents.len() + 2;
    let range = format!("[0 {gap:010} {end:010} {:010}]", bytes.len() - end);
    replaced(bytes, NO_RANGE, &range)
}

/// Room for a `/ByteRange` that is known last.
const NO_RANGE: &str = "[0 0000000000 0000000000 0000000000]";

/// Two fields that are each other's kids.
pub fn field_tree_with_cycle() -> Vec<u8> {
    let mut pdf = plain(2);
    let [first, second] = [pdf.next_number(), pdf.next_number() + 1];
    pdf.set(first, format!("<< /FT /Sig /T (a) /Parent {second} 0 R /Kids [{second} 0 R] >>"));
    pdf.set(second, format!("<< /FT /Sig /T (b) /Parent {first} 0 R /Kids [{first} 0 R] >>"));
    with_form(pdf, &[first])
}

/// A form with one text field, `amount`, on the first page.
fn text_form(places: Form, section: Section) -> Vec<u8> {
    let mut pdf = plain(2);
    let field = pdf.add(format!("{} /FT /Tx /T (amount) /V (100) >>", widget_entries(0)));
    let mut placed = |place: Place, body: String| match place {
        Direct => body,
        Indirect => format!("{} 0 R", pdf.add(body)),
    };
    let annotations = placed(places.annotations, format!("[{field} 0 R]"));
    let fields = placed(places.fields, format!("[{field} 0 R]"));
    let form = format!(
        "<< /Fields {fields} /DA (/Helv 0 Tf 0 g) /DR << /Font << /Helv {FONT} 0 R >> >> >>"
    );
    let form = placed(places.form, form);
    pdf.append_entry(page_number(0), &format!("/Annots {annotations}"));
    pdf.append_entry(CATALOG, &format!("/AcroForm {form}"));
    pdf.write(&Layout::with(section))
}

/// Unfilled signature fields on the first page; the third has an empty rectangle.
fn signature_fields(names: &[&str]) -> Vec<u8> {
    let mut pdf = plain(2);
    let fields: Vec<u32> = (0..)
        .zip(names)
        .map(|(index, name)| pdf.add(format!("{} /FT /Sig /T ({name}) >>", widget_entries(index))))
        .collect();
    pdf.append_entry(page_number(0), &format!("/Annots [{}]", references(&fields)));
    with_form(pdf, &fields)
}

fn with_form(mut pdf: Pdf, fields: &[u32]) -> Vec<u8> {
    pdf.append_entry(CATALOG, &format!("/AcroForm << /Fields [{}] >>", references(fields)));
    pdf.write(&Layout::default())
}

fn references(numbers: &[u32]) -> String {
    numbers.iter().map(|number| format!("{number} 0 R")).collect::<Vec<_>>().join(" ")
}

/// The beginning of a widget on the first page; its dictionary is left open.
fn widget_entries(index: usize) -> String {
    let rect = ["[72 100 192 220]", "[300 100 420 220]", "[0 0 0 0]"][index];
    format!("<< /Type /Annot /Subtype /Widget /Rect {rect} /F 4 /P {} 0 R", page_number(0))
}
