//! British English: plain, short, active. Names the place of the data ("on this phone", "received by the server"),
//! says what happened, that the entry is safe, and the one thing to do. Officers are collar numbers. 24-hour clock.

use beatbook_domain::entry::{Change, Kind, Origin};
use beatbook_domain::id::OfficerId;
use beatbook_domain::summary::Missing;
use beatbook_domain::time::{self, Millis};
use beatbook_protocol::ipc::PillView;

// The frame.
pub const APP: &str = "Beatbook";
pub const SKIP_TO_CONTENT: &str = "Skip to content";
pub const MAIN_NAV: &str = "Main";
pub const DOCK_SHIFT: &str = "Shift";
pub const DOCK_TEAM: &str = "Team";
pub const DOCK_OUTBOX: &str = "Outbox";
pub const NOT_YET_RECEIVED: &str = "not yet received";
pub const COVER: &str = "Cover";
pub const CALLED_AWAY: &str = "Called away";
pub const UNDO: &str = "Undo";
pub const CLOSE: &str = "Close";
pub const CLOSE_MESSAGE: &str = "Close this message";
pub const NOT_NOW: &str = "Not now";
pub const CHANGE: &str = "Change";
pub const CHANGE_PLACE: &str = "Change place";
pub const MIN: &str = "min";
pub const LIGHT_THEME: &str = "Light theme";
pub const LEFT_HAND: &str = "Keys for the left hand";
pub const LOCK_PHONE: &str = "Lock this phone";
pub const BACK_TO_SHIFT: &str = "Back to shift";
pub const BACK_KEEPS_DRAFT: &str = "Back to shift. Your draft is kept.";
pub const BACK_TO_TEAM: &str = "Back to team";
pub const LOADING: &str = "Opening";
pub const TRY_AGAIN: &str = "Try again";
pub const BRIDGE_BROKEN: &str =
    "The screens could not reach the notebook. Everything saved is safe. Close Beatbook and open it again.";

// Cover.
pub const HOLD_TO_GO_BACK: &str = "Hold to go back";
pub const GO_BACK_ASK: &str = "Go back?";
pub const GO_BACK_EXPLAIN: &str = "Turn the screen away first.";
pub const GO_BACK: &str = "Go back";

// States.
pub const SAVED: &str = "Saved";
pub const WAITING: &str = "Waiting";
pub const SENDING: &str = "Sending";
pub const SENT: &str = "Sent";
pub const RECEIVED: &str = "Received";
pub const RETURNED: &str = "Returned";
pub const NEEDS_YOU: &str = "Needs you";
pub const DRAFT: &str = "Draft";
pub const DRAFT_KEPT: &str = "Draft kept";
pub const DRAFT_KEEPING: &str = "Keeping draft";
pub const DRAFT_NOT_KEPT: &str = "Draft not kept";
pub const SAVED_ON_THIS_PHONE: &str = "Saved on this phone";
pub const ALL_RECEIVED: &str = "all received";
pub const NOTHING_RECORDED: &str = "Nothing recorded yet";
pub const RECEIPT: &str = "Receipt";

// Fields.
pub const FACT: &str = "Fact";
pub const OPINION: &str = "Opinion";
pub const EXACT_WORDS: &str = "Exact words";
pub const THERE_IS_A_PROBLEM: &str = "There is a problem";
pub const NOTHING_LOST: &str = "Nothing you typed is lost.";
pub const DELETE: &str = "Delete";
pub const SHOW: &str = "Show";
pub const WROTE: &str = "Written first";
pub const NOW: &str = "Now";

// Enrol and unlock.
pub const ENROL_TITLE: &str = "Set up this phone";
pub const ENROL_INTRO: &str = "Your force gives you an address and a one-time code. They are needed once.";
pub const ENROL_SERVER: &str = "Server address";
pub const ENROL_SERVER_HINT: &str = "begins with https://";
pub const ENROL_CODE: &str = "One-time code";
pub const ENROL_CODE_HINT: &str = "capitals and dashes do not matter";
pub const ENROL_PIN: &str = "Choose a 6-digit PIN";
pub const ENROL_PIN_AGAIN: &str = "The same PIN again";
pub const ENROL_PASSPHRASE: &str = "Choose a passphrase";
pub const ENROL_PASSPHRASE_AGAIN: &str = "The same passphrase again";
pub const ENROL_NO_KEYSTORE: &str = "This phone has no keystore";
pub const ENROL_NO_KEYSTORE_TEXT: &str = "A PIN alone would be guessed in minutes, so Beatbook asks for a passphrase: four words or more. Pasting is allowed.";
pub const ENROL_GO: &str = "Set up";
pub const ENROL_BUSY: &str = "Setting up";
pub const LOCKED: &str = "Locked";
pub const PLEASE_KNOW: &str = "Please know";
pub const ENROL_ANOTHER: &str = "Set up another officer";
pub const SECRETS_DIFFER: &str = "The two entries differ. Type the second one again.";
pub const SERVER_MISSING: &str = "Enter the server address your force gave you.";
pub const CODE_MISSING: &str = "Enter the one-time code.";
pub const PIN_SHORT: &str = "Enter six digits.";
pub const PASSPHRASE_MISSING: &str = "Enter the passphrase.";
pub const UNLOCK_TITLE: &str = "Unlock Beatbook";
pub const UNLOCK: &str = "Unlock";
pub const UNLOCKING: &str = "Unlocking";
pub const NOT_YOU: &str = "Not you?";
pub const WHO_ARE_YOU: &str = "Whose notebook?";
pub const YOUR_PIN: &str = "Your 6-digit PIN";
pub const YOUR_PASSPHRASE: &str = "Your passphrase";
pub const NO_SIGNAL_NEEDED: &str = "No signal needed";
pub const WRONG_TRIES: &str = "Wrong tries make it wait: 30 s, then 1, 5 and 15 minutes. Nothing is erased.";
pub const PIN_LABEL_ID: &str = "pin-l";

