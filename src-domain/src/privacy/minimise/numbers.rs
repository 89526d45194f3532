//! Telephone numbers, e-mail addresses, number plates and dates of birth.

use chrono::{Datelike, Months, NaiveDate};

use super::words::Word;
use super::{Finding, Looks};

/// Numbers anybody may have: freephone, charities, non-emergency.
const PUBLIC_PREFIXES: [&str; 4] = ["0800", "0808", "0300", "0845"];

pub(super) fn phones(text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut free_from = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let starts = matches!(c, '+' | '0' | '(')
            && !before.is_some_and(|b: char| b.is_alphanumeric() || "/:.-".contains(b));
        before = Some(c);
        if !starts || at < free_from {
            continue;
        }
        if let Some(length) = phone_length(text.get(at..).unwrap_or_default()) {
            free_from = at + length;
            found.push(Finding { looks: Looks::Phone, from: at, until: free_from });
        }
    }
    found
}

/// How many bytes of `text`, from its start, make a telephone number.
fn phone_length(text: &str) -> Option<usize> {
    let abroad = text.starts_with('+') || text.starts_with("00");
    let longest = if abroad { 15 } else { 11 };
    let (mut digits, mut end, mut first_group) = (String::new(), 0, None);
    let mut separators = 0;
    for (at, c) in text.char_indices() {
        match c {
            '0'..='9' if digits.len() < longest => {
                digits.push(c);
                end = at + 1;
                separators = 0;
            }
            '0'..='9' if separators == 0 => return None,
            '+' if at == 0 => {}
            ' ' | '-' | '(' | ')' if separators < 2 => {
                first_group.get_or_insert(digits.len());
                if digits.is_empty() {
                    first_group = None;
                }
                separators += 1;
            }
            _ => break,
        }
    }
    if text
        .get(end..)
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '/' || c == ':'))
    {
        // `07700 900142 22:38`: the figures after the last gap belong to something else.
        let kept = text.get(..end)?.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
        return if kept.len() < end { phone_length(kept) } else { None };
    }
    let whole = if let Some(national) =
        digits.strip_prefix("0044").or_else(|| abroad.then(|| digits.strip_prefix("44"))?)
    {
        (9..=11).contains(&national.len())
    } else if abroad {
        text.starts_with('+') && (8..=15).contains(&digits.len())
    } else {
        let area = first_group.is_none_or(|group| group >= 3);
        let kind = digits.get(1..2).is_some_and(|second| "12378".contains(second));
        (10..=11).contains(&digits.len())
            && area
            && kind
            && !PUBLIC_PREFIXES.iter().any(|prefix| digits.starts_with(prefix))
    };
    whole.then_some(end)
}

pub(super) fn emails(text: &str) -> Vec<Finding> {
    let local = |c: char| c.is_alphanumeric() || ".+-_%'".contains(c);
    let domain = |c: char| c.is_alphanumeric() || ".-".contains(c);
    text.match_indices('@')
        .filter_map(|(at, _)| {
            let (head, tail) = (text.get(..at)?, text.get(at + 1..)?);
            let name = head.len() - head.trim_end_matches(local).len();
            let host =
                tail.get(..tail.find(|c| !domain(c)).unwrap_or(tail.len()))?.trim_end_matches(['.', '-']);
            let dotted = host.split('.').count() >= 2 && host.split('.').all(|part| !part.is_empty());
            (name > 0 && dotted).then(|| Finding {
                looks: Looks::Email,
                from: at - name,
                until: at + 1 + host.len(),
            })
        })
        .collect()
}

/// Does the word have this shape? `A` stands for a letter, `9` for a digit.
fn shaped(word: &str, shape: &str) -> bool {
    word.len() == shape.len()
        && word.bytes().zip(shape.bytes()).all(|(byte, kind)| match kind {
            b'A' => byte.is_ascii_alphabetic(),
            _ => byte.is_ascii_digit(),
        })
}

/// Plates in one word: current, prefix and suffix styles with enough figures not to be a word.
const PLATES: [&str; 5] = ["AA99AAA", "A999AAA", "A99AAA", "AAA999A", "AAA99A"];
/// The same in two words.
const SPLIT_PLATES: [(&str, &str); 5] =
    [("AA99", "AAA"), ("A999", "AAA"), ("A99", "AAA"), ("AAA", "999A"), ("AAA", "99A")];

