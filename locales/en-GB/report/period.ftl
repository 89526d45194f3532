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
