### Setting up a phone and unlocking it.
###
### To add a fixed word, add a line `kebab-name = Text`: in the screens it is `words::KEBAB_NAME`.
### To add a sentence with arguments, write `{ $name }` where each stands and call it from a function in
### src-ui/src/locales/en_gb/ as `text!(kebab_name, name = value)`. What is misspelt does not compile.
### One or many: see `n-entries` in frame.ftl.

enrol-title = Set up this phone
enrol-intro = Your force gives you an address and a one-time code. They are needed once.
enrol-server = Server address
enrol-server-hint = begins with https://
enrol-code = One-time code
enrol-code-hint = capitals and dashes do not matter
enrol-pin = Choose a 6-digit PIN
enrol-pin-again = The same PIN again
enrol-passphrase = Choose a passphrase
enrol-passphrase-again = The same passphrase again
enrol-no-keystore = This phone has no keystore
enrol-no-keystore-text = A PIN alone would be guessed in minutes, so Beatbook asks for a passphrase: four words or more. Pasting is allowed.
enrol-go = Set up
enrol-busy = Setting up
locked = Locked
please-know = Please know
enrol-another = Set up another officer
secrets-differ = The two entries differ. Type the second one again.
server-missing = Enter the server address your force gave you.
code-missing = Enter the one-time code.
pin-short = Enter six digits.
passphrase-missing = Enter the passphrase.
unlock-title = Unlock Beatbook
unlock = Unlock
unlocking = Unlocking
not-you = Not you?
who-are-you = Whose notebook?
your-pin = Your 6-digit PIN
your-passphrase = Your passphrase
no-signal-needed = No signal needed
reading-stopped = Reading stopped
reading-has-stopped = { reading-stopped }. Unlock to save and send; reading comes back with signal.
wrong-tries = Wrong tries make it wait: 30 s, then 1, 5 and 15 minutes. Nothing is erased.

## Sentences

no-signal-until = { no-signal-needed } until { $when }
reading-stopped-at = { reading-stopped } { $when }. Unlock to save and send; reading comes back with signal.
spool-taken =
    { $count ->
        [one] The server has 1 entry of this notebook. Its receipt waits for you to unlock.
       *[other] The server has { $count } entries of this notebook. Their receipts wait for you to unlock.
    }

digits-entered = { $count } of { $of } digits entered
sends-after-unlock =
    { $count ->
        [one] 1 entry is safe on this phone. It sends after you unlock.
       *[other] { $count } entries are safe on this phone. They send after you unlock.
    }
wait-seconds = Try again in { $seconds } s.
wait-minutes = Try again in { $minutes } min.
wait-minutes-seconds = Try again in { $minutes } min { $seconds } s.
