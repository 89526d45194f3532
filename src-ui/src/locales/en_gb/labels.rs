//! Fixed words: headings, labels, buttons, hints, in the order of the screens.

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
pub const READ_AGAIN: &str = "Read again";
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
pub const ALL_RECEIVED: &str = "All received by the server";
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
