### What is said about entries, drafts, corrections, references, duties, photos and slips.

patrol-record = Patrol record
withdrawn = Withdrawn
heading-only = Heading only
row-erased = Erased
row-at-server = Kept at the server
row-forgotten = No longer on this phone
entry-gone = This entry is not on this phone any more.

## Drafts

draft-gone = This draft is not there any more.
draft-settled = This draft was saved or discarded already.
no-form = This kind of entry has no form.
answers-missing = Some answers are missing. What you typed is kept.
answer-to-mend = { $problem }. What you typed is kept.
answer-to-mend-first = { $problem }.
shift-chosen-not-here = This shift is not on this phone. Choose another, or no shift. What you typed is kept.
no-engagement-to-repeat = There is no engagement to repeat yet. Record one first.

## Corrections

no-form-to-correct = This kind of entry has no form to correct it in.
not-withdrawn = This kind of entry is not withdrawn: correct the times of a shift, end a crew entry, discharge a duty.
corrected-entry-gone = The entry this corrects is not on this phone any more. What you typed is kept.
undo-over = The ten seconds are over. Correct the entry instead; both versions are kept.
not-asked-any-more = No longer asked for after a correction
open-in-a-form = This entry is open in a form. Save the form or discard it first; nothing you typed is lost.
own-entries-only = Only the officer who wrote an entry changes it.
entry-withdrawn = This entry is withdrawn. It stays readable; nothing is added to it.
words-not-here = The words of this entry are not on this phone.

## References and duties

no-such-reference = This entry keeps no such reference.
referral-state-only = Only a referral has a state.
referral-newer = This referral cannot be read by this version of Beatbook.
referral-note = Referral: { $state }
duty-discharged = This duty is discharged already.
duty-taken-already = Somebody has taken this duty, or it is not offered to you any more. Nothing was changed.
duty-not-yours = This duty lies with somebody else. Take it first.
duty-answer = Answer what was asked
no-such-post = This post is not known. Nothing was handed over.
# Whose duty it is: `Norwich East, late sergeant`.
post-of-team = { $team }, { $post }

## What professional standards alone may read

narrow-title = Note

## Photos

photo-too-large = This picture is too large: 20 MB at most. Take it again with less detail.
photo-unreadable = This file is not a picture that can be read. Take a photo, or choose a JPEG or PNG file.
photo-unknown = No photo has this name.
photo-at-server = Photo at the server, { $kilobytes } kB
photo-coming = The photo is still on its way from the phone that took it: { $percent } % has arrived.
photo-not-there = The photo is still on the phone that took it. It follows by itself; try again later.
photo-no-answer = The photo is not on this phone, and the server does not answer. Try again when there is signal.
photo-cut = The photo has not come whole: there is no answer from the server. Try again; it goes on where it stopped.
photo-wrong = What came is not the photo this entry names. Nothing of it was kept; try again.

## The slip

slip-gone = Every reference is in, so this slip is gone. What you typed was not kept.
slip-full = The slip is full: 5,000 characters at most.
slip-of-concern-only = A slip belongs to a concern note. This one is not on this phone.

## Decisions about entries, and the answers to them

no-review = You have no authority to decide about this officer’s entries now: a sergeant decides for their own team, an inspector about sergeants. If you act for somebody tonight, ask for the grant; it comes with the next connection.
not-ones-own = Nobody decides about an entry of their own. Ask another supervisor.
not-decided-about = This is not decided about by itself. Decide about the entry it belongs to.
changed-meanwhile = Its author has changed it since you read it. Read it again, then decide.
decide-first = Some entries need a decision of their own first: they stand under “Needs a decision”.
answer-awaited = A question is not answered yet. Approve when the officer has answered.
nothing-asked = Nothing is asked about this entry any more.
decided-above = This was handed up. Somebody above decides; you see it here.
not-standards = These notes are for professional standards alone.
shift-not-approved = This shift cannot be approved by you now: it must be signed by its officer, and be another officer’s.

### Replacing a colleague's phone

replace-no-signal = The server does not answer, and a code for a new phone is made by the server. Nothing was changed. Try again where there is signal, or ask your administrator.
replace-too-many = You have issued many codes within the hour. Nothing was changed. Ask another supervisor or your administrator.
replace-not-this-phone = The server does not accept this phone. Nothing was changed. Ask your administrator.
