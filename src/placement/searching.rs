//! Looking into the documents of a contract: each form and each text once, for all controls.

use std::collections::BTreeMap;

use super::documents::Documents;
use super::field::Form;
use super::keyword::{KeywordError, Search};
use super::problem::Problem;
use super::text::TextError;
use crate::contract::{
    Contract, Control, ControlKey, Document, FieldName, Keyword, Located, Location, Placements,
};
use crate::geometry::Size;
use crate::identity::DocumentId;
use crate::pdf::File;

/// What was found for the controls that stand in form fields and by keywords.
#[derive(Default)]
pub(super) struct Found {
    pub(super) placements: Placements,
    /// Why a keyword gives no place, with what is nearest to it.
    pub(super) missing: BTreeMap<ControlKey, KeywordError>,
}

impl Found {
    /// Looks into the sound documents, each once; what cannot be looked into goes into the list.
    pub(super) fn in_documents<'f>(
        contract: &Contract,
        documents: &Documents<'f>,
        sound: &BTreeMap<DocumentId, &'f File<'f>>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut found = Self::default();
        for (seal, size) in documents.seal_sizes() {
            found.placements = found.placements.seal_size(seal.clone(), size);
        }
        for document in contract.documents() {
            let Some(file) = sound.get(document.id()) else { continue };
            let own = contract.controls().iter().filter(|it| it.key().document == *document.id());
            let (mut fields, mut keywords) = (Vec::new(), Vec::new());
            for control in own {
                match control.location() {
                    Location::Field(name) => fields.push((control, name)),
                    Location::Keyword(keyword) => {
                        let size = found.placements.size_for(control.kind());
                        keywords.push((control, keyword, size));
                    }
                    _ => {}
                }
            }
            if let Err(error) = found.fields(file, document, fields) {
                let (document, error) = (document.id().clone(), Box::new(error));
                problems.push(Problem::Unreadable { document, error });
            }
            found.keywords(file, document, &keywords, problems);
        }
        found
    }

    fn note(&mut self, control: &Control, located: Located) {
        self.placements =
            std::mem::take(&mut self.placements).found(control.key().clone(), located);
    }

    fn fields(
        &mut self,
        file: &File<'_>,
        document: &Document,
        wanted: Vec<(&Control, &FieldName)>,
    ) -> Result<(), TextError> {
        if wanted.is_empty() {
            return Ok(());
        }
        let form = Form::of(file)?;
        for (control, name) in wanted {
            self.note(control, form.locate(name, document.pages())?);
        }
        Ok(())
    }

    fn keywords<'f>(
        &mut self,
        file: &'f File<'f>,
        document: &Document,
        wanted: &[(&Control, &Keyword, Size)],
        problems: &mut Vec<Problem>,
    ) {
        if wanted.is_empty() {
            return;
        }
        match search(file, wanted) {
            Some(Ok(search)) => self.take(wanted, &search),
            Some(Err(error)) => {
                let (document, error) = (document.id().clone(), Box::new(error));
                problems.push(Problem::Unreadable { document, error });
            }
            None => problems.extend(wanted.iter().map(|(control, ..)| {
                let control = control.key().clone();
                Problem::NoTextSearch { control }
            })),
        }
    }

    fn take(&mut self, wanted: &[(&Control, &Keyword, Size)], search: &Search) {
        for ((control, ..), finding) in wanted.iter().zip(search.findings()) {
            if let Err(why) = finding.chosen() {
                self.missing.insert(control.key().clone(), why);
            }
            self.note(control, finding.located().clone());
        }
        for (one, other, _) in search.sharing() {
            let pair = wanted.get(one).zip(wanted.get(other));
            let Some(((one, ..), (other, ..))) = pair else { continue };
            self.placements = std::mem::take(&mut self.placements)
                .sharing_words(other.key().clone(), one.key().clone());
        }
    }
}

/// One pass over the text; `None` in a build that cannot search.
#[cfg(feature = "text")]
fn search<'f>(
    file: &'f File<'f>,
    wanted: &[(&Control, &Keyword, Size)],
) -> Option<Result<Search, TextError>> {
    let keywords: Vec<_> = wanted.iter().map(|(_, keyword, size)| (*keyword, *size)).collect();
    let text = super::text::PdfText::new(file);
    Some(
        text.and_then(|mut text| {
            super::keyword::find(&mut text, &keywords, &crate::limits::Unwatched)
        }),
    )
}

#[cfg(not(feature = "text"))]
fn search<'f>(
    _file: &'f File<'f>,
    _wanted: &[(&Control, &Keyword, Size)],
) -> Option<Result<Search, TextError>> {
    None
}
