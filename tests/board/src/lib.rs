//! The result board in a browser: views to show, a browser without a window, and what can be read
//! off a picture of the screen.

mod browser;
mod chromium;
mod meeting;
mod pixels;

pub use browser::{Browser, Measured, Placed, Screen, zbar};
pub use chromium::Chromium;
pub use meeting::{Meeting, Sealed, offset_of};
pub use pixels::{decoded, is_seal_red, red_share, saved};
