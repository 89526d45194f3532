### The team, the summary of a shift and what it lacks.
###
### To add a fixed word, add a line `kebab-name = Text`: in the screens it is `words::KEBAB_NAME`.
### To add a sentence with arguments, write `{ $name }` where each stands and call it from a function in
### src-ui/src/locales/en_gb/ as `text!(kebab_name, name = value)`. What is misspelt does not compile.
### One or many: see `n-entries` in frame.ftl.

shifts = Shifts
no-shifts = No shift of this team has reached this phone yet.
shifts-earlier = Earlier shifts
shifts-later = Later shifts
open-shift = still open
something-missing = Something missing
not-signed-yet = Not signed yet
complete = Complete
summary = Shift summary
totals = Totals received so far
timeline = Timeline
timeline-note = Time on patrol. No GPS trail.
missing = What is missing
nothing-missing = Nothing missing
nothing-missing-text = Every entry the phones said they hold has been received.
entries = Entries
no-entries-of-shift = No entries of this shift have been received.
cards-by-type = Cards by type
topics-raised = Times raised
streetsafe = StreetSafe
concerns-heard = Concerns heard
never-changed = Reading never changes an officer’s words. Opening this summary was logged.
somebody = Another officer
crew-lines = Crew
counts-not = not confirmed, counts in no hours
disputes = disputed, counts in no hours
figure-people = People
figure-away = Away from patrol
who-col = Officer
time-col = On patrol
type-col = Type
count-col = Given
times-col = Times
topic-col = Topic
share-col = Share
none-given = No cards were given.
none-raised = No topics were noted.
tl-visit = Visit
tl-pair = Pair
tl-solo = One officer
tl-break = Break
tl-away = Called away
tl-not-recorded = End not recorded
tl-entry = Entry
tl-concern = Concern note

## Sentences

last-heard-all = Last heard { $when }, all received
last-heard-pending = Last heard { $when }, { $pending } pending
as-known = as known { $when }
supervised-by = supervised by { $who }
nothing-received = nothing received yet
patrol-record-legs = Patrol record, { $legs ->
    [one] 1 leg
   *[other] { $legs } legs
}{ $visits ->
    [0] {""}
    [one] , 1 visit
   *[other] , { $visits } visits
}
calls =
    { $count ->
        [one] 1 call
       *[other] { $count } calls
    }
unit-and-calls = { $unit }, { $calls }
types =
    { $count ->
        [one] 1 type
       *[other] { $count } types
    }
powers-used =
    { $count ->
        [one] 1 power used
       *[other] { $count } powers used
    }
n-edited = { $count } edited
n-written-late = { $count } written late
