//! Certificates and CMS.
