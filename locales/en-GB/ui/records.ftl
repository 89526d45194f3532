### Event, handout, referral and the photo of a thing.
### To add a fixed word, add a line `kebab-name = Text`: it is `words::KEBAB_NAME` in the screens.

## Event

event = Event
event-type = Type of event
event-name = What it was called
event-name-hint = never a person’s name
attendance = How many came
partners-present = Partners there
materials-given = Materials given
save-event = Save event

## Handout

handout = Cards given
handout-how = How
handout-bulk = Left in bulk at a venue
save-handout = Save cards given

## Referral

referral = Referral
referral-issue = What is wrong
referral-owner = Whose it is to mend
referral-details = What is to be seen
owner-ref = Owner’s reference
owner-ref-hint = the number on the lamp post, the council’s case
raise-referral = Raise an environment referral
save-referral = Save referral

## Photo

photo = Photo of the thing
photo-hint = Never of people. Where and with what it was taken is taken out.
photo-take = Take a photo
photo-other = Take another
photo-remove = Take the photo out
photo-working = Keeping the photo
photo-unreadable = This file could not be read. Take a photo, or choose a JPEG or PNG file.
photo-alt = The photo as it is kept
photo-asking = The photo is not on this phone. Asking the server for it.
photo-fetch = Fetch the photo
photo-ask-again = Ask again
photo-fetching = Fetching the photo
photo-fetching-percent = { photo-fetching }: { $percent } %

## When and how

when-and-how = When and how
circumstances-now = happened { $time }
until = Until
until-hint = empty where it was a moment
home = Which shift
home-open = This shift
home-none = No shift
how-written = How it was written
written-here = Here
written-paper = Copied from paper
written-dictated = Dictated
paper-book = Number of the paper notebook
paper-page = Page
done-by = Done by
done-by-hint = where that was not you
correcting = You are correcting an entry
correcting-text = The first version stays readable, struck through.
why-changed = Why

## Power used

power-used = Power used
power = Power
power-people = People it was used on
power-reason = Why
power-area = Area of the direction
power-area-hint = streets or a place, in words
power-for = For how long
n-hours = { $hours } h
power-until = Until
power-until-hint = time of day; the chips set it for you
power-clothes = Clothes
power-plain = In plain clothes
plain-asks = You are in plain clothes
authority-live = In force now
authority-line = { $reference }, { $title }, { $covers }
authority-line-until = { $reference }, { $title }, until { $until }, { $covers }
authority-here = covers here
authority-elsewhere = for another place
authority-look = check the place
no-authority-live = No authorisation for this power is known on this phone. Type its reference, or who told you.

## References and people described

references = References
reference-add = Add a reference
reference-kind = Reference to
reference-value = Reference number
video-began = The clip began
video-goes = Deleted on { $day } unless it is marked to be kept.
people-described = People described
person-n = Person { $n }
person-add = Describe a person
person-remove = Take this person out
subject = They are
point-skin = Skin colour
point-sex = Sex
point-age = Age
point-height = Height
point-build = Build
point-hair = Hair
point-complexion = Complexion
point-features = Features
point-clothing = Clothing
point-carrying = Carrying
officer-defined = As the officer saw it
officer-defined-hint = appearance, for the description
self-defined = As they stated it
self-defined-hint = asked and stated, never guessed
why-not-stated = Why it was not stated
told-by = Who told you
told-by-hint = described, not named
grading = 3x5x2, your draft
grading-hint = the intelligence unit grades
grade-source = Source
grade-information = Information
grade-handling = Handling
grade-conditions = Conditions of sharing

## Cards

cards = Cards
given-tonight = { $count ->
    [0] None given tonight
    [one] 1 given tonight
   *[other] { $count } given tonight
}
stock-with-you = With you now
no-stock = Nothing drawn yet. Cards you give are counted all the same.
stock-sum = drawn { $drawn }, given { $given }
stock-sum-all = drawn { $drawn }, given { $given }, given back { $returned }, spoiled { $spoiled }
stock-low = Low
stock-outdated = Out of date
batch = Batch { $batch }
stock-choice = { $line }, batch { $batch }
ledger = Tonight
no-ledger = Nothing given or drawn yet.
give-cards = Give cards
give-which = Which
give-n = { $count ->
    [one] Give 1 card
   *[other] Give { $count } cards
}
give-other = Several kinds, or left at a venue
cards-to-give = Cards to give
stock-draw = Draw
stock-return = Give back
stock-spoil = Spoiled
stock-line = Which line
stock-material = Material
stock-language = Language
stock-batch = Batch
stock-batch-hint = as printed on the card
stock-how-many = How many
stock-note = Remark
stock-choose = Choose a line, or a material.
stock-save = Save
stock-saved = Saved in the ledger.