// Start of shift.
pub const START_SHIFT: &str = "Start shift";
pub const START_SHIFT_INTRO: &str = "No shift is open.";
pub const START_SHIFT_TEXT: &str = "Start one to count patrol time. You can write entries without it.";
pub const CALL_SIGN: &str = "Call sign";
pub const CREW: &str = "Crew with you";
pub const CREW_HINT: &str = "they confirm on their own phone";
pub const CREW_OTHER: &str = "Another collar number";
pub const CREW_ADD: &str = "Add";
pub const CREW_UNKNOWN: &str = "This collar number is not on the roster held on this phone.";
pub const INITIATIVE: &str = "Initiative";
pub const TRANSPORT: &str = "Transport";
pub const PLANNED_END: &str = "Planned end";
pub const PLANNED_END_HINT: &str = "for a reminder, never counted";

// Today.
pub const TODAY: &str = "Your shift";
pub const SHIFT_AND_LEG: &str = "Shift and patrol leg";
pub const ON_PATROL: &str = "On patrol";
pub const BETWEEN_LEGS: &str = "No leg running";
pub const BETWEEN_TEXT: &str = "Start a leg to count time on patrol.";
pub const NO_AREA: &str = "No area named";
pub const ON_A_BREAK: &str = "Paused";
pub const AWAY: &str = "Called away";
pub const PAUSE: &str = "Pause";
pub const NEW_LEG: &str = "New leg";
pub const END_LEG: &str = "End leg";
pub const GO_ON: &str = "Go on";
pub const BACK_ON_PATROL: &str = "Back on patrol";
pub const END: &str = "End shift";
pub const END_NAME: &str = "End shift, press and hold";
pub const END_ASK: &str = "End the shift?";
pub const END_EXPLAIN: &str = "You see the closing receipt first. Nothing is signed yet.";
pub const END_GO: &str = "Go to closing";
pub const LAST_ENTRIES: &str = "Last entries";
pub const NO_ENTRIES: &str = "No entries on this phone yet.";
pub const DRAFTS: &str = "Drafts";
pub const CREW_CLAIMS: &str = "Crew to confirm";
pub const CONFIRM: &str = "Yes, I was there";
pub const DISPUTE: &str = "No";
pub const ADD_ENTRY: &str = "Add an entry";
pub const ENGAGEMENT: &str = "Engagement";
pub const CONCERN: &str = "Concern";
pub const WHY_AWAY: &str = "Why called away?";
pub const WHY_AWAY_HINT: &str = "can follow later";
pub const ONLY_ME: &str = "Only me, the crew goes on";
pub const WHY_PAUSE: &str = "Why do you pause?";
pub const PAUSE_NOW: &str = "Pause now";
pub const LEG_TITLE: &str = "New leg";
pub const LEG_MODE: &str = "How";
pub const LEG_STYLE: &str = "Style";
pub const LEG_AREA: &str = "Area";
pub const START_LEG: &str = "Start leg";
pub const RECOVER: &str = "A draft was open when Beatbook closed";
pub const RECOVER_GO: &str = "Open the draft";
pub const NOT_CONFIRMED: &str = "not confirmed yet";
pub const DISPUTED: &str = "disputed";

// Place.
pub const PLACE_TITLE: &str = "Where was it?";
pub const PLACE_NONE: &str = "No place yet";
pub const PLACE_NONE_DETAIL: &str = "No fix. Choose an area or describe it.";
pub const FIX_UNKNOWN: &str = "fix, accuracy not known";
pub const TYPED_PLACE: &str = "typed";
pub const CHOSEN_AREA: &str = "chosen from the list";
pub const NO_FIX: &str = "no fix";
pub const PLACE_HERE: &str = "Use this phone's position";
pub const PLACE_AREAS: &str = "Areas";
pub const PLACE_NEARBY: &str = "Nearby";
pub const PLACE_TYPED: &str = "Coordinates or grid reference";
pub const PLACE_TYPED_HINT: &str = "52.6287, 1.3020 or TG 235 085";
pub const PLACE_NAME: &str = "Name or landmark";
pub const PLACE_NAME_HINT: &str = "a place, never a person";
pub const PLACE_USE: &str = "Use this place";
pub const PLACE_EMPTY: &str = "Choose an area, or type coordinates or a landmark.";
pub const PLACE_FIND: &str = "Find an area";

