### The hand-over slip.
### To add a fixed word, add a line `kebab-name = Text`: it is `words::KEBAB_NAME` in the screens.

slip = Hand-over slip
slip-here-only = On this phone only. Never sent.
slip-expires = It goes when the references are in, or by itself { $at }.
slip-details = Details for the other systems
slip-details-hint = names, dates of birth, numbers: here, not in the note
slip-crime = Crime recording
slip-intelligence = Intelligence
slip-safeguarding = Safeguarding
slip-reference = Reference they give you
slip-reference-go = Keep the reference
slip-type-reference = Type the reference they gave you.
reference-kept = Reference kept in your note.
slip-drop = Throw the slip away
slip-drop-ask = Throw the slip away?
slip-drop-explain = The details go for good. The note stays as it is.
slip-dropped = The slip is gone.
back-to-entry = Back to the entry
back-to-note = Back to the note. Your draft is kept.
