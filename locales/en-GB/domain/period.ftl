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
measure-visits-in-band = Visits of 10–16 min
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