// Engagement.
pub const WHO: &str = "Who";
pub const TOPICS: &str = "Topics";
pub const CARDS_GIVEN: &str = "Cards given";
pub const MORE: &str = "More…";
pub const MORE_HINT: &str = "Concerns, feeling safe, ages, note";
pub const STREETSAFE_PLACE: &str = "StreetSafe: the place";
pub const STREETSAFE_BEHAVIOUR: &str = "StreetSafe: behaviour";
pub const SAFE_DAY: &str = "Feels safe here by day";
pub const SAFE_DARK: &str = "Feels safe here after dark";
pub const SAFE_LOW: &str = "Not at all";
pub const SAFE_HIGH: &str = "Very safe";
pub const LIGHT: &str = "Light";
pub const UNDER_18: &str = "Anyone under 18?";
pub const NO: &str = "No";
pub const YES: &str = "Yes";
pub const NOT_KNOWN: &str = "Not known";
pub const SAFEGUARDING_REF: &str = "Safeguarding reference";
pub const SAFEGUARDING_HINT: &str = "no ages, no note";
pub const AGE_BANDS: &str = "Age bands";
pub const SEX_BANDS: &str = "Sex";
pub const BANDS_HINT: &str = "of the group, never a person";
pub const NOTE: &str = "Note";
pub const NOTE_HINT: &str = "no names, no numbers";
pub const VERIFICATION: &str = "Officer verification";
pub const FOLLOW_UP: &str = "Follow-up asked for";
pub const SAVE_ENGAGEMENT: &str = "Save engagement";
pub const OTHER_CARDS: &str = "Other cards and materials";

pub const WRITE_CONCERN: &str = "Write a concern note";
pub const ONE_PERSON: &str = "person";
pub const ONE_CARD: &str = "card";
pub const HAPPENED_AT: &str = "Happened at";
pub const HAPPENED_HINT: &str = "24-hour clock; earlier today or last night";
pub const NOT_A_TIME: &str = "Enter a time such as 22:05.";

// Discarding.
pub const DISCARD: &str = "Discard draft";
pub const DISCARD_ASK: &str = "Discard this draft?";
pub const DISCARD_EXPLAIN: &str = "What you typed is removed from this phone. A mark stays that a draft was opened and discarded, without its content.";
pub const DISCARDED: &str = "Draft discarded. Its mark stays.";

// Concern.
pub const CONCERN_NOTE: &str = "Concern note";
pub const WHAT_BEHAVIOUR: &str = "What behaviour?";
pub const CRIME_TAG: &str = "Crime";
pub const GATE_TITLE: &str = "Is this a crime report?";
pub const GATE_ASK: &str = "Is it being reported?";
pub const GATE_NOW: &str = "Tick any that apply now";
pub const GATE_YES: &str = "Yes";
pub const GATE_NOT_SURE: &str = "Not sure";
pub const GATE_NO: &str = "No";
pub const CALL_CONTROL: &str = "Call control room";
pub const CONTROL_TEL: &str = "tel:101";
pub const CRIME_REF: &str = "Crime reference";
pub const CRIME_REF_HINT: &str = "when you have it";
pub const HOW_KNOWN: &str = "How do you know?";
pub const SEEN: &str = "What I saw or heard";
pub const WORDS_SAID: &str = "Words said";
pub const ADD_WORDS: &str = "Add words said";
pub const THE_WORDS: &str = "The words, exactly";
pub const WHO_SAID: &str = "Who said them, and when";
pub const WHO_SAID_HINT: &str = "describe, do not name";
pub const REMOVE: &str = "Remove";
pub const ASSESSMENT: &str = "My assessment, and why";
pub const ASSESSMENT_BELOW: &str = "Kept apart from the facts. Say what it rests on.";
pub const RELATIONSHIP: &str = "To the person affected, he or she is";
pub const CONTACT: &str = "Was there physical contact?";
pub const HARM: &str = "Harm, as it showed";
pub const WHAT_DONE: &str = "What you did";
pub const POWERS: &str = "Powers used";
pub const AUTHORITY_REF: &str = "Inspector’s s.34 authorisation reference";
pub const AUTHORITY_OR: &str = "Not to hand? Say who told you; the reference follows as a duty.";
pub const AUTHORITY_INSPECTOR: &str = "Inspector, collar number";
pub const AUTHORITY_TOLD: &str = "Told at";
pub const AUTHORITY_TOLD_HINT: &str = "24-hour clock, such as 22:05";
pub const REQUESTS: &str = "Ask for";
pub const SAFEGUARDING: &str = "Safeguarding";
pub const MADE_WITH: &str = "Notes made with";
pub const MADE_WITH_HINT: &str = "collar number, if you conferred";
pub const OVERT: &str = "Seen in the ordinary course of overt patrol.";
pub const CHECK_AND_SIGN: &str = "Check and sign";
pub const SIGN_TITLE: &str = "Read it once, then sign";
pub const SIGN_TEXT: &str = "After you sign, the note stays as it is. Anything more is added to it.";
pub const WILL_BE_ASKED: &str = "You can sign; this will be asked";
pub const SIGN: &str = "Sign and save";
pub const GO_BACK_TO_NOTE: &str = "Change something";

