//! Looking codes up in an edition, on a day.

use chrono::NaiveDate;

use super::{CodeItem, CodeList, CodeRef, Edition};
use crate::id::Code;
use crate::ledger::StockLine;

impl CodeItem {
    /// Whether it was in force on a day.
    pub fn in_force(&self, on: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= on) && self.valid_to.is_none_or(|to| on <= to)
    }

    /// The label of a chip: the short one, else the official one.
    pub fn chip(&self) -> &str {
        self.short.as_deref().unwrap_or(&self.label)
    }
}

impl Edition {
    /// A list by name.
    pub fn list(&self, list: &str) -> Option<&CodeList> {
        self.lists.iter().find(|l| l.id.as_str() == list)
    }

    /// The items of a list in force on a day, inactive and system ones left out, in the force's order: what a screen offers.
    pub fn offered<'a>(&'a self, list: &str, on: NaiveDate) -> impl Iterator<Item = &'a CodeItem> {
        let items = self.list(list).map_or(&[][..], |list| &list.items);
        items.iter().filter(move |item| item.in_force(on) && !item.flags.inactive && !item.flags.system)
    }

    /// A code of a list, in force on a day.
    pub fn item(&self, list: &str, code: &Code, on: NaiveDate) -> Option<&CodeItem> {
        self.list(list)?.items.iter().find(|item| item.code == *code && item.in_force(on))
    }

    /// The code as a record keeps it; `None` where the list has no such code in force on that day.
    pub fn code_ref(&self, list: &str, code: &Code, on: NaiveDate) -> Option<CodeRef> {
        let version = self.list(list)?.version;
        let item = self.item(list, code, on)?;
        Some(CodeRef { list: list.into(), version, code: code.clone(), label: item.label.clone() })
    }

    /// The one line of stock of a material in use on a day; `None` where the force prints none or several.
    pub fn only_stock_line(&self, material: &Code, on: NaiveDate) -> Option<&StockLine> {
        let mut lines = self.stock.iter().filter(|line| line.material == *material && !line.is_outdated(on));
        let first = lines.next()?;
        lines.next().is_none().then_some(first)
    }

    /// Whether a list has or had a code, on whatever day.
    pub fn ever_had(&self, list: &str, code: &Code) -> bool {
        self.list(list).is_some_and(|list| list.items.iter().any(|item| item.code == *code))
    }

    /// The code as a record keeps it. An unknown one is kept with itself as label and version 0: never refused.
    pub fn code_ref_or_unknown(&self, list: &str, code: &Code, on: NaiveDate) -> CodeRef {
        self.code_ref(list, code, on).unwrap_or_else(|| CodeRef {
            list: list.into(),
            version: 0,
            code: code.clone(),
            label: code.as_str().to_owned(),
        })
    }
}
