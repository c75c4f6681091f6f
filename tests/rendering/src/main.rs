//! Writes the test pages and hayro's pictures of them, to be looked at:
//! `cargo run -p sealwright-rendering -- out/pages`.

use std::path::PathBuf;

use sealwright::geometry::{Mm, Pt, Rect};
use sealwright_rendering::{PageForm, picture, render, sealed_page};
use sealwright_testdata::faces::{uniform_jpeg, upright_jpeg, upright_png};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "out/pages".into()));
    std::fs::create_dir_all(&folder)?;
    let faces = [
        ("png", upright_png(20)),
        ("jpeg", upright_jpeg(20)),
        // Red in four ways: ink, ink as Adobe writes it, the same as luminance and chroma, light.
        ("cmyk", uniform_jpeg(&[0, 255, 255, 0], None)),
        ("cmyk-adobe", uniform_jpeg(&[255, 0, 0, 255], Some(0))),
        ("ycck-adobe", uniform_jpeg(&[179, 171, 1, 255], Some(2))),
        ("ycc", uniform_jpeg(&[76, 85, 255], None)),
    ];
    for (name, bytes) in &faces {
        let face = picture(bytes, Mm(60.0));
        for (page, form) in PageForm::all() {
            let rect = Rect::with_size(Pt(40.0), Pt(60.0), face.size())?;
            let pdf = sealed_page(&form, &face, rect);
            std::fs::write(folder.join(format!("{name}-{page}.pdf")), &pdf)?;
            std::fs::write(folder.join(format!("{name}-{page}.png")), render(&pdf, 1.0).to_png())?;
        }
    }
    println!("written to {}", folder.display());
    Ok(())
}
