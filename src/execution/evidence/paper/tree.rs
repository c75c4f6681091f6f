//! The logical structure of a report (ISO 32000-2 §14.7): what is a heading, a table, a cell.

/// An element of the structure, by its place in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element(usize);

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Document,
    Section,
    Heading(u8),
    Paragraph,
    Table,
    Row,
    /// Heads a column, or a row.
    ColumnHead,
    RowHead,
    Cell,
    Figure,
}

impl Role {
    /// Its name among the standard structure types (ISO 32000-1 §14.8.4).
    pub(super) fn name(self) -> &'static [u8] {
        match self {
            Self::Document => b"Document",
            Self::Section => b"Sect",
            Self::Heading(1) => b"H1",
            Self::Heading(2) => b"H2",
            Self::Heading(_) => b"H3",
            Self::Paragraph => b"P",
            Self::Table => b"Table",
            Self::Row => b"TR",
            Self::ColumnHead | Self::RowHead => b"TH",
            Self::Cell => b"TD",
            Self::Figure => b"Figure",
        }
    }

    /// Which cells a heading is for.
    pub(super) fn scope(self) -> Option<&'static [u8]> {
        match self {
            Self::ColumnHead => Some(b"Column"),
            Self::RowHead => Some(b"Row"),
            _ => None,
        }
    }
}

/// What an element consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kid {
    Element(Element),
    /// Marked content of a page, the page counted from 0.
    Marked {
        page: usize,
        id: i32,
    },
}

/// One element of a tree.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) role: Role,
    pub(super) parent: Option<Element>,
    pub(super) kids: Vec<Kid>,
    /// What is read in place of a picture.
    pub(super) alternative: Option<String>,
}

/// All elements; the first one is the document.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    /// What is marked on each page, by its number there.
    marked: Vec<Vec<Element>>,
}

impl Tree {
    pub(super) fn new() -> Self {
        let document =
            Node { role: Role::Document, parent: None, kids: Vec::new(), alternative: None };
        Self { nodes: vec![document], marked: Vec::new() }
    }

    pub(super) fn root() -> Element {
        Element(0)
    }

    /// Appends an element.
    pub(super) fn add(&mut self, parent: Element, role: Role) -> Element {
        let element = Element(self.nodes.len());
        let node = Node { role, parent: Some(parent), kids: Vec::new(), alternative: None };
        self.nodes.push(node);
        if let Some(parent) = self.nodes.get_mut(parent.0) {
            parent.kids.push(Kid::Element(element));
        }
        element
    }

    /// Says what is read in place of a picture.
    pub(super) fn describe(&mut self, figure: Element, alternative: &str) {
        if let Some(node) = self.nodes.get_mut(figure.0) {
            node.alternative = Some(alternative.to_owned());
        }
    }

    /// Gives the next part of a page to an element; the number that it gets there.
    pub(super) fn mark(&mut self, element: Element, page: usize) -> i32 {
        if self.marked.len() <= page {
            self.marked.resize_with(page + 1, Vec::new);
        }
        let marked = self.marked.get_mut(page);
        let id = marked.map_or(0, |marked| {
            marked.push(element);
            i32::try_from(marked.len() - 1).unwrap_or(i32::MAX)
        });
        if let Some(node) = self.nodes.get_mut(element.0) {
            node.kids.push(Kid::Marked { page, id });
        }
        id
    }

    pub(super) fn role(&self, element: Element) -> Role {
        self.nodes.get(element.0).map_or(Role::Paragraph, |node| node.role)
    }

    /// The elements in the order in which they were added.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Whose the parts of a page are, by their number there.
    pub(super) fn marked(&self, page: usize) -> &[Element] {
        self.marked.get(page).map_or(&[], Vec::as_slice)
    }
}

impl Element {
    /// Its place among [`Tree::nodes`].
    pub(super) fn index(self) -> usize {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_know_their_parts_and_pages_know_their_elements() {
        let mut tree = Tree::new();
        let table = tree.add(Tree::root(), Role::Table);
        let row = tree.add(table, Role::Row);
        let cell = tree.add(row, Role::Cell);
        assert_eq!((tree.mark(cell, 1), tree.mark(cell, 2), tree.mark(row, 2)), (0, 0, 1));
        let kids = &tree.nodes()[cell.index()].kids;
        assert_eq!(kids, &[Kid::Marked { page: 1, id: 0 }, Kid::Marked { page: 2, id: 0 }]);
        assert_eq!(tree.marked(2), [cell, row]);
        assert!(tree.marked(0).is_empty() && tree.marked(7).is_empty());
        assert_eq!(tree.nodes()[row.index()].parent, Some(table));
    }
}
