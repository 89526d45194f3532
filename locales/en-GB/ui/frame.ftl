### The frame of every screen: navigation, states, fields, errors.
###
### To add a fixed word, add a line `kebab-name = Text`: in the screens it is `words::KEBAB_NAME`.
### To add a sentence with arguments, write `{ $name }` where each stands and call it from a function in
### src-ui/src/locales/en_gb/ as `text!(kebab_name, name = value)`. What is misspelt does not compile.
### One or many: see `n-entries` in frame.ftl.

## The frame

app = Beatbook
skip-to-content = Skip to content
main-nav = Main
dock-shift = Shift
dock-team = Team
dock-outbox = Outbox
not-yet-received = not yet received
cover = Cover
called-away = Called away
undo = Undo
close = Close
close-message = Close this message
not-now = Not now
change = Change
change-place = Change place
min = min
light-theme = Light theme
lock-phone = Lock this phone
back-to-shift = Back to shift
back-keeps-draft = Back to shift. Your draft is kept.
back-to-team = Back to team
loading = Opening
read-again = Read again
try-again = Try again
bridge-broken = The screens could not reach the notebook. Everything saved is safe. Close Beatbook and open it again.

## States

saved = Saved
waiting = Waiting
sending = Sending
sent = Sent
received = Received
returned = Returned
needs-you = Needs you
draft = Draft
draft-kept = Draft kept
draft-keeping = Keeping draft
draft-not-kept = Draft not kept
saved-on-this-phone = Saved on this phone
all-received = All received by the server
nothing-recorded = Nothing recorded yet
receipt = Receipt

## Fields

fact = Fact
opinion = Opinion
exact-words = Exact words
there-is-a-problem = There is a problem
nothing-lost = Nothing you typed is lost.
delete = Delete
show = Show
wrote = Written first
you-wrote = You wrote
now = Now

## Sentences

window-title = { $page } · { app }
n-entries =
    { $count ->
        [one] 1 entry
       *[other] { $count } entries
    }
# Any noun the caller brings in both forms.
counted =
    { $count ->
        [one] 1 { $one }
       *[other] { $count } { $many }
    }
pill-waiting = { saved-on-this-phone }, { $waiting }
pill-needs-you = { $state }, { $needs }
n-waiting = { $count } waiting
n-need-you =
    { $count ->
        [one] 1 needs you
       *[other] { $count } need you
    }
one-fewer = One { $thing } fewer
one-more = One { $thing } more
n-more = { $count } more
all-of = All { $count }
of-five = { $count } of 5
of-total = { $part } of { $total }
at-limit =
    { $count ->
        [0] { $label }: none
       *[other] { $label }: { $count }, no further
    }
question-asked = Question: { $asked }
saved-at = { saved-on-this-phone }, { $time }
still-sending =
    { $count ->
        [one] 1 entry is safe and still sending.
       *[other] { $count } entries are safe and still sending.
    }
away-stamped = Called away { $time }
away-stamped-in-form = Called away { $time }. Draft kept.
