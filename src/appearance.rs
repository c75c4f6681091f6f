//! Appearance.
