//! Words with their places in the text, and words about health.

use super::{Finding, Looks};

/// A run of letters, digits, apostrophes and hyphens that begins and ends with a letter or digit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'a> {
    pub text: &'a str,
    pub from: usize,
    pub until: usize,
    /// What stands between the word before and this one.
    pub gap: &'a str,
}

impl Word<'_> {
    pub fn is(&self, other: &str) -> bool {
        self.text.eq_ignore_ascii_case(other)
    }

    pub fn is_any(&self, others: &[&str]) -> bool {
        others.iter().any(|other| self.is(other))
    }

    /// One space apart from the word before: the same phrase.
    pub fn follows_closely(&self) -> bool {
        self.gap == " "
    }

    /// Nothing before it, or the end of a sentence.
    pub fn begins_sentence(&self) -> bool {
        let gap = self.gap.trim_end();
        (gap.is_empty() && self.from == self.gap.len())
            || gap.ends_with(['.', '!', '?', ':'])
            || self.gap.contains('\n')
    }
}

pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-');
    let mut found: Vec<Word<'_>> = Vec::new();
    let mut before = 0;
    let mut rest = 0;
    while let Some(tail) = text.get(rest..).filter(|tail| !tail.is_empty()) {
        let Some(start) = tail.find(char::is_alphanumeric).map(|at| rest + at) else { break };
        let run = text.get(start..).unwrap_or_default();
        let length = run.find(|c: char| !inner(c)).unwrap_or(run.len());
        let word = run.get(..length).unwrap_or_default().trim_end_matches(|c: char| !c.is_alphanumeric());
        let until = start + word.len();
        found.push(Word { text: word, from: start, until, gap: text.get(before..start).unwrap_or_default() });
        before = until;
        rest = start + length;
    }
    found
}

/// Words that tell of somebody's health. Being drunk is not among them: it is seen on every shift.
const HEALTH: [&str; 38] = [
    "adhd",
    "aids",
    "antidepressant",
    "antidepressants",
    "asthma",
    "asthmatic",
    "autism",
    "autistic",
    "bipolar",
    "cancer",
    "dementia",
    "depressed",
    "depression",
    "diabetes",
    "diabetic",
    "disabled",
    "disability",
    "epilepsy",
    "epileptic",
    "hepatitis",
    "hiv",
    "insulin",
    "medication",
    "methadone",
    "miscarriage",
    "overdose",
    "overdosed",
    "pregnancy",
    "pregnant",
    "psychosis",
    "psychotic",
    "ptsd",
    "schizophrenia",
    "schizophrenic",
    "seizure",
    "self-harm",
    "self-harmed",
    "suicidal",
];

pub(super) fn health(words: &[Word<'_>]) -> Vec<Finding> {
    let finding = |from, until| Finding { looks: Looks::Health, from, until };
    let single = words.iter().filter(|word| word.is_any(&HEALTH)).map(|word| finding(word.from, word.until));
    let double = words.windows(2).filter_map(|pair| match pair {
        [first, second] if first.is("mental") && second.is("health") && second.follows_closely() => {
            Some(finding(first.from, second.until))
        }
        _ => None,
    });
    single.chain(double).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_places() {
        let text = "  O’Neill-Byrne's -- it's 22:14- ";
        let found: Vec<(&str, &str)> = words(text).iter().map(|word| (word.gap, word.text)).collect();
        assert_eq!(found, [("  ", "O’Neill-Byrne's"), (" -- ", "it's"), (" ", "22"), (":", "14")]);
        assert!(words(text).iter().all(|word| text.get(word.from..word.until) == Some(word.text)));
    }

    #[test]
    fn sentences_begin_after_a_stop() {
        let found = words("One two. Three\nfour, five");
        let begins: Vec<bool> = found.iter().map(Word::begins_sentence).collect();
        assert_eq!(begins, [true, false, true, true, false]);
    }
}
