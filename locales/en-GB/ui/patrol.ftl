### The officer's own screens around a shift: Today's keys, crew, places, ready for patrol, settings, the lock screen.
###
### To add a fixed word, add a line `kebab-name = Text`: in the screens it is `words::KEBAB_NAME`.
### To add a sentence with arguments, write `{ $name }` where each stands and call it from a function in
### src-ui/src/locales/en_gb/ as `text!(kebab_name, name = value)`. What is misspelt does not compile.
### One or many: see `n-entries` in frame.ftl.

## The dock

dock-places = Places
dock-cards = Cards

## Today

correction = Correction
same-again = Same again
same-again-text = Here and now, 1 person
more-actions = More
more-title = More
more-write = Write
more-look = Look up and check
more-event = Event
more-referral = Environment referral
more-power = Power used
more-venue = Cards left at a venue
more-find = Find a record
more-duties = Duties
more-crew = Crew and crew code
more-ready = Ready for patrol
more-settings = Settings
open-duties = Still to do
duty-overdue = overdue
no-due-time = no time set
resume-text = It was begun on another phone. Nothing is counted twice.
resume-go = Go on here
past-end-text = End the shift when you are done.
plain-clothes = Plain clothes. No places are recorded for movement.

## Leaving an area

left = I’ve left
left-name = I’ve left, press and hold
left-ask = Have you left the area?
left-explain = The visit ends now. The leg goes on.

## Start and end of a shift

partners = Partners with you
partners-hint = organisations, no names
join-code = Crew code
join-start-hint = only to join a colleague
began-at = It began at
began-at-hint = empty means now; 24-hour clock
ended-at = It ended at
ended-at-hint = empty means now; 24-hour clock
estimate = This is my estimate

## Crew

crew-title = Crew
crew-no-shift = The crew belongs to a shift. Start one, or join a colleague as you start.
crew-alone = Nobody else is in this unit.
unit-code = Crew code
unit-code-none = This unit has no crew code yet. It comes with the next shift you start.
unit-qr = Crew code as a QR code
confirmed-state = Confirmed
unconfirmed-state = Not confirmed
disputed-state = Disputed
end-member = End membership
end-member-short = End
end-member-explain = They leave this unit now. What was recorded together stays.
crew-add-title = Add a colleague
crew-add-text = From now on. They confirm on their own phone; until then their time counts in no hours.
crew-choose = Choose a colleague, or type a collar number.
join-title = Join another unit
join-text = What you record from now on is of that unit. It works without a signal.
join-call-sign = Its call sign
join-code-hint = 4 characters, or the scanned text
join-go = Join this unit
join-scan = Scan the code
join-not-ours = This is not a crew code of Beatbook.
join-missing = Enter the call sign and the 4 characters of the crew code.
joined = Joined. What you record from now on is of that unit.

## Places

places = Places
places-actions = Visit and record
longest-since = Longest since a visit
here-now = Here now
stay = Stay as long as you need.
log-here = Log here
im-here = I’m here
no-count = –
over-gap = , longer than wanted
all-districts = All areas
districts = District
no-areas-yet = No areas have arrived on this phone yet. They come with the next answer of the server.
no-areas-here = No patrol area is set for this district.
places-no-shift = Start a shift to record visits.
places-not-now = Visits go on when you are back on patrol.
map-label = Map of the patrol areas. Every place on it is also in the list below.
map-credit = Boundaries: contains OS and ONS data © Crown copyright and database right.

## Choosing a place

no-fix-yet = No position yet
rough-choose = Choose the nearest place below, or use it as it is.
place-search = Find a place
place-search-hint = area, ward, district or a place used lately
place-found = Found
place-recent = Used lately
place-used = used lately
place-not-found = Nothing by that name on this phone. Type a grid reference or a landmark below.

## Ready for patrol

ready-title = Ready for patrol
check-again = Check again
ready-yes = Ready
ready-look = Look
ready-unknown = Not known
check-key = Notebook key
check-queue = Waiting to be received
check-storage = Storage
check-battery = Battery
check-clock = Clock
check-position = Position
check-areas = Areas
check-lists = Code lists
check-contact = Server last heard
ready-all = Ready for patrol.

## Settings

settings-title = Settings
theme = Theme
theme-night = Night
theme-light = Light
theme-phone = As the phone
hand = Keys for
hand-hint = the side of Cover
hand-right = Right hand
hand-left = Left hand
locking = Locking
locking-text = The screen locks by itself after 5 minutes without a touch. Drafts are kept and sending goes on.
lock-now = Lock now
seal-now = Lock and stop sending
seal-ask = Lock and stop sending?
about = About
about-version = Version
about-force = Force
about-server = Server

## Note on the lock screen

note-now = Note now
note-now-text = Write first, unlock later. It is sealed at once and cannot be read until the notebook is opened.
note-now-label = What to remember
note-seal = Seal the note
note-empty = Write the note first.

## Sentences

cards-in-hand =
    { $count ->
        [one] , 1 in hand
       *[other] , { $count } in hand
    }
draft-line = { $kind } begun { $time }
draft-correction-line = { $kind }, correction begun { $time }
n-open = { $count } open
due-overdue = { $due }, { duty-overdue }
resume = Go on with shift { $unit }, begun { $time }?
past-end = Planned end was { $time }.
crew-confirmed =
    { $count ->
        [one] 1 with you, confirmed
       *[other] { $count } with you, confirmed
    }
crew-waiting = { $count } not confirmed
crew-disputed = { $count } disputed
crew-on-your-own = On your own
unit-code-how = Read it out with your call sign, { $unit }, or let a colleague scan it. No signal is needed.
end-member-name = End membership of { $officer }
end-member-ask = Does { $officer } leave this unit now?
im-here-at = I’m here: { $place }
last-by-you = You { $time }
last-by-anyone = anyone { $time }
two-parts = { $first } · { $second }
no-visit-yet = No visit known
gap-hours = { $hours } h
with-age = { $place }, { $age }
age-seconds = { $seconds } s ago
age-minutes = { $minutes } min ago
places-found =
    { $count ->
        [one] 1 place found
       *[other] { $count } places found
    }
checked-at = Checked { $time }
ready-look-at =
    { $count ->
        [one] 1 thing to look at before you leave.
       *[other] { $count } things to look at before you leave.
    }
ready-not-known =
    { $count ->
        [one] Ready, as far as this phone can tell: 1 check is not known.
       *[other] Ready, as far as this phone can tell: { $count } checks are not known.
    }
seal-explain =
    { $count ->
        [0] Nothing is waiting. Nothing is sent until you unlock.
        [one] 1 entry waits on this phone. It is safe, and is not sent until you unlock.
       *[other] { $count } entries wait on this phone. They are safe, and are not sent until you unlock.
    }
note-sealed = Note sealed on this phone, { $time }. It becomes a draft when you unlock.
notes-wait =
    { $count ->
        [one] 1 note waits
       *[other] { $count } notes wait
    }
