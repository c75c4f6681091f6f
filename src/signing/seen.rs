//! What is seen of a signature: a seal or another drawing, and all the places that show it.

use super::Seal;
use super::error::Error;
use crate::appearance::{Blend, Drawing, Fit, SealFace};
use crate::authorization::Authority;
use crate::contract::{CrossPage, Opacity, PageSet};
use crate::geometry::{Length, PageIndex, Size};
use crate::pdf::File;
use crate::placement::{self, Placement, Position};
use crate::update::{Drawn, DrawnSeal, FieldChoice, Part, Picture, Shown, TransparencyPolicy};

/// What [`Seal`] is told step by step.
#[derive(Clone, Default)]
pub(super) struct Seen<'f> {
    pub(super) face: Option<(&'f SealFace, Authority)>,
    pub(super) drawing: Option<&'f Drawing>,
    pub(super) invisible: bool,
    pub(super) page: Option<i32>,
    pub(super) pages: Option<PageSet>,
    pub(super) position: Option<Position>,
    pub(super) width: Option<Length>,
    pub(super) boxed: Option<(Length, Length)>,
    pub(super) part: Option<Part>,
    pub(super) cross_page: Option<CrossPage>,
    pub(super) opacity: Opacity,
    pub(super) blend: Option<Blend>,
    pub(super) fit: Option<Fit>,
    pub(super) transparency: TransparencyPolicy,
    pub(super) also: Vec<Also<'f>>,
}

/// A further field of the document that shows the signature.
#[derive(Clone)]
pub(super) struct Also<'f> {
    field: String,
    part: Option<Part>,
    /// What is seen there, if it is not what is seen in the first field.
    own: Option<Own<'f>>,
}

