//! Random sequences of commands, and what has to hold after each of them.
//!
//! Every property is judged on states that a sequence really reached: each test prints how many of
//! its runs came how far and fails if too few did, so that it cannot pass by going nowhere.

mod cast;
mod ceremonies;
mod ceremony_rules;
mod contract_rules;
mod contracts;
mod drafts;
mod groups;
mod organizations;
mod people;
mod quotas;
mod releases;
mod seals;
mod sequence;
mod signatures;
