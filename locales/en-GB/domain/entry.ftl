### An entry in a list: a heading, then place and count. Nothing that was typed as an account.

## Headings

kind-shift = Shift
kind-crew = Crew
kind-patrol-leg = Patrol leg
kind-visit = Visit
kind-break = Break
kind-called-away = Called away
kind-shift-signed = Shift signed
kind-engagement = Engagement
kind-event = Event
kind-cards = Cards
kind-stock = Stock
kind-concern-note = Concern note
kind-power-used = Power used
kind-referral = Referral
kind-tasking = Briefing
kind-tasking-acknowledged = Briefing acknowledged
kind-duty = Duty
kind-review = Review
kind-returned = Returned
kind-answer = Answer
kind-addendum = Addendum
kind-legal-hold = Legal hold
kind-erasure = Erasure
kind-notebook-opened = Notebook opened
kind-key-changed = Key changed
kind-draft-discarded = Draft discarded
kind-viewed = Viewed
kind-exported = Exported
kind-unlocked = Unlocked
kind-unlock-failed = Unlock failed
kind-locked = Locked
kind-entry-of-a-newer-version = Entry of a newer version

## Counts

n-people = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
n-behaviours = { $count ->
    [one] { $count } behaviour
   *[other] { $count } behaviours
}
cards-given = { $count } given
cards-drawn = { $count } drawn
cards-given-back = { $count } given back
cards-spoiled = { $count } spoiled
# What is asked for a night: `Fri 27 Nov · 4 areas · 6 visits`.
tasking-detail = { $day } · { $areas ->
    [one] { $areas } area
   *[other] { $areas } areas
} · { $visits ->
    [one] { $visits } visit
   *[other] { $visits } visits
}
# What is wrong, and how far it has come: `Broken light, raised`.
referral-detail = { $issue }, { $state }

## A crew member's word

crew-claimed = Named, not confirmed
crew-confirmed = Confirmed
crew-disputed = Disputed

## A correction

# A reason that only an undo may use, typed by an officer, is kept as this.
reason-undone = Undone
