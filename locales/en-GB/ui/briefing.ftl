### The briefing of an officer and the plans of a sergeant.

briefing = Briefing
# `Briefing for tonight: 4 areas, 6 visits, until 02:00`
briefing-heading = Briefing for { $when }: { $areas ->
    [one] { $areas } area
   *[other] { $areas } areas
}, { $visits ->
    [one] { $visits } visit
   *[other] { $visits } visits
}, until { $until }
for-tonight = tonight
briefing-new = Read it before you start.
briefing-changed = Changed since you read it.
briefing-read-made = Read. { $made } of { $visits } made.
briefing-read-now = Read. Nothing is asked before { $from }.
briefing-open = Read the briefing
briefing-see-changes = See what changed
briefing-again = Open the briefing
no-briefing = Nothing is asked of you tonight
no-briefing-text = A briefing appears here as soon as your sergeant gives one and this phone has had a connection.
acknowledge = Acknowledge
acknowledge-changes = Acknowledge the changes
briefing-actions = What you can do with the briefing
acknowledged-at = You acknowledged version { $version } at { $time }
not-acknowledged = You have not acknowledged version { $version }
changed-since = Changed since you read it
asked-by = Asked by
supervisor-of-night = Supervisor of the night
for-units = For
every-unit = Every unit of the team
initiative-of = Initiative
visits-made = Visits made
n-of-m = { $made } of { $visits }
why-listed = Why it is listed
always-listed = Why the force lists it
# `Stay 10 to 16 min · a visit at least every 2 h`
area-rhythm = Stay { $from } to { $to } min
area-rhythm-gap = Stay { $from } to { $to } min · a visit at least every { $gap }
# `2 visits · 1 made`
window-visits = { $visits ->
    [one] { $visits } visit
   *[other] { $visits } visits
} · { $made } made
window-over = Over
otherwise = Do otherwise
otherwise-name = Do otherwise: { $area }, { $time }
otherwise-sheet = Why otherwise?
otherwise-hint = One press says it. Your sergeant sees the reason, and the visits count as excused.
otherwise-words = In a few words
otherwise-words-hint = places and times, nobody’s name
otherwise-save = Save
take-back = Do it as asked
was-nothing = Not asked
now-nothing = Not asked any more
start-from-briefing = From the briefing: until { $until }
start-from-briefing-led = From the briefing: until { $until }, supervisor { $supervisor }

## Planned in Places

# `Planned 21:00–23:00 · 1 of 2 made`
planned-here = Planned { $time } · { $made } of { $visits } made
planned-then-longest = Planned tonight, then longest since a visit

## The planner

plans = Briefings
plans-detail = Plan a night, and see who has read it
plan = Plan a night
plan-revise = Change a briefing
new-plan = Plan tonight
copy-last = Copy { $day }
plan-drafts = Begun, not given
no-plans = No night is planned yet
no-plans-text = Plan tonight: choose areas, windows and visits. It reaches the phones of the team at their next connection.
not-planner = Only who supervises a team plans its nights.
night = Night
tonight-is = Tonight, { $day }
plan-from = From
plan-until = Until
plan-until-hint = the first such time after it begins
plan-team = Team
plan-units = Call signs
plan-units-hint = with commas; none means every unit of the team
plan-supervisor = Supervisor of the night
plan-supervisor-hint = collar number
plan-supervisor-unknown = No officer with this collar number is on the roster of this device
plan-areas = Areas
plan-areas-hint = as the force lists them
window-n = { $area }, window { $number }
window-from = From
window-until = Until
window-visits-each = Visits by each unit
visit-one = visit
add-window = Add a window
remove-window = Remove this window
remove-area = Leave { $area } out
plan-note = About the place
plan-note-hint = never about a person
plan-why-change = Why it changes
plan-why-change-hint = the officers read it
plan-whole = empty means the whole time
give-plan = Give the briefing
give-changes = Give the changes
plan-back = Back to the briefings. Your draft is kept.
plan-back-team = Back to team
plan-version = version { $version }
plan-over = over
plan-visits = { $visits ->
    [one] { $visits } visit by each unit
   *[other] { $visits } visits by each unit
}
read-by-col = Officer
read-version-col = Read
read-when-col = When
read-otherwise-col = Otherwise
read-current = version { $version }, current
read-older = version { $version }, older
read-unknown = an older version
as-asked = as asked
nobody-read = Nobody has read it yet
not-read-yet = Not read yet: { $who }
revise = Change
copy-tonight = Copy to tonight
plan-more = Older briefings are not listed here.

## Visits in the summary

visits-by-area = Visits by area
visits-none = No visits recorded
area-col = Area
visits-col = Visits
median-col = Median
in-band-col = In band
gap-col = Longest gap
over-the-gap = longer than its owner wants
visits-note = { $closed } with an end, { $share } in their band
visits-note-none = none with an end
planned-and-missed = Planned and missed
planned-none = Nothing was asked of this unit
window-col = Window
planned-col = Planned
made-col = Made
missed-col = Missed
excused-col = Excused
left-col = To come
totals-row = In all
excuse-away = called away
fit-short = { $count } short
fit-long = { $count } long
fit-in-band = { $count } in band
