### Replacing a colleague's phone at night: whose, which one is gone, the code for the new one.

replace-phone = Replace a phone
replace-phone-detail = A colleague’s phone is lost, stolen or broken
replace-back = Back
replace-whose = Whose phone
replace-nobody = There is nobody whose phone you may replace: a sergeant replaces phones of the own team, an inspector those of sergeants.
replace-which = Which phone is gone
replace-none = None: a further phone
replace-heard = Last heard { $when }
replace-waiting = Last heard { $when }, { $pending ->
    [one] one entry waiting on it
   *[other] { $pending } entries waiting on it
}
replace-why = What happened to it
replace-lost = Lost
replace-stolen = Stolen
replace-broken = Broken
replace-go = Make a code
replace-asking = Asking the server
replace-needs-signal = This needs a connection: the server makes the code and writes down that you did it.
replace-goes-out = The phone you choose is out of service at once. What it still sends is kept apart until somebody decides.
replace-code-for = Code for { $title }
replace-code-how = On the new phone: open Beatbook, scan this, or type the code and the server’s address. Good for one phone until { $until }.
replace-code-label = Enrolment code to scan
replace-once = It is shown this once. Who leaves this screen makes another.
replace-gone = The old phone is out of service
replace-held = The server has { $received ->
    [one] one record from it.
   *[other] { $received } records from it.
}
replace-was-waiting = { $pending ->
    [0] Nothing was known to be waiting on it.
    [one] One entry was known to be waiting on it.
   *[other] { $pending } entries were known to be waiting on it.
}
replace-drafts = { $drafts ->
    [one] One draft was open.
   *[other] { $drafts } drafts were open.
}
replace-never-heard = It was never heard of.
replace-others = Also used by { $who }: they need a code too.