pub(super) fn plates(words: &[Word<'_>]) -> Vec<Finding> {
    let finding = |from, until| Finding { looks: Looks::Plate, from, until };
    let capitals = |word: &Word<'_>| !word.text.contains(|c: char| c.is_ascii_lowercase());
    // A road number before a word in capitals is no plate: `A11 CAR PARK`.
    let road = |word: &Word<'_>| {
        word.text.starts_with(['A', 'B', 'M']) && (shaped(word.text, "A99") || shaped(word.text, "A999"))
    };
    let single = words
        .iter()
        .filter(|word| PLATES.iter().any(|shape| shaped(word.text, shape)))
        .map(|word| finding(word.from, word.until));
    let double = words.windows(2).filter_map(|pair| match pair {
        [first, second] if second.follows_closely() && capitals(first) && capitals(second) => {
            let fits = SPLIT_PLATES.iter().any(|(a, b)| shaped(first.text, a) && shaped(second.text, b));
            (fits && !road(first)).then(|| finding(first.from, second.until))
        }
        _ => None,
    });
    single.chain(double).collect()
}

/// Words before a date that make it a birth, however recent.
const BIRTH_WORDS: [&str; 5] = ["born", "dob", "d.o.b", "birth", "birthday"];

pub(super) fn births(text: &str, words: &[Word<'_>], today: NaiveDate) -> Vec<Finding> {
    let told = |from: usize| {
        let before = text.get(..from).unwrap_or_default();
        let near = before.char_indices().rev().nth(19).map_or(0, |(at, _)| at);
        let near = before.get(near..).unwrap_or_default().to_lowercase();
        BIRTH_WORDS.iter().any(|word| near.contains(word))
    };
    let long_ago =
        |date: NaiveDate| today.checked_sub_months(Months::new(24)).is_some_and(|limit| date < limit);
    let mut found: Vec<Finding> = dates(words, today)
        .into_iter()
        .filter(|(date, from, _)| told(*from) || long_ago(*date))
        .map(|(_, from, until)| Finding { looks: Looks::DateOfBirth, from, until })
        .collect();
    let year = |word: &&Word<'_>| {
        shaped(word.text, "9999") && told(word.from) && (1900..=today.year()).contains(&number(word.text))
    };
    found.extend(words.iter().filter(year).map(|w| Finding {
        looks: Looks::DateOfBirth,
        from: w.from,
        until: w.until,
    }));
    found
}

fn number(digits: &str) -> i32 {
    digits.parse().unwrap_or(-1)
}

/// Dates in figures or with the month in letters, day first.
fn dates(words: &[Word<'_>], today: NaiveDate) -> Vec<(NaiveDate, usize, usize)> {
    let hyphened = words.iter().filter_map(|word| {
        let parts: Vec<&str> = word.text.split('-').collect();
        let [day, month, year] = parts.as_slice() else { return None };
        Some((date(number(day), number(month), year, today)?, word.from, word.until))
    });
    let spread = words.windows(3).filter_map(|three| {
        let [day, month, year] = three else { return None };
        let figures = (month.gap == "/" || month.gap == ".") && year.gap == month.gap;
        let month = if figures {
            number(month.text)
        } else {
            month_of(month.text).filter(|_| month.gap == " " && year.gap == " ")?
        };
        let day_of =
            if figures { day.text } else { day.text.trim_end_matches(|c: char| c.is_ascii_alphabetic()) };
        Some((date(number(day_of), month, year.text, today)?, day.from, year.until))
    });
    hyphened.chain(spread).collect()
}

fn month_of(name: &str) -> Option<i32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = name.to_lowercase();
    let fits = |month: &&str| name.len() >= 3 && month.starts_with(&name);
    MONTHS.iter().position(fits).and_then(|at| i32::try_from(at + 1).ok())
}

/// A date that exists and is not to come; two figures of a year mean the newest such year that has been.
fn date(day: i32, month: i32, year: &str, today: NaiveDate) -> Option<NaiveDate> {
    let year = match year.len() {
        4 if shaped(year, "9999") => number(year),
        2 if shaped(year, "99") => {
            let this_century = today.year() - today.year().rem_euclid(100) + number(year);
            if this_century > today.year() { this_century - 100 } else { this_century }
        }
        _ => return None,
    };
    let date = NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?;
    (year >= 1900 && date <= today).then_some(date)
}
