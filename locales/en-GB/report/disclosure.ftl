### A disclosure pack.

pack-title = Disclosure pack
pack-subtitle =
    { $count ->
        [one] { $force } · 1 entry
       *[other] { $force } · { $count } entries
    }
pack-for = For { $recipient }. Why: { $why }
pack-masked = Other people stand as [masked]: who is described, who said something, references to records elsewhere, and what looks like a name, a number or a date of birth. Each mask is listed under its version. The originals are untouched. Masks are found by rule: somebody reads this before it goes out.
pack-check = How to check it
pack-check-how = Beside this print lie the same data as JSON, the proofs, and a list of every file with its SHA-256. beatbook-central verify --pack FOLDER recomputes links and hashes and checks the officer’s and the server’s signatures; it needs no database. A version in which something is masked is proved by its commitment; its words are shown to who may see them by the force.
pack-root = Root key of the force: { $key }
pack-entry =
    { $count ->
        [one] { $title }, 1 version: { $id }
       *[other] { $title }, { $count } versions: { $id }
    }
pack-version = { $title }, version { $number }, written { $when }
pack-no-body = The words of this version are not held here.
pack-proof = Link { $link } · chain { $chain }, revision { $seq } · position { $position } at the server
pack-masks = Masked: { $list }.
pack-trail = Who had it in hand

version-col = Version
change-col = How
happened-col = Happened
written-col = Written
received-col = Received
field-col = Field
says-col = Says
said-col = Said before
detail-trail-col = More
added = added
taken-out = taken out
change-first = first
change-continues = goes on
change-corrects = corrected
change-withdraws = withdrawn

why-person = a person described
why-speaker = who said it
why-reference = a reference
why-phone = looks like a phone number
why-email = looks like an e-mail address
why-plate = looks like a number plate
why-birth = looks like a date of birth
why-name = looks like a name
why-health = looks like something about health

## The trail

erased-under = Erased under { $authority } ({ $class }), { $when }. The seal still proves that it stood here.
trail-wrote = Wrote
trail-wrote-detail = version { $number }, on device { $device }
trail-received = Received by the server
trail-received-detail = version { $number }, position { $position }
trail-viewed = Viewed
trail-viewed-summary = Viewed in a shift summary
trail-exported = Exported from a device
trail-given-out = Given out
trail-disclosed = Disclosed
trail-held = Legal hold
trail-released = Legal hold released
trail-erased = Erased
trail-server = the server
