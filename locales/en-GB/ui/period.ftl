### Figures over a period, charts, the shaded map, keyboard shortcuts and paper.

figures = Figures
figures-title = Figures over a period
figures-totals = Totals of the period
back-to-team-from-figures = Back to the team
span = Period
span-yesterday = Last night
span-this-week = This week
span-last-week = Last week
span-this-month = This month
span-last-month = Last month
span-earlier = Earlier period
span-later = Later period
grouped-by = Told by
chart = Chart
chart-measure = What the chart shows
chart-now = This period
chart-before = Period before
chart-nothing = Nothing to draw in this period.
table = Table
table-scrolls = Figures, scrolls sideways when narrow
all-together = All together
map-of-areas = Map of areas
shade-visits = Visits
shade-concerns = Concerns
shade-by = Shaded by
shade-none = none
shade-few = fewer than 5
shade-some = 5 to 14
shade-many = 15 or more
map-shaded = Map of patrol areas shaded by count; the table names the same areas
concerns-col = Concerns
away-by-reason = Called away
away-none = Nobody was called away.
reason-col = Reason
calls-col = Calls
length-col = Time
no-reason = No reason given
behaviours-noted = Behaviours noted
actions-taken = Actions taken
powers-used-h = Powers used
referrals-h = Referrals
follow-ups-h = Follow-ups
hours-by-area = Time by area
state-col = State
how-entries-written = How entries were written
how-written-text = Shares of all entries. They say how, not how well.
figures-missing = What is missing
figures-complete = Nothing missing
figures-complete-text = Every shift is signed, and every phone was heard after its shift.
figures-note = Figures are by place, time and team. They are never told by officer. Time nobody closed stops at the last evidence. A phone that is not heard says nothing of welfare.
held-none = This device holds no shifts yet.
print-key = Print
less-than-five = <5

## Keyboard

keys-title = Keyboard shortcuts
keys-rail = Keys
keys-text = They work where no field is being typed in. Turn single keys off under Settings.
keys-off-text = Single keys are switched off under Settings.
keys-setting = Keyboard
keys-on = Single-key shortcuts on
keys-off = Off
keys-show = Show shortcuts
key-col = Key
does-col = Does
key-down = Next in the list
key-up = Before in the list
key-open = Open
key-approve = Approve: goes to the key, Enter presses it
key-return = Return with a question
key-next = Later period or next page
key-earlier = Earlier period or page before
key-search = Search
key-print = Print
key-close = Close, or back
key-help = This list

## Sentences

paper-of-figures = { $marking } · Beatbook · figures may lack what has not arrived
paper-mark = { $marking } · Beatbook
was = was { $before }
beside = beside { $before }
teams-here = Teams on this device: { $teams }. Shifts of others are not in these figures.
teams-none = No team comes to this device: only shifts you were part of are in these figures.
held-since = It holds shifts since { $day }.
show-more-of = Show { $more } more of { $total }
chart-label = { $measure } by { $by }, { $period }. The table holds the same figures.
shifts-with-missing =
    { $count ->
        [one] 1 shift has something missing. Totals leave it out.
       *[other] { $count } shifts have something missing. Totals leave it out.
    }
share-of = { $share } ({ $part } of { $whole })
due-at = { $state }, due { $when }
follow-open = open
follow-accepted = accepted
follow-done = done