pub const COACH: &str = "Needed in this note, or does it belong somewhere else?";
pub const COACH_SHOW: &str = "Show it";
pub const COACH_KEEP: &str = "Keep it here";

// Outbox.
pub const OUTBOX: &str = "Outbox";
pub const BY_STATE: &str = "Entries by state";
pub const ON_ITS_WAY: &str = "On its way";
pub const RECEIVED_BY_SERVER: &str = "Received by the server";
pub const SEND_NOW: &str = "Send now";
pub const SEND: &str = "Send";
pub const OTHERS_KEEP_SENDING: &str = "It is safe here and your other entries keep sending.";
pub const OUTBOX_EMPTY: &str = "Nothing to send. Entries appear here as soon as they are saved.";
pub const ADDED_UP: &str = "No answer yet";
pub const SERVER_ANSWERED: &str = "Server answered";
pub const OPEN_ENTRY: &str = "Open it";

// Closing.
pub const CLOSE_SHIFT: &str = "Close the shift";
pub const SHIFT_CLOSED: &str = "Shift closed";
pub const RECEIVED_WORD: &str = "received";
pub const ENGAGEMENTS: &str = "Engagements";
pub const HANDOUTS: &str = "Cards given";
pub const CONCERNS: &str = "Concern notes";
pub const DRAFTS_LEFT: &str = "Drafts left";
pub const ON_SHIFT: &str = "On shift";
pub const PATROL_HOURS: &str = "Patrol-hours";
pub const PERSON_HOURS: &str = "Person-hours";
pub const AWAY_FROM_PATROL: &str = "Away from patrol";
pub const PHONE_CLOCK: &str = "Phone clock";
pub const CLOCK_NOT_MEASURED: &str = "not compared yet";
pub const SHIFT_RECEIPT: &str = "Shift receipt";
pub const NOT_SIGNED: &str = "not signed yet";
pub const HOLD_TO_END: &str = "Hold to sign and end";
pub const SIGN_END_ASK: &str = "Sign and end the shift?";
pub const SIGN_END_EXPLAIN: &str =
    "The shift ends now and is signed with what is known. Anything not yet received follows on its own.";
pub const SIGN_END: &str = "Sign and end";
pub const STILL_TO_GO: &str = "These follow on their own";
pub const DRAFTS_CARRY: &str = "These drafts carry over";
pub const END_ANYWAY: &str = "You can end now";
pub const END_ANYWAY_TEXT: &str =
    "Nothing is lost: it sends by itself, and the summary shows it as added later.";
pub const NO_SHIFT_TO_CLOSE: &str = "No shift is open, and none has been closed on this phone.";
pub const DONE: &str = "Back to shift";

// Entry.
pub const HISTORY: &str = "History";
pub const ERASED: &str =
    "The words of this revision were erased by order. The seal still proves that it stood here.";
pub const ERASED_HEADING: &str = "Erased";
pub const ENTRY_WINDOW: &str = "Entry";
pub const WITHDRAWN_TEXT: &str = "It stays readable and counts in no total.";
pub const NOT_IN_TOTALS: &str = "Not in totals until it is answered.";
pub const EARLIER_WORDS: &str = "What it said then";
pub const UNREADABLE: &str =
    "This revision was written by a newer Beatbook. It is kept whole; update to read it.";
pub const FORKED: &str = "Two versions stand side by side";
pub const FORKED_TEXT: &str = "Both are kept. The author settles which one holds.";
pub const WITHDRAWN: &str = "Withdrawn";
pub const LINKED: &str = "Belongs with";
pub const THREE_CLOCKS: &str = "Three clocks";
pub const HAPPENED: &str = "Happened";
pub const WRITTEN: &str = "Written";
pub const RECEIVED_AT: &str = "Received";
pub const NOT_RECEIVED: &str = "not yet";
pub const POSITION: &str = "Position at the server";
pub const PLACE: &str = "Place";
pub const SQUARE: &str = "OS 100 m square";
pub const PEOPLE: &str = "People";
pub const AUTHORITY: &str = "Authority";
pub const CRIME_CHECK: &str = "Crime check";
pub const REASON: &str = "Reason";
pub const NOTHING: &str = "nothing";
pub const NOTHING_MORE: &str = "Nothing more was recorded.";
pub const BANDS: &str = "Bands";

