### The concern note, its crime check, the coach, signing.
###
### To add a fixed word, add a line `kebab-name = Text`: in the screens it is `words::KEBAB_NAME`.
### To add a sentence with arguments, write `{ $name }` where each stands and call it from a function in
### src-ui/src/locales/en_gb/ as `text!(kebab_name, name = value)`. What is misspelt does not compile.
### One or many: see `n-entries` in frame.ftl.

concern-note = Concern note
what-behaviour = What behaviour?
crime-tag = Crime
gate-title = Is this a crime report?
gate-ask = Is it being reported?
gate-now = Tick any that apply now
gate-yes = Yes
gate-not-sure = Not sure
gate-no = No
call-control = Call control room
control-tel = tel:101
crime-ref = Crime reference
crime-ref-hint = when you have it, such as 36/286/26
crime-ref-shape = Norfolk’s look like 36/286/26.
how-known = How do you know?
seen = What I saw or heard
words-said = Words said
add-words = Add words said
the-words = The words, exactly
who-said = Who said them, and when
who-said-hint = describe, do not name
remove = Remove
assessment = My assessment, and why
assessment-below = Kept apart from the facts. Say what it rests on.
relationship = To the person affected, he or she is
contact = Was there physical contact?
harm = Harm, as it showed
what-done = What you did
powers = Powers used
authority-ref = Inspector’s s.34 authorisation reference
authority-or = Not to hand? Say who told you; the reference follows as a duty.
authority-inspector = Inspector, collar number
authority-told = Told at
authority-told-hint = 24-hour clock, such as 22:05
requests = Ask for
safeguarding = Safeguarding
made-with = Notes made with
made-with-hint = collar number, if you conferred
overt = Observed in the ordinary course of overt patrol.
check-and-sign = Check and sign
sign-title = Read it once, then sign
sign-text = After you sign, the note stays as it is. Anything more is added to it.
will-be-asked = You can sign; this will be asked
sign = Sign and save
go-back-to-note = Change something
coach = Needed in this note, or does it belong on the hand-over slip? The slip stays on this phone.
coach-no-slip = No personal details belong here. Is it needed?
coach-move = Move it
coach-remove = Remove it
coach-keep = Keep it
coach-moved = Moved to the hand-over slip.
moved-to-slip = [moved to hand-over slip]
open-slip = Hand-over slip, on this phone only
keep-video = Ask for the video to be kept
keep-video-heading = Body-worn video, and nobody asked to keep it

## Sentences

coach-found = { $looks }: “{ $excerpt }”
concern-meta = Entry { $number } · happened { $time }
gate-text = { $label } may be a crime. Beatbook does not record crimes. If it is being reported, call the control room or use OPTIK.
crime-due = Crime reference due by { $time }, { $day }. Add it when you have it.
due-by = due { $time }, { $day }
told-authority = Insp { $inspector }, told at { $time }, reference to follow
written-now = Written { $time }
written-now-late = Written { $time }, { $late }
