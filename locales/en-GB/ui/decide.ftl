### Deciding about entries, asking about them, and answering what was asked.
###
### To add a fixed word, add a line `kebab-name = Text`: in the screens it is `words::KEBAB_NAME`.

needs-a-decision = Needs a decision
decide-h = Your decision
decide-about-this = It is about this version alone. A newer one opens it again.
approve = Approve
approve-entry = Approve this entry
approve-shift = Approve the shift
approved = Approved
approved-now = Approved. It is sent when there is signal.
return-key = Return…
return-short = Return
return-title = What do you ask?
return-go = Send it back to the officer
returned-now = Returned. The officer sees it first on Today.
escalate = Hand to an inspector…
ask-key = Ask…
ask-title = What do you want to know?
ask-go = Ask the officer
ask-aside-text = It is not sent back: you can approve it meanwhile. The officer’s answer stands beside it.
asked-now = Asked. Nothing waits for the answer.
asks-beside = Asks, without sending it back
asked-beside = It was not sent back; nothing waits for your answer.
answer-key = Answer
answer-title = Your answer
after-above = when an inspector has decided
overruled-return = Two of you decided at once. What is sent back counts until its officer has answered; both decisions are kept.
overruled-up = It was handed up: who stands above decides. Both decisions are kept.
overruled-other = Both decisions are kept, and both are shown.
for-you-to-decide = For you to decide
review-title = Review
clean-shifts = Nothing stands before these
clean-shifts-text = Signed, nothing missing, nothing to decide. Each approval names every version it covers.
choose-all = Choose all
choose-shifts = Choose the shifts to approve.
other-shifts = Other shifts
no-other-shifts = No other shift has reached this phone.
escalate-go = Hand it on
escalated-now = Handed on.
escalated = Handed to somebody above
read-and-decide = Read and decide
ask-about = About which answer?
ask-about-hint = one question for each
ask-whole = The whole entry
ask-words = Your question
ask-due = Answer by
due-two-hours = In 2 hours
due-day = Within 24 hours
due-week = Within a week
due-none = No time
urgent = Before anything else
concern-goes = Where does this note go?
concern-reference = Its reference there
decide-note = Note
decide-note-hint = optional, the officer reads it
escalate-why = Why
said-about = What was said about it
review-question-asked = Asks
keeps-it = Answered, left as it is
still-on-phone = not sent yet
for-earlier-version = about an earlier version
works-offline = Works without signal. Your first version stays in the record, struck through and readable.
keep-mine = Keep mine
keep-mine-ask = Leave it as it is?
keep-mine-text = Say in a word why. The sergeant reads it with your entry.
keep-mine-why = Why it stays
keep-mine-go = Send back
answered-now = Sent back. The sergeant sees your answer.
after-answers = when the answers are back
after-signing = when its officer has signed

reason-concern = Concern note: say where it goes
reason-power = A power was used
reason-answered = Answered
reason-edited = Corrected
reason-question = The server asks about it
reason-escalated = Handed to you

## The answers that can be asked about

field-engagement-type = Type
field-people = People
field-topics = Topics
field-concerns = Concerns heard
field-place = Place
field-cards = Cards given
field-note = Note
field-behaviours = Behaviour
field-seen = What was seen or heard
field-assessment = Assessment
field-actions = Actions
field-powers = Powers
field-crime = Crime check
field-power = Power
field-authority = Authority
field-period = Period
field-event-type = Type of event
field-issue = What is wrong
field-owner = Whose it is
field-times = Times
field-area = Area
field-crew = Crew

## Sentences

asks-about = { $count ->
    [one] { $who } asks about 1 answer
   *[other] { $who } asks about { $count } answers
}
answer-by = Answer by { $when }.
urgent-due = Before anything else. { $due }
after-n-decisions = { $count ->
    [one] after 1 decision
   *[other] after { $count } decisions
}
n-decisions-wait = { $count ->
    [one] 1 decision waits
   *[other] { $count } decisions wait
}
n-returned = { $count ->
    [one] 1 entry waits for its officer’s answer
   *[other] { $count } entries wait for their officer’s answer
}
approved-by = Approved by { $who }, { $when }
overruled = Your decision does not count now: { $who } decided too
waits-above = It was handed up. The { $post } decides; you may still ask or send it back.
n-waits-above = { $count ->
    [one] 1 entry waits for an inspector
   *[other] { $count } entries wait for an inspector
}
handed-up = { $who } handed it up, { $when }
approve-n-shifts = { $count ->
    [0] Approve shifts
    [one] Approve 1 shift
   *[other] Approve { $count } shifts
}
n-shifts-approved = { $count ->
    [one] 1 shift approved. It is sent when there is signal.
   *[other] { $count } shifts approved. They are sent when there is signal.
}
decide-n-entries = { $count ->
    [one] Decide 1 entry
   *[other] Decide { $count } entries
}