// Team and summary.
pub const TEAM: &str = "Team shifts";
pub const SHIFTS: &str = "Shifts";
pub const NO_SHIFTS: &str = "No shift of this team has reached this phone yet.";
pub const PHONES: &str = "Phones";
pub const OPEN_SHIFT: &str = "still open";
pub const SOMETHING_MISSING: &str = "Something missing";
pub const NOT_SIGNED_YET: &str = "Not signed yet";
pub const COMPLETE: &str = "Complete";
pub const SUMMARY: &str = "Shift summary";
pub const TOTALS: &str = "Totals received so far";
pub const TIMELINE: &str = "Timeline";
pub const TIMELINE_NOTE: &str = "Time on patrol. No GPS trail.";
pub const MISSING: &str = "What is missing";
pub const NOTHING_MISSING: &str = "Nothing missing";
pub const NOTHING_MISSING_TEXT: &str = "Every entry the phones said they hold has been received.";
pub const ENTRIES: &str = "Entries";
pub const NO_ENTRIES_OF_SHIFT: &str = "No entries of this shift have been received.";
pub const CARDS_BY_TYPE: &str = "Cards by type";
pub const TOPICS_RAISED: &str = "Times raised";
pub const STREETSAFE: &str = "StreetSafe";
pub const CONCERNS_HEARD: &str = "Concerns heard";
pub const NEVER_CHANGED: &str = "Reading never changes an officer’s words. Opening this summary was logged.";
pub const SOMEBODY: &str = "Another officer";
pub const CREW_LINES: &str = "Crew";
pub const COUNTS_NOT: &str = "not confirmed, counts in no hours";
pub const DISPUTES: &str = "disputed, counts in no hours";
pub const FIGURE_PEOPLE: &str = "People";
pub const FIGURE_AWAY: &str = "Away from patrol";
pub const WHO_COL: &str = "Officer";
pub const TIME_COL: &str = "On patrol";
pub const TYPE_COL: &str = "Type";
pub const COUNT_COL: &str = "Given";
pub const TIMES_COL: &str = "Times";
pub const TOPIC_COL: &str = "Topic";
pub const SHARE_COL: &str = "Share";
pub const CONCERN_COL: &str = "Concern";
pub const NONE_GIVEN: &str = "No cards were given.";
pub const TL_VISIT: &str = "Visit";
pub const TL_PAIR: &str = "Pair";
pub const TL_SOLO: &str = "One officer";
pub const TL_BREAK: &str = "Break";
pub const TL_AWAY: &str = "Called away";
pub const TL_NOT_RECORDED: &str = "End not recorded";
pub const TL_ENTRY: &str = "Entry";
pub const TL_CONCERN: &str = "Concern note";

/// `Engagement · Beatbook`.
#[must_use]
pub fn window_title(page: &str) -> String {
    format!("{page} · {APP}")
}

/// `1 entry`, `3 entries`.
#[must_use]
pub fn entries(n: u32) -> String {
    count(n, "entry", "entries")
}

