//! The structure of a print: what a screen reader walks. Built while pages are laid out, filled as they are painted.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, ListNumbering, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

/// What a part is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Role {
    Heading(u16, String),
    Paragraph,
    List,
    Item,
    ItemBody,
    Table,
    Row,
    HeadCell,
    RowHead,
    DataCell,
    Figure(String),
}

struct Part {
    role: Role,
    children: Vec<usize>,
    content: Vec<Identifier>,
}

/// All parts, by number; those that belong to no other are the top.
#[derive(Default)]
pub(super) struct Tags {
    parts: Vec<Part>,
    top: Vec<usize>,
}

impl Tags {
    /// A part under another, or at the top.
    pub(super) fn add(&mut self, role: Role, under: Option<usize>) -> usize {
        let number = self.parts.len();
        self.parts.push(Part { role, children: Vec::new(), content: Vec::new() });
        match under.and_then(|under| self.parts.get_mut(under)) {
            Some(parent) => parent.children.push(number),
            None => self.top.push(number),
        }
        number
    }

    /// What was painted belongs to a part.
    pub(super) fn fill(&mut self, part: usize, content: Identifier) {
        if let Some(part) = self.parts.get_mut(part) {
            part.content.push(content);
        }
    }

    /// The tree.
    pub(super) fn tree(&self) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some("en-GB".to_owned()));
        for part in &self.top {
            tree.push(self.group(*part));
        }
        tree
    }

    fn group(&self, number: usize) -> Node {
        let Some(part) = self.parts.get(number) else { return TagGroup::new(Tag::Div).into() };
        let kind: TagKind = match &part.role {
            Role::Heading(level, title) => {
                Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(title.clone())).into()
            }
            Role::Paragraph => Tag::P.into(),
            Role::List => Tag::L(ListNumbering::None).into(),
            Role::Item => Tag::LI.into(),
            Role::ItemBody => Tag::LBody.into(),
            Role::Table => Tag::Table.into(),
            Role::Row => Tag::TR.into(),
            Role::HeadCell => Tag::TH(TableHeaderScope::Column).into(),
            Role::RowHead => Tag::TH(TableHeaderScope::Row).into(),
            Role::DataCell => Tag::TD.into(),
            Role::Figure(told) => Tag::Figure(Some(told.clone())).into(),
        };
        let mut group = TagGroup::new(kind);
        for content in &part.content {
            group.push(*content);
        }
        for child in &part.children {
            group.push(self.group(*child));
        }
        group.into()
    }
}
