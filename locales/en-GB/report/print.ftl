### What stands on prints and in exports. Files are read far from the screen they came from: each says what it is.

product = Beatbook

## Marking: what each asks of who holds it

handling-official = Police use. Keep within the force unless its owner agrees.
handling-sensitive = Police use only. Store locked, share by name, destroy as confidential waste.
handling-given-out = Small counts are hidden: may be given out.

page-of = Page { $page } of { $pages }
made-by = Made { $when } by { $who }, { $force }. { $source }
made-from = Figures as received by { $when }.
made-here = From the records on this device.

## A shift

shift-summary = Shift summary
shift-title = { $call }, { $day }
still-open = still open
n-officers =
    { $count ->
        [one] 1 officer
       *[other] { $count } officers
    }
patrol-hours = Patrol-hours
person-hours = Person-hours
engagements = Engagements
n-people =
    { $count ->
        [one] 1 person
       *[other] { $count } people
    }
cards-given = Cards given
n-types =
    { $count ->
        [one] 1 type
       *[other] { $count } types
    }
visits = Visits
concern-notes = Concern notes
n-powers =
    { $count ->
        [one] 1 power used
       *[other] { $count } powers used
    }
away = Away from patrol
n-calls =
    { $count ->
        [one] 1 call
       *[other] { $count } calls
    }
breaks = Breaks
missing = What is missing
nothing-missing = Nothing is known to be missing.
timeline = Timeline
timeline-note = Time on patrol. No GPS trail.
timeline-told = { $patrol } on patrol from { $from } to { $until }, { $visits } visits, { $away } away, { $breaks } of breaks. The tables below say the same in figures.
crew = Crew
crew-time = On patrol
crew-from = Along
counts-not = not confirmed, counts in no hours
disputes = disputed, counts in no hours
visits-to-areas = Visits to areas
place = Place
in-band = In band
median = Median
longest-gap = Longest gap
topics = Topics raised
streetsafe = StreetSafe concerns heard
cards-by-type = Cards given, by type
behaviours = Behaviours noted
actions = Actions taken
powers = Powers used
code-col = As listed
times-col = Times
share-col = Share
entries = Entries
entries-note = Place and count only. { $edited } corrected or withdrawn, { $late } written late, { $after } received after signing.
time-col = Time
what-col = What
detail-col = Where and how many
who-col = Officer
state-col = State
received = Received
not-received = Not received yet
strip-pair = Two or more
strip-solo = One officer
strip-away = Called away
strip-break = Break
strip-visit = Visit
strip-entry = Entry
until-end = { $from }–{ $until }
