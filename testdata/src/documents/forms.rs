use super::*;
pub(super) fn list() -> Vec<Document> {
    Vec::new()
}