/// A number and its noun.
#[must_use]
pub fn count(n: u32, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// The pill as it is spoken.
#[must_use]
pub fn pill(pill: &PillView) -> String {
    let mut text = if pill.total == 0 {
        return NOTHING_RECORDED.to_owned();
    } else if pill.waiting == 0 {
        format!("{SAVED_ON_THIS_PHONE}, {ALL_RECEIVED}")
    } else {
        format!("{SAVED_ON_THIS_PHONE}, {}", n_waiting(pill.waiting))
    };
    if pill.needs_you > 0 {
        text = format!("{text}, {}", n_need_you(pill.needs_you));
    }
    text
}

/// `3 waiting`.
#[must_use]
pub fn n_waiting(n: u32) -> String {
    format!("{n} waiting")
}

/// `1 needs you`, `2 need you`.
#[must_use]
pub fn n_need_you(n: u32) -> String {
    if n == 1 { "1 needs you".to_owned() } else { format!("{n} need you") }
}

/// `One person fewer`.
#[must_use]
pub fn one_fewer(thing: &str) -> String {
    format!("One {thing} fewer")
}

/// `One person more`.
#[must_use]
pub fn one_more(thing: &str) -> String {
    format!("One {thing} more")
}

/// `14 more`.
#[must_use]
pub fn n_more(n: usize) -> String {
    format!("{n} more")
}

/// `All 9`.
#[must_use]
pub fn all_of(n: u32) -> String {
    format!("All {n}")
}

/// `2 of 5`.
#[must_use]
pub fn of_five(n: u8) -> String {
    format!("{n} of 5")
}

/// `4 of 6 digits entered`.
#[must_use]
pub fn digits_entered(n: usize, of: usize) -> String {
    format!("{n} of {of} digits entered")
}

/// What a stepper says at its floor or ceiling.
#[must_use]
pub fn at_limit(label: &str, n: u32) -> String {
    if n == 0 { format!("{label}: none") } else { format!("{label}: {n}, no further") }
}

/// The ring in words.
#[must_use]
pub fn ring(minutes: u32, place: &str, band: (u32, u32)) -> String {
    let (from, to) = band;
    let so_far = format!("{} at {place}.", count(minutes, "minute", "minutes"));
    if minutes < from {
        format!("{so_far} The {from} to {to} minute band is ahead.")
    } else if minutes <= to {
        format!("{so_far} The {from} to {to} minute band is reached.")
    } else {
        format!("{so_far} The {from} to {to} minute band is passed; stay as long as needed.")
    }
}

/// `Question: …`, the amber line under a received entry that is not in totals.
#[must_use]
pub fn question(asked: &str) -> String {
    format!("Question: {asked}")
}

/// `good fix, ±8 m`.
#[must_use]
pub fn good_fix(metres: u32) -> String {
    format!("good fix, ±{metres} m")
}

/// `rough fix, ±140 m`.
#[must_use]
pub fn rough_fix(metres: u32) -> String {
    format!("rough fix, ±{metres} m")
}

/// `Engagement begun 22:14`.
#[must_use]
pub fn draft_heading(kind: Kind, opened: Millis) -> String {
    let name = if kind == Kind::Concern { CONCERN_NOTE } else { ENGAGEMENT };
    format!("{name} begun {}", time::clock(opened))
}

/// `Tombland · kept 22:16`.
#[must_use]
pub fn draft_detail(place: Option<&str>, kept: Millis) -> String {
    let kept = format!("kept {}", time::clock(kept));
    place.map_or(kept.clone(), |place| format!("{place} · {kept}"))
}

/// `3 entries are safe and still sending.`
#[must_use]
pub fn still_sending(n: u32) -> String {
    if n == 1 {
        "1 entry is safe and still sending.".to_owned()
    } else {
        format!("{n} entries are safe and still sending.")
    }
}

/// `3 entries are safe on this phone. They send after you unlock.`
#[must_use]
pub fn sends_after_unlock(n: u32) -> String {
    if n == 1 {
        "1 entry is safe on this phone. It sends after you unlock.".to_owned()
    } else {
        format!("{n} entries are safe on this phone. They send after you unlock.")
    }
}

/// `Try again in 4 min 30 s.`
#[must_use]
pub fn wait_for(seconds: u32) -> String {
    let (minutes, rest) = (seconds / 60, seconds % 60);
    match (minutes, rest) {
        (0, rest) => format!("Try again in {rest} s."),
        (minutes, 0) => format!("Try again in {minutes} min."),
        (minutes, rest) => format!("Try again in {minutes} min {rest} s."),
    }
}

/// `PC 1482 with PC 1377`.
#[must_use]
pub fn with_crew(me: &str, crew: &[String]) -> String {
    if crew.is_empty() { me.to_owned() } else { format!("{me} with {}", crew.join(", ")) }
}

/// `Since 22:02, in the 10–16 band`.
#[must_use]
pub fn visit_since(since: Millis, minutes: u32, band: (u32, u32)) -> String {
    let (from, to) = band;
    let since = time::clock(since);
    if minutes < from {
        format!("Since {since}, band {from}–{to} min")
    } else if minutes <= to {
        format!("Since {since}, in the {from}–{to} band")
    } else {
        format!("Since {since}, past the {from}–{to} band")
    }
}

/// `Leg 3 on foot, since 21:40`.
#[must_use]
pub fn leg(number: u32, mode: Option<&str>, since: Millis) -> String {
    let since = time::clock(since);
    match mode {
        Some(mode) => format!("Leg {number}, {}, since {since}", lower_first(mode)),
        None => format!("Leg {number}, since {since}"),
    }
}

/// `Since 22:14` with the reason where it is known.
#[must_use]
pub fn since(at: Millis, reason: Option<&str>) -> String {
    let since = format!("Since {}", time::clock(at));
    reason.map_or(since.clone(), |reason| format!("{since}, {}", lower_first(reason)))
}

/// `PC 1482 says you were with them from 18:00`.
#[must_use]
pub fn crew_claim(by: &str, call_sign: Option<&str>, from: Millis, until: Option<Millis>) -> String {
    let unit = call_sign.map(|call_sign| format!(" in {call_sign}")).unwrap_or_default();
    let time = until.map_or_else(
        || format!("from {}", time::day_clock(from)),
        |until| format!("{}, {}", time::day(from), time::range(from, until)),
    );
    format!("{by} says you were with them{unit}, {time}. Until you confirm, your time counts in no hours.")
}

/// `Entry 10 · Fri 27 Nov, 22:14`.
#[must_use]
pub fn entry_meta(number: u32, at: Millis) -> String {
    format!("Entry {number} · {}", time::day_clock(at))
}

/// `Entry 11 · happened 22:29`, with the day where that was not today.
#[must_use]
pub fn concern_meta(number: u32, at: Millis, now: Millis) -> String {
    let today = time::day(at) == time::day(now);
    format!("Entry {number} · happened {}", if today { time::clock(at) } else { time::day_clock(at) })
}

/// `Unwanted touching is a crime. …`
#[must_use]
pub fn gate_text(label: &str) -> String {
    format!(
        "{label} may be a crime. Beatbook does not record crimes. If it is being reported, call the control room or use OPTIK."
    )
}

/// `Crime reference due by 22:38, Sat 28 Nov. Add it when you have it.`
#[must_use]
pub fn crime_due(due: Millis) -> String {
    format!("Crime reference due by {}, {}. Add it when you have it.", time::clock(due), time::day(due))
}

/// `12 on this phone · server heard 22:50`.
#[must_use]
pub fn outbox_meta(total: u32, heard: Option<Millis>) -> String {
    let entries = entries(total);
    heard.map_or(entries.clone(), |heard| format!("{entries} · server heard {}", time::clock(heard)))
}

/// `Next try by 22:52`.
#[must_use]
pub fn next_try(at: Millis) -> String {
    format!("Next try by {}", time::clock(at))
}

/// `Server confirmed at 02:54. Nothing is left to send.`
#[must_use]
pub fn confirmed_at(at: Option<Millis>) -> String {
    at.map_or_else(
        || "Nothing is left to send.".to_owned(),
        |at| format!("Server confirmed at {}. Nothing is left to send.", time::clock(at)),
    )
}

/// `2 not yet received. You can end now: they follow on their own.`
#[must_use]
pub fn outstanding(n: u32) -> String {
    format!("{n} not yet received. You can end now: they follow on their own.")
}

/// `2 s fast`, `exact to the second`.
#[must_use]
pub fn clock_drift(ms: i64) -> String {
    // The drift is central minus device: a positive one means the phone is behind.
    let seconds = ms.unsigned_abs().saturating_add(500) / 1_000;
    if seconds == 0 {
        return "right to the second".to_owned();
    }
    let way = if ms < 0 { "fast" } else { "slow" };
    if seconds < 120 {
        format!("{seconds} s {way}")
    } else {
        let ms = i64::try_from(seconds.saturating_mul(1_000)).unwrap_or(i64::MAX);
        format!("{} {way}", time::duration(ms))
    }
}

/// `18:00–02:56`, or `18:00, end not recorded`.
#[must_use]
pub fn from_until(from: Millis, until: Option<Millis>) -> String {
    until.map_or_else(|| format!("since {}", time::clock(from)), |until| time::range(from, until))
}

/// `Insp 0042, told at 22:05, reference to follow`.
#[must_use]
pub fn told_authority(inspector: &str, at: Millis) -> String {
    format!("Insp {inspector}, told at {}, reference to follow", time::clock(at))
}

/// `due 22:38, Sat 28 Nov`.
#[must_use]
pub fn due_by(due: Millis) -> String {
    format!("due {}, {}", time::clock(due), time::day(due))
}

/// `phone clock 2 s fast`.
#[must_use]
pub fn clock_was(ms: i64) -> String {
    format!("phone clock {}", clock_drift(ms))
}

/// `2. Corrected`.
#[must_use]
pub fn revision(number: usize, change: Change) -> String {
    let what = match change {
        Change::First => "First written",
        Change::Continues => "Ended",
        Change::Corrects => "Corrected",
        Change::Withdraws => "Withdrawn",
    };
    format!("{number}. {what}")
}

/// How a revision came to be written, where that is worth a label.
#[must_use]
pub const fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Live => "Written as it happened",
        Origin::Retrospective => "Written later",
        Origin::Repeated => "Repeated from the last entry",
        Origin::Transcribed => "Copied from a paper book",
        Origin::Dictated => "Dictated",
    }
}

