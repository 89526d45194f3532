### The forms: what all of them share, then the engagement.
###
### To add a fixed word, add a line `kebab-name = Text`: in the screens it is `words::KEBAB_NAME`.
### To add a sentence with arguments, write `{ $name }` where each stands and call it from a function in
### src-ui/src/locales/en_gb/ as `text!(kebab_name, name = value)`. What is misspelt does not compile.
### One or many: see `n-entries` in frame.ftl.

## Engagement

who = Who
topics = Topics
cards-given = Cards given
more = More…
more-hint = Concerns, feeling safe, ages, note
streetsafe-place = StreetSafe: the place
streetsafe-behaviour = StreetSafe: behaviour
safe-day = Feels safe here by day
safe-dark = Feels safe here after dark
safe-low = Not at all
safe-high = Very safe
light = Light
under-18 = Anyone under 18?
no = No
yes = Yes
not-known = Not known
safeguarding-ref = Safeguarding reference
safeguarding-hint = no ages, no note
age-bands = Age bands
sex-bands = Sex
bands-hint = of the group, never a person
note = Note
note-hint = no names, no numbers
verification = Officer verification
follow-up = Follow-up asked for
save-engagement = Save engagement
other-cards = Other cards and materials
write-concern = Write a concern note
one-person = person
one-card = card
happened-at = Happened at
happened-hint = 24-hour clock; earlier today or last night
not-a-time = Enter a time such as 22:05.

## Discarding

discard = Discard draft
discard-ask = Discard this draft?
discard-explain = What you typed is removed from this phone. A mark stays that a draft was opened and discarded, without its content.
discarded = Draft discarded. Its mark stays.

## Sentences

draft-kept-at = kept { $time }
draft-place-kept-at = { $place } · kept { $time }
