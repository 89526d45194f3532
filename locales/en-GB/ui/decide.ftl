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
keeps-it = Left as it is
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