/// `Phone not heard since 02:10. Use the radio for welfare.`
#[must_use]
pub fn last_heard(at: Millis, pending: u32) -> String {
    if pending == 0 {
        format!("Last heard {}, all received", time::day_clock(at))
    } else {
        format!("Last heard {}, {pending} pending", time::day_clock(at))
    }
}

/// `as received at 03:05`.
#[must_use]
pub fn as_known(at: Option<Millis>) -> String {
    at.map_or_else(|| "nothing received yet".to_owned(), |at| format!("as known {}", time::day_clock(at)))
}

/// `Saved on this phone, 22:14`.
#[must_use]
pub fn saved_at(at: Millis) -> String {
    format!("{SAVED_ON_THIS_PHONE}, {}", time::clock(at))
}

/// `12 of 14`.
#[must_use]
pub fn of_total(received: u32, total: u32) -> String {
    format!("{received} of {total}")
}

/// `Patrol record, 4 legs`.
#[must_use]
pub fn patrol_record(legs: u32) -> String {
    format!("Patrol record, {}", count(legs, "leg", "legs"))
}

/// `as a pair` figures: `2 calls`, `1 call`.
#[must_use]
pub fn calls(n: u32) -> String {
    count(n, "call", "calls")
}

/// `min, 2 calls`.
#[must_use]
pub fn unit_and_calls(unit: &str, n: u32) -> String {
    format!("{unit}, {}", calls(n))
}

/// `3 types`, `1 type`.
#[must_use]
pub fn types(n: usize) -> String {
    count(u32::try_from(n).unwrap_or(u32::MAX), "type", "types")
}

/// `1 power used`, `2 powers used`.
#[must_use]
pub fn powers_used(n: u32) -> String {
    count(n, "power used", "powers used")
}

