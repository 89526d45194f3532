//! From the code lists in force to the answers of a form. Labels are quoted exactly; a chip may show the list's own
//! short label, never one made up here.

use beatbook_domain::code_list::CodeItem;
use beatbook_domain::id::Code;
use beatbook_domain::time;
use beatbook_protocol::ipc::ListsView;

use crate::components::choices::Choice;
use crate::components::icon::Glyph;
use crate::locales::words;

/// How a list's labels are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// The list's short label where it has one: chips and tiles.
    Short,
    /// The official label in full.
    Full,
}

/// The answers of a list that are in force today, in the force's order.
#[must_use]
pub fn choices(lists: &ListsView, list: &str, labels: Labels) -> Vec<Choice> {
    lists.edition.offered(list, time::duty_date(lists.now)).map(|item| choice(item, labels)).collect()
}

fn choice(item: &CodeItem, labels: Labels) -> Choice {
    let label = match labels {
        Labels::Short => item.chip(),
        Labels::Full => &item.label,
    };
    Choice::new(item.code.clone(), label)
        .glyph(item.icon.as_deref().and_then(Glyph::named))
        .tag(item.flags.crime_gate.then_some(words::CRIME_TAG))
}

/// The label of a code in a list, in full; the code itself where the list does not know it.
#[must_use]
pub fn label(lists: &ListsView, list: &str, code: &Code) -> String {
    let held = lists.edition.list(list).and_then(|list| list.items.iter().find(|item| item.code == *code));
    held.map_or_else(|| code.to_string(), |item| item.label.clone())
}
