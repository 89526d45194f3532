### Figures over a period: what they are told by, and what is measured.

## Groupings

by-shift = Shift
by-day = Day
by-week = Week
by-month = Month
by-team = Team
by-district = District
by-ward = Ward
by-area = Hotspot or area
by-initiative = Initiative
by-transport = Transport
not-known = Not known
week-from = week from { $day }

## Measures

measure-shifts = Shifts
measure-patrol = Patrol-hours
measure-person = Person-hours
measure-visits = Visits
measure-visit-median = Median visit
measure-visits-in-band = Visits in band
measure-planned = Visits planned
measure-missed = Visits missed
measure-engagements = Engagements
measure-people = People
measure-cards = Cards given
measure-concerns = Concern notes
measure-streetsafe = StreetSafe concerns
measure-powers = Powers used
measure-referrals = Referrals
measure-away = Away from patrol
measure-entries = Entries
measure-late = Written late
measure-edited = Corrected
measure-repeated = Repeated
measure-retrospective = Written later
no-figure = –
percent = { $number } %

## What is missing, added up: screens, prints, exports and commands say the same

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
crews-not-confirmed =
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
entries-not-here =
    { $count ->
        [one] Of 1 entry the words are not here: erased, or kept at the server. Totals leave it out.
       *[other] Of { $count } entries the words are not here: erased, or kept at the server. Totals leave them out.
    }
