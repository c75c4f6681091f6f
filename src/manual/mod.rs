//! The manual. It exists in the documentation only.
//!
//! | page | question |
//! |---|---|
//! | [`data_flow`] | How do bytes flow through the engine, and which module may import which? |
//! | [`threat_model`] | Whom does it defend against, and whom not? |
//! | [`attacks`] | Which tricks are known, what is found of each here, and what do others say of it? |
//! | [`walk`] | Which step of the guide of strategic signing does what, and which test shows it? |
//! | [`conformance`] | Which clause of which standard is met, and which test shows it? |
//! | [`rules`] | Which rule of the domain is shown by which test, and which produces which code? |
//! | [`changes`] | What may be changed after a signature, by which rule, and under which permission? |
//! | [`statement`] | What does a signature say of the authority behind it, byte for byte? |
//! | [`evidence`] | What is in a bundle of evidence, and what does its verification compute again? |
//! | [`lints`] | What is told of a document before somebody signs it, and by which code? |
//! | [`hosting`] | How does a host keep organizations, seals, contracts and ceremonies? |
//! | [`questions`] | Why is it built like this? |

#[doc = include_str!("data_flow.md")]
pub mod data_flow {}

#[doc = include_str!("threat_model.md")]
pub mod threat_model {}

#[doc = include_str!("attacks.md")]
pub mod attacks {}

#[doc = include_str!("walk.md")]
pub mod walk {}

#[doc = include_str!("conformance.md")]
pub mod conformance {}

#[doc = include_str!("rules.md")]
pub mod rules {}

#[doc = include_str!("changes.md")]
pub mod changes {}

#[doc = include_str!("statement.md")]
pub mod statement {}

#[doc = include_str!("evidence.md")]
pub mod evidence {}

#[doc = include_str!("lints.md")]
pub mod lints {}

#[doc = include_str!("hosting.md")]
pub mod hosting {}

#[doc = include_str!("questions.md")]
pub mod questions {}
