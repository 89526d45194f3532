### Team tonight: each phone as last heard, and what is missing from the night's figures.

team-tonight = Team tonight
review-shifts = Review shifts
not-heard-lately = Not heard from lately
in-touch = In touch
off-shift-holding = Off shift, phones that still hold something
nobody-on-shift = Nobody of this team is on shift, as far as known.
use-the-radio = Use the radio for welfare: a silent phone says nothing about its officer.
nothing-known-missing = No phone is known to hold anything back.
dock-review = Review
dock-standards = Notes

## What professional standards read

standards-title = For professional standards
standards-text = Disclosures about people in policing. Nobody else but their author can read them. Opening one is logged.
no-standards = None have reached this phone.
newer = Newer
older = Older
corrected-since = corrected since
back-to-standards = Back to the notes
narrow-heading = For professional standards alone
narrow-mine = You and professional standards can read this. No total, list, summary, export or handover of anybody else shows it.
narrow-read = Its author and professional standards can read this, nobody else. That you opened it is logged.
narrow-row = Note
in-policing = Is this about someone in policing?
in-policing-hint = an officer, a member of staff
for-standards = For professional standards only
for-standards-text = Only you and professional standards will read it. Your sergeant, your crew and every total, list and export leave it out; it belongs to no shift. This cannot be changed once it is signed.

## Sentences

phones-not-heard = { $count ->
    [one] Phone not heard
   *[other] { $count } phones not heard
}
of-engagements = { $count ->
    [one] engagement
   *[other] engagements
}
of-people = { $count ->
    [one] person
   *[other] people
}
of-visits = { $count ->
    [one] visit
   *[other] visits
}
tonight-on-phones = { $entries ->
    [one] At least 1 entry still on { $phones ->
        [one] 1 phone
       *[other] { $phones } phones
    }
   *[other] At least { $entries } entries still on { $phones ->
        [one] 1 phone
       *[other] { $phones } phones
    }
}
tonight-gaps = { $count ->
    [one] 1 record missing in between
   *[other] { $count } records missing in between
}
tonight-silent = { $count ->
    [one] 1 phone not heard
   *[other] { $count } phones not heard
}
tonight-higher = { $missing }, so the real totals are higher.
paused-since = Paused { $time }
paused-for = Paused { $time }, { $reason }
away-from = Called away { $time }
away-for = Called away { $time }, { $reason }
n-set-aside = { $count } set aside
n-gaps = { $count ->
    [one] 1 record missing in between
   *[other] { $count } records missing in between
}
n-drafts-open = { $count ->
    [one] 1 draft open
   *[other] { $count } drafts open
}
escalated-to-you = { $count ->
    [one] 1 entry was handed to you to decide
   *[other] { $count } entries were handed to you to decide
}
noted-at = happened { $when }
received-when = received { $when }
