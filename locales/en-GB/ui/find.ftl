### Duties, and finding records.
### To add a fixed word, add a line `kebab-name = Text`: it is `words::KEBAB_NAME` in the screens.

## Duties

duties = Duties
duties-to-do = Still to do
duties-done = Done
no-duties = Nothing is open.
duties-open = { $count ->
    [0] Nothing open
    [one] 1 open
   *[other] { $count } open
}
duty-due = Due { $at }
duty-is-overdue = Overdue since { $at }
duty-no-time = No time set
duty-reference-is = Reference { $reference }
duty-discharge = Discharge
discharge-name = Discharge: { $what }, { $about }
duty-discharged = Discharged
duty-is-discharged = Discharged. It stands in your notebook.
duty-open-entry = Open the entry
duty-reference = Reference
duty-note = How it was done
duty-note-hint = or why no reference is needed
duty-say-how = Give the reference, or say how it was done.

## Find

find = Find
find-words = Words
find-hint = every word must be there
find-narrow = Narrow it down
find-kind = Kind
find-state = State
find-waiting = Not yet received
find-shift = Shift
patrol-record = Patrol record
find-place = Place
found-count = { $count ->
    [0] Nothing found
    [one] 1 record
   *[other] { $count } records
}
find-nothing = No record of yours on this phone fits. Try fewer words, or take a choice back.
not-indexed = { $count ->
    [one] The words of 1 record are not in the search yet.
   *[other] The words of { $count } records are not in the search yet.
}
found-many = More than 1,000 records
show-more = Show more
own-shift = { $day }, { $callsign }
