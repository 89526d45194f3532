### Why something cannot be done about a shift, a leg, a visit, a break, a call away or a crew as things stand.

no-shift-start-one = No shift is open. Start one first.
no-shift-open = No shift is open.
no-shift-to-close = There is no shift to close.
shift-open-already = A shift is open already. End it before you start another.
shift-over = This shift is not open any more. Start a new one.
shift-not-here = This shift is not on this phone.
no-leg = No leg is running.
break-running = A break is running already.
no-break = No break is running.
called-away = You are called away. Press Back on patrol first.
not-called-away = You are not called away.
break-first = A break is running. End it first.
no-places-in-plain-clothes = In plain clothes no places of movement are recorded.
no-visit = No visit is running.
end-shift-first = This shift is still open. End it first; then its end can be corrected.
times-of-movement-only = Only the times of a shift, leg, visit, break or call away are corrected here.

## The crew

in-crew-yourself = You are in this crew already.
in-crew-colleague = This colleague is in the crew already.
crew-entry-gone = This crew entry is not on this phone any more.
membership-ended = This membership has ended already.
call-sign-to-join = Enter the call sign of the crew you join.
no-random-number = This phone gave no random number. Try again.
officer-unknown = Officer not known here

## What a shift is called, by the hour it began

early-shift = Early shift
late-shift = Late shift
night-shift = Night shift

## The briefing

no-planning = Only who supervises a team plans its nights.
briefing-over = This briefing is over, or not for you any more.
briefing-changed = The briefing was changed meanwhile. Read what changed first.
briefing-gone = This briefing is not on this device any more.
every-unit = Every unit of the team
team-unknown = Team not known here
changed-time = Time
changed-units = Units
changed-initiative = Initiative
changed-supervisor = Supervisor
done-as-asked = Done as asked after all
# `Told otherwise: Riverside closed`.
reason-and-words = { $reason }: { $words }
# Said by a colleague: `PC 1377: Weather`.
otherwise-by = { $officer }: { $reason }
# `2 visits 21:00–23:00`.
visits-in = { $count ->
    [one] { $count } visit
   *[other] { $count } visits
} { $time }
band-of = band { $from } to { $to } min
