### What a summary lacks: the fact in bold, then what follows from it. Screens, prints and exports say the same.

officers-phone = { $who }’s phone:

lacks-end = The end of the shift is not recorded.
lacks-end-then = Hours stop at the last evidence, { $when }.
lacks-signature = The shift is not signed.
lacks-crew = { $who } not confirmed.
lacks-crew-then = No hours are counted until then.
lacks-crew-disputed = { $who } disputes being in this crew.
lacks-crew-disputed-then = No hours are counted.
lacks-signed-for =
    { $count ->
        [one] 1 record signed for and not here.
       *[other] { $count } records signed for and not here.
    }
lacks-signed-for-then = Totals leave them out.
lacks-pending-then =
    { $count ->
        [one] last heard { $time }, 1 entry pending. Totals leave them out.
       *[other] last heard { $time }, { $count } entries pending. Totals leave them out.
    }
lacks-set-aside-then =
    { $count ->
        [one] 1 entry set aside there.
       *[other] { $count } entries set aside there.
    }
lacks-gaps = { $who }’s notebook has gaps:
lacks-gaps-then =
    { $count ->
        [one] 1 record not received yet.
       *[other] { $count } records not received yet.
    }
lacks-contact = { $who }’s phone not heard since { $when }.
lacks-any-contact = { $who }’s phone was never heard.
lacks-contact-then = Use the radio for welfare.
lacks-drafts =
    { $count ->
        [one] 1 draft left open at signing.
       *[other] { $count } drafts left open at signing.
    }
lacks-drafts-then = They carry over.
lacks-totals = One entry is not in totals:
lacks-totals-then = a question about it is open.
lacks-at-server =
    { $count ->
        [one] 1 entry is kept at the server only.
       *[other] { $count } entries are kept at the server only.
    }
lacks-at-server-then = Totals here leave them out. Open one to get it back.
lacks-erased =
    { $count ->
        [one] 1 entry was erased.
       *[other] { $count } entries were erased.
    }
lacks-erased-then = Totals leave them out.
lacks-one-version = One entry has two newest versions.
lacks-one-version-then = The author settles which one holds.
lacks-crime-reference = 1 crime reference,
lacks-crime-reference-then = due { $time }, { $day }.