/// `Received after signing: 2`.
#[must_use]
pub fn received_later(n: u32) -> String {
    format!("{} received after signing", entries(n))
}

/// `2 edited, 1 written late`; empty where neither.
#[must_use]
pub fn edited_and_late(edited: u32, late: u32) -> String {
    let mut parts = Vec::new();
    if edited > 0 {
        parts.push(format!("{edited} edited"));
    }
    if late > 0 {
        parts.push(format!("{late} written late"));
    }
    parts.join(", ")
}

/// One thing that is missing, in words. `who` is the officer as shown.
#[must_use]
pub fn missing(missing: &Missing, who: impl Fn(OfficerId) -> String) -> (String, String) {
    let (head, text) = match missing {
        Missing::EndNotRecorded { capped_at } => (
            "The end of the shift is not recorded.".to_owned(),
            format!("Hours stop at the last evidence, {}.", time::day_clock(*capped_at)),
        ),
        Missing::NotSigned => ("The shift is not signed.".to_owned(), String::new()),
        Missing::CrewNotConfirmed { officer, disputed: false } => {
            (format!("{} not confirmed.", who(*officer)), "No hours are counted until then.".to_owned())
        }
        Missing::CrewNotConfirmed { officer, disputed: true } => {
            (format!("{} disputes being in this crew.", who(*officer)), "No hours are counted.".to_owned())
        }
        Missing::SignedNotHere { count: n } => (
            format!("{} signed for and not here.", count(*n, "record", "records")),
            "Totals leave them out.".to_owned(),
        ),
        Missing::Pending { officer, count: n, last_heard } => (
            format!("{}’s phone:", who(*officer)),
            format!(
                "last heard {}, {} pending. Totals leave them out.",
                time::clock(*last_heard),
                entries(*n)
            ),
        ),
        Missing::SetAside { officer, count: n } => {
            (format!("{}’s phone:", who(*officer)), format!("{} set aside there.", entries(*n)))
        }
        Missing::Gaps { officer, count: n } => (
            format!("{}’s notebook has gaps:", who(*officer)),
            format!("{} not received yet.", count(*n, "record", "records")),
        ),
        Missing::NotHeard { officer, last_heard: Some(at) } => (
            format!("{}’s phone not heard since {}.", who(*officer), time::day_clock(*at)),
            "Use the radio for welfare.".to_owned(),
        ),
        Missing::NotHeard { officer, last_heard: None } => {
            (format!("{}’s phone was never heard.", who(*officer)), "Use the radio for welfare.".to_owned())
        }
        Missing::OpenDrafts { count: n } => {
            (format!("{} left open at signing.", count(*n, "draft", "drafts")), "They carry over.".to_owned())
        }
        Missing::NotInTotals { .. } => {
            ("One entry is not in totals:".to_owned(), "a question about it is open.".to_owned())
        }
        Missing::Forked { .. } => (
            "One entry has two newest versions.".to_owned(),
            "The author settles which one holds.".to_owned(),
        ),
        Missing::CrimeReference { due, .. } => {
            ("1 crime reference,".to_owned(), format!("{}.", due_by(*due)))
        }
    };
    (head, text)
}

/// `Called away, 22:14. Draft kept.`
#[must_use]
pub fn away_stamped(at: Millis, in_form: bool) -> String {
    let stamped = format!("Called away {}", time::clock(at));
    if in_form { format!("{stamped}. Draft kept.") } else { stamped }
}

/// `Written 22:41, 3 minutes after` for the foot of a concern note.
#[must_use]
pub fn written_now(now: Millis, happened: Millis) -> String {
    match time::late_by(happened, now) {
        Some(late) => format!("Written {}, {}", time::clock(now), late.trim_start_matches("written ")),
        None => format!("Written {}", time::clock(now)),
    }
}

/// A list label in the middle of a sentence: the first letter small unless the word is an abbreviation.
#[must_use]
pub fn lower_first(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pill_never_says_received_while_something_waits() {
        let waiting = PillView { waiting: 3, total: 5, ..PillView::default() };
        assert_eq!(pill(&waiting), "Saved on this phone, 3 waiting");
        let all = PillView { total: 5, ..PillView::default() };
        assert_eq!(pill(&all), "Saved on this phone, all received");
        let stuck = PillView { waiting: 1, needs_you: 1, total: 5, ..PillView::default() };
        assert_eq!(pill(&stuck), "Saved on this phone, 1 waiting, 1 needs you");
    }

    #[test]
    fn waits_and_drifts_read_as_people_say_them() {
        assert_eq!(wait_for(30), "Try again in 30 s.");
        assert_eq!(wait_for(300), "Try again in 5 min.");
        assert_eq!(wait_for(270), "Try again in 4 min 30 s.");
        assert_eq!(clock_drift(-2_000), "2 s fast");
        assert_eq!(clock_drift(200), "right to the second");
    }

    #[test]
    fn a_label_is_lowered_but_an_abbreviation_is_not() {
        assert_eq!(lower_first("On foot"), "on foot");
        assert_eq!(lower_first("ASB"), "ASB");
    }
}
