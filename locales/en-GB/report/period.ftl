### Figures over a period.

total = Total
period-figures = Figures of a period
every-team = every team
by-grouping = By { $what }
shifts = Shifts
referrals-by-state = Referrals, by where they stand
n-in-band =
    { $count ->
        [one] 1 of 10–16 min
       *[other] { $count } of 10–16 min
    }
period-note = { $entries } entries: { $late } written late, { $edited } corrected or withdrawn, { $repeated } repeated from one before. Time nobody closed counts up to the last evidence only.

## What is missing, added up

shifts-not-signed =
    { $count ->
        [one] 1 shift is not signed.
       *[other] { $count } shifts are not signed.
    }
ends-not-recorded =
    { $count ->
        [one] 1 shift has no recorded end. Hours stop at the last evidence.
       *[other] { $count } shifts have no recorded end. Hours stop at the last evidence.
    }
crew-not-confirmed =
    { $count ->
        [one] 1 officer named as crew is not confirmed. No hours are counted.
       *[other] { $count } officers named as crew are not confirmed. No hours are counted.
    }
records-not-here =
    { $count ->
        [one] 1 record signed for is not here. Totals leave it out.
       *[other] { $count } records signed for are not here. Totals leave them out.
    }
entries-pending =
    { $count ->
        [one] 1 entry is pending on a phone. Totals leave it out.
       *[other] { $count } entries are pending on phones. Totals leave them out.
    }
entries-not-in-totals =
    { $count ->
        [one] 1 entry is not in totals: a question about it is open.
       *[other] { $count } entries are not in totals: questions about them are open.
    }
entries-forked =
    { $count ->
        [one] 1 entry has two newest versions.
       *[other] { $count } entries have two newest versions.
    }
crime-references-due =
    { $count ->
        [one] 1 crime reference is due.
       *[other] { $count } crime references are due.
    }
phones-with-gaps =
    { $count ->
        [one] 1 phone has gaps in what arrived.
       *[other] { $count } phones have gaps in what arrived.
    }
phones-set-aside =
    { $count ->
        [one] 1 phone has set entries aside.
       *[other] { $count } phones have set entries aside.
    }
phones-not-heard =
    { $count ->
        [one] 1 phone was not heard since before the end of its shift.
       *[other] { $count } phones were not heard since before the end of their shifts.
    }
drafts-left-open =
    { $count ->
        [one] 1 draft was left open at signing.
       *[other] { $count } drafts were left open at signing.
    }

## For outside the force

hidden-note = [c]: hidden, so that few people cannot be picked out. Counts of 1 to 4 are hidden, and others with them so that they cannot be worked out. Figures of a month stay as they were first published.
published-on = { $month } was first published on { $day }.
not-recorded = not recorded in Beatbook
in-hours = { $measure } (hours)
made-return = Made { $when } by { $who }, { $force }.
given-out = Figures of reassurance patrols

## Measures, where no template calls them otherwise

held-patrols = Patrols
held-in-band = Visits of 10–16 min
held-people = People spoken to
held-referrals = Referrals
held-arrests = Arrests
held-searches = Stops and searches
held-asb-powers = Powers against anti-social behaviour
held-calls-away = Calls away
