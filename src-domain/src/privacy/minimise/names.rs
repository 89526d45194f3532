//! Names of people, as far as plain rules tell: a word after "called" or "Mr", a first name everybody knows, two words in
//! a row that begin with capitals. Streets, places and the words of the job are left alone.

use super::words::Word;
use super::{Finding, Looks};

/// After these, a word with a capital is a name.
const TITLES: [&str; 7] = ["mr", "mrs", "ms", "miss", "dr", "surname", "forename"];
/// After these too, unless it is one of [`NOT_PEOPLE`]: people call Control.
const CALLED: [&str; 3] = ["called", "named", "nicknamed"];

/// First names that are nothing else. Rose, Grace, May, Mark and Will are left out on purpose.
const FIRST_NAMES: [&str; 96] = [
    "adam",
    "agnieszka",
    "ahmed",
    "aisha",
    "alex",
    "alice",
    "amanda",
    "amelia",
    "amy",
    "andrew",
    "andrius",
    "anna",
    "anthony",
    "ashley",
    "ben",
    "benjamin",
    "callum",
    "catherine",
    "charlotte",
    "chloe",
    "christopher",
    "claire",
    "craig",
    "daniel",
    "darren",
    "david",
    "dean",
    "deborah",
    "diana",
    "elizabeth",
    "ella",
    "emily",
    "emma",
    "ethan",
    "fatima",
    "gary",
    "gemma",
    "george",
    "hannah",
    "hassan",
    "helen",
    "ibrahim",
    "isabella",
    "jacob",
    "james",
    "jane",
    "jasmine",
    "jason",
    "jennifer",
    "jessica",
    "joao",
    "joe",
    "john",
    "jonas",
    "jonathan",
    "joseph",
    "joshua",
    "karen",
    "kate",
    "katie",
    "kelly",
    "kevin",
    "kyle",
    "laura",
    "lauren",
    "leanne",
    "lewis",
    "liam",
    "lisa",
    "lucy",
    "maria",
    "matthew",
    "megan",
    "michael",
    "michelle",
    "mohammed",
    "muhammad",
    "natalie",
    "nathan",
    "nicola",
    "oliver",
    "olivia",
    "paul",
    "peter",
    "rachel",
    "rebecca",
    "ryan",
    "samantha",
    "sarah",
    "sean",
    "siobhán",
    "sophie",
    "stephen",
    "thomas",
    "tom",
    "zoe",
];

/// Words with a capital that make the words around them something else than a person.
const NOT_PEOPLE: [&str; 105] = [
    // kinds of place
    "road",
    "street",
    "lane",
    "avenue",
    "close",
    "drive",
    "way",
    "row",
    "square",
    "place",
    "plain",
    "hill",
    "gate",
    "bridge",
    "court",
    "house",
    "hall",
    "park",
    "gardens",
    "green",
    "meadow",
    "market",
    "station",
    "club",
    "bar",
    "pub",
    "inn",
    "hotel",
    "church",
    "cathedral",
    "castle",
    "school",
    "college",
    "university",
    "hospital",
    "centre",
    "quay",
    "pier",
    "arms",
    "wharf",
    // places of the county
    "norfolk",
    "norwich",
    "yarmouth",
    "lynn",
    "thetford",
    "diss",
    "cromer",
    "gorleston",
    "downham",
    "dereham",
    "sheringham",
    "holt",
    "wymondham",
    "broadland",
    "breckland",
    "riverside",
    "tombland",
    "hamlet",
    "north",
    "south",
    "east",
    "west",
    "great",
    "king's",
    "prince",
    // the job and its partners
    "police",
    "control",
    "custody",
    "council",
    "team",
    "ward",
    "project",
    "op",
    "operation",
    "safer",
    "ask",
    "bus",
    "county",
    "constabulary",
    "sergeant",
    "inspector",
    "constable",
    "crown",
    "uber",
    "bank",
    "holiday",
    "ambulance",
    "optik",
    "athena",
    // days and months
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "november",
    "december",
    "christmas",
    "halloween",
    "streetsafe",
    "enough",
    // a venue's name begins with it, a person's never
    "the",
];

