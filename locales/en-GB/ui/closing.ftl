### Closing a shift.
###
### To add a fixed word, add a line `kebab-name = Text`: in the screens it is `words::KEBAB_NAME`.
### To add a sentence with arguments, write `{ $name }` where each stands and call it from a function in
### src-ui/src/locales/en_gb/ as `text!(kebab_name, name = value)`. What is misspelt does not compile.
### One or many: see `n-entries` in frame.ftl.

close-shift = Close the shift
shift-closed = Shift closed
engagements = Engagements
handouts = Cards given
concerns = Concern notes
drafts-left = Drafts left
on-shift = On shift
patrol-hours = Patrol-hours
person-hours = Person-hours
away-from-patrol = Away from patrol
phone-clock = Phone clock
clock-not-measured = not compared yet
shift-receipt = Shift receipt
not-signed = not signed yet
hold-to-end = Hold to sign and end
sign-end-ask = Sign and end the shift?
sign-end-explain = The shift ends now and is signed with what is known. Anything not yet received follows on its own.
sign-end = Sign and end
still-to-go = These follow on their own
drafts-carry = These drafts carry over
end-anyway = You can end now
end-anyway-text = Nothing is lost: it sends by itself, and the summary shows it as added later.
no-shift-to-close = No shift is open, and none has been closed on this phone.
done = Back to shift

duties-go-with-end = What is due within a day goes to your sergeant when you sign, unless you hand it to somebody else first. You can take it back until they take it.
hand-over-duties = Hand over
records-received = Received by the server
after-signing-word = after signing

## Sentences

received-and-drafts = { $count ->
    [0] received
    [one] received, 1 draft left
   *[other] received, { $count } drafts left
}
signed-with = Signed { $when }: { $received } of { $listed } records received then{ $drafts ->
    [0] {""}
    [one] , 1 draft left
   *[other] , { $drafts } drafts left
}
came-later = { $count ->
    [0] Nothing has come after it.
    [one] 1 entry came after it and is marked.
   *[other] { $count } entries came after it and are marked.
}
things-stay-open = { $count ->
    [one] One thing stays open
   *[other] { $count } things stay open
}

drift-none = right to the second
drift-fast = { $amount } fast
drift-slow = { $amount } slow
drift-seconds = { $seconds } s
clock-was = phone clock { $drift }
