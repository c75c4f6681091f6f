//! The folder that everything is written to, and the pictures that pages show.

use std::fs;
use std::path::PathBuf;

use sealwright::ceremony::PictureRules;
use sealwright::ceremony::board::{BoardPicture, PictureBook};
use sealwright::digest::Digest;

use crate::Failure;

/// What was written.
pub struct Written {
    pub name: String,
    pub zh: String,
    pub en: String,
    pub bytes: usize,
}

/// The folder and the pictures.
pub struct Gallery {
    pub folder: PathBuf,
    pub written: Vec<Written>,
    pub pictures: PictureBook<'static>,
}

impl Gallery {
    /// Makes the folder.
    pub fn new(folder: PathBuf) -> Result<Self, Failure> {
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, written: Vec::new(), pictures: PictureBook::new() })
    }

    /// Writes a file.
    pub fn write(
        &mut self,
        name: &str,
        bytes: impl AsRef<[u8]>,
        zh: &str,
        en: &str,
    ) -> Result<(), Failure> {
        let path = self.folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes.as_ref())?;
        let (zh, en) = (zh.to_owned(), en.to_owned());
        self.written.push(Written { name: name.to_owned(), zh, en, bytes: bytes.as_ref().len() });
        Ok(())
    }

    /// Reads a file back, as somebody who was sent the folder.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, Failure> {
        let path = self.folder.join(name);
        fs::read(&path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
    }

    /// Keeps a picture for pages that name it by digest.
    pub fn picture(&mut self, digest: &Digest, bytes: Vec<u8>) -> Result<(), Failure> {
        let picture = BoardPicture::read(bytes, &PictureRules::default())?;
        self.pictures = std::mem::take(&mut self.pictures).with(*digest, picture);
        Ok(())
    }
}