fn capital(word: &Word<'_>) -> bool {
    let mut chars = word.text.chars();
    chars.next().is_some_and(char::is_uppercase)
        && chars.next().is_some()
        && !word.text.contains(|c: char| c.is_ascii_digit())
}

/// `Baker` but not `CCTV`.
fn title_case(word: &Word<'_>) -> bool {
    capital(word) && word.text.chars().any(char::is_lowercase)
}

fn first_name(word: &Word<'_>) -> bool {
    title_case(word) && FIRST_NAMES.contains(&stem(word).to_lowercase().as_str())
}

/// The word without `'s`.
fn stem<'a>(word: &Word<'a>) -> &'a str {
    word.text.strip_suffix("'s").or_else(|| word.text.strip_suffix("’s")).unwrap_or(word.text)
}

fn no_person(word: &Word<'_>) -> bool {
    word.is_any(&NOT_PEOPLE) || NOT_PEOPLE.iter().any(|other| stem(word).eq_ignore_ascii_case(other))
}

pub(super) fn names(words: &[Word<'_>]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let run = run_length(words, at);
        if run == 0 {
            at += 1;
            continue;
        }
        let phrase = words.get(at..at + run).unwrap_or_default();
        let cue = at.checked_sub(1).and_then(|before| words.get(before));
        if let Some(name) = name_in(phrase, cue, is_told(words, at)) {
            found.push(name);
        }
        at += run;
    }
    found
}

/// How many words from `at` begin with a capital and stand one space apart; `of` joins too (`Prince of Wales Road`).
fn run_length(words: &[Word<'_>], at: usize) -> usize {
    let mut length = 0;
    while let Some(word) = words.get(at + length) {
        let joined = length == 0 || word.follows_closely();
        let links = length > 0
            && word.is("of")
            && words.get(at + length + 1).is_some_and(|next| capital(next) && next.follows_closely());
        if !joined || !(capital(word) || links) {
            break;
        }
        length += 1;
    }
    length
}

/// `name is …`, `name was …`.
fn is_told(words: &[Word<'_>], at: usize) -> bool {
    let back = |n: usize| at.checked_sub(n).and_then(|place| words.get(place));
    back(1).is_some_and(|verb| verb.is_any(&["is", "was"])) && back(2).is_some_and(|noun| noun.is("name"))
        || back(1).is_some_and(|word| word.is_any(&["name's", "name’s"]))
}

/// The person named by a run of words with capitals, if any.
fn name_in(phrase: &[Word<'_>], cue: Option<&Word<'_>>, told: bool) -> Option<Finding> {
    // `Mr Okafor` is one run; the title itself is nobody's name.
    let titled = phrase.first().is_some_and(|word| word.is_any(&TITLES));
    let phrase = if titled { phrase.get(1..)? } else { phrase };
    let (first, last) = (phrase.first()?, phrase.last()?);
    let name = || {
        Some(Finding {
            looks: Looks::Name,
            from: first.from,
            until: last.until - (last.text.len() - stem(last).len()),
        })
    };
    if phrase.iter().any(no_person) {
        return None;
    }
    let called = cue.is_some_and(|word| word.is_any(&CALLED) && first.follows_closely()) || told || titled;
    if called && title_case(first) {
        return name();
    }
    if let Some(known) = phrase.iter().position(first_name) {
        let from = phrase.get(known)?.from;
        return name().map(|whole| Finding { from, ..whole });
    }
    // Two capitals in a row in mid-sentence. At the start of one, the first capital says nothing.
    let two = phrase.len() == 2 && title_case(first) && !first.begins_sentence() && !last.is("of");
    let words_of_the_job = phrase.iter().any(|word| !title_case(word));
    if two && !words_of_the_job { name() } else { None }
}
