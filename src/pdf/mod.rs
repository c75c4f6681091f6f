//! PDF as a file.