#[derive(Clone)]
pub(crate) enum Own<'f> {
    Face(&'f SealFace, Authority, Option<(Opacity, Fit)>),
    Drawing(&'f Drawing, Option<Fit>),
}

impl<'f> Seal<'f> {
    /// Shows the same seal in one more empty signature field, all of it. The fields share one
    /// signature: prepare them before anybody signs (`update::Preparation`).
    pub fn also_in(self, field: impl Into<String>) -> Self {
        self.shown_in(field.into(), None, None)
    }

    /// The same, with a part of the seal: a slice of a cross-page seal (骑缝章).
    pub fn slice_in(self, field: impl Into<String>, part: Part) -> Self {
        self.shown_in(field.into(), Some(part), None)
    }

    /// Shows another seal in one more empty signature field, under the same signature: all seals of
    /// one signer in a document share one. With a part, that slice of it.
    ///
    /// ```
    /// # use sealwright::appearance::SealFace;
    /// # use sealwright::authorization::Authority;
    /// # use sealwright::signing::Seal;
    /// # use sealwright::update::Part;
    /// fn both<'f>(seal: Seal<'f>, legal: &'f SealFace, edge: Part) -> Seal<'f> {
    ///     seal.face_in("legal_seal", legal, Authority::AssertedByHost, None)
    ///         .face_in("legal_edge_1", legal, Authority::AssertedByHost, Some(edge))
    /// }
    /// ```
    pub fn face_in(
        self,
        field: impl Into<String>,
        face: &'f SealFace,
        authority: Authority,
        part: Option<Part>,
    ) -> Self {
        self.shown_in(field.into(), part, Some(Own::Face(face, authority, None)))
    }

    /// Shows a drawing that is no registered seal in one more empty signature field, under the same
    /// signature: a signature by hand beside a seal.
    pub fn drawing_in(self, field: impl Into<String>, drawing: &'f Drawing) -> Self {
        self.shown_in(field.into(), None, Some(Own::Drawing(drawing, None)))
    }

    /// What one more field shows, each with a part, an opacity and a fit of its own.
    pub(crate) fn shown_in(
        mut self,
        field: String,
        part: Option<Part>,
        own: Option<Own<'f>>,
    ) -> Self {
        self.seen.also.push(Also { field, part, own });
        self
    }
}

/// One place: where a new field goes, and the part of the seal that it shows.
#[derive(Clone, Copy)]
struct Place {
    placement: Option<Placement>,
    part: Option<Part>,
    /// Whether it was said how large the seal is there.
    sized: bool,
}

impl Place {
    /// In a field that has a place of its own.
    fn of_field(part: Option<Part>) -> Self {
        Self { placement: None, part, sized: false }
    }
}

impl<'f> Seen<'f> {
    /// What the first field shows, and all others with what they show. A first field that exists
    /// has a place of its own.
    pub(super) fn pictures(
        &self,
        file: &File<'_>,
        first_exists: bool,
    ) -> Result<(Option<Picture<'f>>, Vec<Shown<'_>>), Error> {
        if self.invisible {
            return if self.is_nothing() {
                Ok((None, Vec::new()))
            } else {
                Err(Error::InvisibleWithFace)
            };
        }
        let mut places = self.places(file)?;
        // A place for a field that has its own is refused where the field is looked at.
        if first_exists && places.is_empty() {
            places.insert(0, Place::of_field(self.part));
        }
        places.extend(self.slices(file)?);
        let mut places = places.into_iter();
        // Without any place the update says what is missing.
        let first = places.next().unwrap_or(Place::of_field(self.part));
        let first = self.picture(first)?;
        let existing = self.also.iter().map(|also| {
            let place = Place::of_field(also.part);
            let picture = match &also.own {
                None => self.picture(place)?,
                Some(Own::Face(face, authority, None)) => self.seal(place, face, authority, None),
                Some(Own::Face(face, authority, Some((opacity, fit)))) => {
                    Picture::Seal(DrawnSeal {
                        part: place.part,
                        fit: *fit,
                        opacity: *opacity,
                        blend: self.blend,
                        ..DrawnSeal::new(face, authority.clone(), None)
                    })
                }
                Some(Own::Drawing(drawing, fit)) => {
                    let fit = fit.or(self.fit(place));
                    let part = place.part;
                    Picture::Drawing(Drawn { drawing, placement: None, width: None, part, fit })
                }
            };
            Ok(Shown { field: FieldChoice::Existing { name: &also.field }, picture })
        });
        let new = places.map(|place| {
            let picture = self.picture(place)?;
            Ok(Shown { field: FieldChoice::New { name: None }, picture })
        });
        Ok((Some(first), existing.chain(new).collect::<Result<_, Error>>()?))
    }

    fn is_nothing(&self) -> bool {
        let has_place = self.page.is_some() || self.pages.is_some() || self.position.is_some();
        let has_picture = self.face.is_some() || self.drawing.is_some() || self.part.is_some();
        let has_others = self.cross_page.is_some() || !self.also.is_empty();
        !has_place && !has_picture && !has_others && self.width.is_none()
    }

    /// The same position on every page that was named.
    fn places(&self, file: &File<'_>) -> Result<Vec<Place>, Error> {
        let pages: Vec<PageIndex> = match (self.page, &self.pages) {
            (None, None) => Vec::new(),
            (Some(page), None) => {
                vec![PageIndex::new(page).map_err(|_| placement::Error::PageZero)?]
            }
            (None, Some(set)) => {
                let count = file.latest().page_count().map_err(crate::update::Error::from)?;
                set.resolve(count)?.into_iter().map(PageIndex::from).collect()
            }
            (Some(_), Some(_)) => return Err(Error::PageAndPages),
        };
        match (pages.is_empty(), self.position) {
            (true, None) => Ok(Vec::new()),
            (true, Some(_)) | (false, None) => Err(Error::HalfAPlace),
            (false, Some(position)) => {
                let place = |page| {
                    let placement = Placement::new(page, position);
                    // A part has its size from the whole.
                    let width = self.width.filter(|_| self.part.is_none());
                    let placement = width.map_or(placement, |width| placement.width(width));
                    let boxed = self.boxed.filter(|_| self.part.is_none());
                    let placement = boxed.map_or(placement, |(w, h)| placement.boxed(w, h));
                    Place { placement: Some(placement), part: self.part, sized: false }
                };
                Ok(pages.into_iter().map(place).collect())
            }
        }
    }

    /// The slices of a cross-page seal, each at its edge.
    fn slices(&self, file: &File<'_>) -> Result<Vec<Place>, Error> {
        let Some(cross_page) = &self.cross_page else { return Ok(Vec::new()) };
        let pages = file.latest().page_geometries().map_err(crate::update::Error::from)?;
        let own = self.own_size()?;
        let whole = cross_page.seal_size(own)?;
        let slices = cross_page.slices(&pages, own)?.into_iter().map(|slice| {
            let part = Part::slice(cross_page.over_edge(), whole, slice.from, slice.to);
            let rect = slice.spot.rect;
            let position = Position::at(rect.x(), rect.y());
            let placement = Placement::new(PageIndex::from(slice.spot.page), position);
            Ok(Place {
                placement: Some(placement),
                part: Some(part.map_err(placement::Error::from)?),
                sized: cross_page.has_own_size(),
            })
        });
        slices.collect()
    }

    fn own_size(&self) -> Result<Size, Error> {
        let own = match (&self.face, self.drawing) {
            (Some((face, _)), None) => face.size(),
            (None, Some(drawing)) => drawing.size(),
            (None, None) => return Err(Error::NothingToShow),
            (Some(_), Some(_)) => return Err(Error::FaceAndDrawing),
        };
        match self.width {
            Some(width) => Ok(own.scaled_to_width(width).map_err(placement::Error::from)?),
            None => Ok(own),
        }
    }

    /// The face or the drawing, at a place or in a field that exists.
    fn picture(&self, place: Place) -> Result<Picture<'f>, Error> {
        match (&self.face, self.drawing) {
            (Some((face, authority)), None) => Ok(self.seal(place, face, authority, self.width)),
            (None, Some(drawing)) => Ok(self.drawn(place, drawing, self.width)),
            (None, None) => Err(Error::NothingToShow),
            (Some(_), Some(_)) => Err(Error::FaceAndDrawing),
        }
    }

    /// `width` is that of the whole, of which a part has its size.
    fn seal(
        &self,
        place: Place,
        face: &'f SealFace,
        authority: &Authority,
        width: Option<Length>,
    ) -> Picture<'f> {
        Picture::Seal(DrawnSeal {
            width,
            part: place.part,
            fit: self.fit(place).unwrap_or_default(),
            opacity: self.opacity,
            blend: self.blend,
            ..DrawnSeal::new(face, authority.clone(), place.placement)
        })
    }

    fn drawn(&self, place: Place, drawing: &'f Drawing, width: Option<Length>) -> Picture<'f> {
        let (placement, part, fit) = (place.placement, place.part, self.fit(place));
        Picture::Drawing(Drawn { drawing, placement, width, part, fit })
    }

    /// A cross-page seal in a size that was asked for has that size; its shape stays.
    fn fit(&self, place: Place) -> Option<Fit> {
        self.fit.or(place.sized.then_some(Fit::CONTAIN))
    }
}
