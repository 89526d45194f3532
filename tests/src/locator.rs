//! How a journey names what is on the screen: by what a person reads, not by how it is built.

/// A way to find elements.
#[derive(Debug, Clone)]
pub struct Locator {
    /// WebDriver strategy: `css selector` or `xpath`.
    pub(crate) using: &'static str,
    /// The expression in that strategy.
    pub(crate) value: String,
    /// For errors.
    pub(crate) words: String,
    /// What it lies in, where that matters.
    pub(crate) outer: Option<Box<Locator>>,
}

fn xpath(value: String, words: String) -> Locator {
    Locator { using: "xpath", value, words, outer: None }
}

/// A CSS selector, for what has no words.
pub fn css(selector: &str) -> Locator {
    Locator { using: "css selector", value: selector.to_owned(), words: selector.to_owned(), outer: None }
}

/// A button or link by its words (or a part of them), or by its accessible name.
pub fn button(words: &str) -> Locator {
    let quoted = quote(words);
    let named = format!("contains(normalize-space(.), {quoted}) or contains(@aria-label, {quoted})");
    xpath(
        format!(
            "descendant::*[self::button or self::a or self::summary or @role='button' or @role='link'][{named}]"
        ),
        format!("a button “{words}”"),
    )
}

/// An input by its label: a `label` with `for` or around it, or an accessible name.
pub fn field(words: &str) -> Locator {
    let quoted = quote(words);
    let labelled = format!("label[contains(normalize-space(.), {quoted})]");
    let input = "*[self::input or self::textarea or self::select]";
    xpath(
        format!(
            "descendant::{input}[@id = //{labelled}/@for] | descendant::{labelled}//{input} | \
             descendant::{input}[contains(@aria-label, {quoted})] | \
             descendant::{input}[@aria-labelledby = //*[contains(normalize-space(.), {quoted})]/@id]"
        ),
        format!("a field “{words}”"),
    )
}

/// The label itself: what a finger touches to choose a chip, a tile or an option whose input is hidden under it.
pub fn label(words: &str) -> Locator {
    xpath(
        format!("descendant::label[contains(normalize-space(.), {})]", quote(words)),
        format!("a choice “{words}”"),
    )
}

/// The innermost element that holds these words.
pub fn text(words: &str) -> Locator {
    let holds = format!("contains(normalize-space(.), {})", quote(words));
    xpath(
        format!("descendant::*[not(self::script or self::title)][{holds}][not(.//*[{holds}])]"),
        format!("the words “{words}”"),
    )
}

impl Locator {
    /// The same within something else: a row's own button.
    #[must_use]
    pub fn within(self, outer: Locator) -> Self {
        let words = format!("{} within {}", self.words, outer.words);
        Self { words, outer: Some(Box::new(outer)), ..self }
    }
}

/// A string in XPath, which has no escapes.
fn quote(words: &str) -> String {
    if !words.contains('"') {
        return format!("\"{words}\"");
    }
    let parts: Vec<String> = words.split('"').map(|part| format!("\"{part}\"")).collect();
    format!("concat({})", parts.join(", '\"', "))
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn both_kinds_of_quotation_marks_can_be_looked_for() {
        assert_eq!(quote("It's here"), "\"It's here\"");
        assert_eq!(quote("say \"no\""), "concat(\"say \", '\"', \"no\", '\"', \"\")");
    }
}
