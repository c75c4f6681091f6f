//! Organizations, their people and what they are entitled to (企业).
