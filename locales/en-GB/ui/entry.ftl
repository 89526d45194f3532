### One entry, read: its revisions, clocks and history.
###
### To add a fixed word, add a line `kebab-name = Text`: in the screens it is `words::KEBAB_NAME`.
### To add a sentence with arguments, write `{ $name }` where each stands and call it from a function in
### src-ui/src/locales/en_gb/ as `text!(kebab_name, name = value)`. What is misspelt does not compile.
### One or many: see `n-entries` in frame.ftl.

history = History
erased = The words of this revision were erased by order. The seal still proves that it stood here.
erased-heading = Erased
erased-under = Erased under { $authority }
erased-under-text = By { $by }, { $when }. The seal still proves that it stood here.
at-server-heading = Kept at the server
at-server = This phone dropped its copy once it was received, reviewed and old enough. Nothing is lost.
forgotten-heading = No longer yours to read
forgotten = You read this as part of a team or shift that has ended for you. The server keeps it.
heading-heading = Heading only
heading-text = The words of this note are for its author and their supervisors.
get-back = Get it back
getting-back = Asked for. It comes as soon as the server answers.
not-given-back = The server did not give it. It may have been erased, or you may no longer read it.
entry-window = Entry
withdrawn-text = It stays readable and counts in no total.
not-in-totals = Not in totals until it is answered.
earlier-words = What it said then
unreadable = This revision was written by a newer Beatbook. It is kept whole; update to read it.
forked = Two versions stand side by side
forked-text = Both are kept. The author settles which one holds.
withdrawn = Withdrawn
linked = Belongs with
three-clocks = Three clocks
happened = Happened
written = Written
received-at = Received
not-received = not yet
position = Position at the server
place = Place
square = OS 100 m square
people = People
authority = Authority
crime-check = Crime check
reason = Reason
nothing = nothing
nothing-more = Nothing more was recorded.
bands = Bands
visit-accuracy = Position when it began
visit-method = How it began
away-who = Whom it takes
away-crew = The crew
away-author = The officer alone
crew-standing = Standing
submitted-records = Records signed for
submitted-received = Received by then
submitted-drafts = Drafts left open
paper = Paper notebook
chosen = Chosen
photo-kept = kept
crime-now = True now
stock-direction = Moved
referral-state = State
duty-what = What is to be done
duty-by = Due
duty-post = Owned by
graded-source = 3x5x2 source, draft
graded-information = 3x5x2 information, draft
graded-handling = 3x5x2 handling, draft

## What may be done with an entry of one’s own

acts = What you can do
correct = Correct
correct-text = The first version stays readable, struck through.
correct-times = Correct the times
withdraw = Withdraw
withdraw-ask = Withdraw this entry?
withdraw-text = It stays readable, struck through, and counts in no total. What was given in it goes with it.
withdrawn-now = Withdrawn. It stays readable.
times-corrected = Times corrected. The first ones stay readable.
began = Began
ended = Ended
ended-empty = empty while it still runs
give-reference = Add a reference
give-reference-go = Keep the reference
reference-given = Reference kept.
reference-missing = Choose the system and type its reference.
record-power = Record a power used
state-now = Where it stands
state-save = Save the state
state-saved = State saved.
duties-arose = Duties that arose
slip-holds = holds details
patrol-made-of = What it is made of
performed-by = Done by
fork-side = One of two versions
struck-out = What it said


## How a revision came to be written

origin-live = Written as it happened
origin-retrospective = Written later
origin-repeated = Same again
origin-transcribed = Copied from paper
origin-dictated = Dictated

## What a revision did

change-first = First written
change-continues = Ended
change-goes-on = Went on
change-corrects = Corrected
change-withdraws = Withdrawn

## Sentences

metres = ±{ $metres } m
paper-page-of = Book { $book }, page { $page }
of-person = Person { $n }, { $point }
material-version = version { $version }
graded = { $code }, { $label }
clip-began = { $value }, began { $at }, deleted on { $day } unless kept
origin-paper = { origin-transcribed }, { $page }
correct-times-of = Correct the times of { $what }
still-running = { $from }, still running
corrected-end = { $range }, corrected
estimated-end = { $range }, estimated
clocks = Happened { $happened } · written { $written } · received { $received }

revision = { $number }. { $what }
entry-meta = Entry { $number } · { $when }
