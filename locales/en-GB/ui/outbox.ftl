### The outbox.
###
### To add a fixed word, add a line `kebab-name = Text`: in the screens it is `words::KEBAB_NAME`.
### To add a sentence with arguments, write `{ $name }` where each stands and call it from a function in
### src-ui/src/locales/en_gb/ as `text!(kebab_name, name = value)`. What is misspelt does not compile.
### One or many: see `n-entries` in frame.ftl.

outbox = Outbox
by-state = Entries by state
on-its-way = On its way
received-by-server = Received by the server
send-now = Send now
send = Send
others-keep-sending = It is safe here and your other entries keep sending.
outbox-empty = Nothing to send. Entries appear here as soon as they are saved.
added-up = No answer yet
server-answered = Server answered
open-entry = Open it

## Sentences

outbox-meta = { $entries } · server heard { $time }
next-try = Next try by { $time }
nothing-left = Nothing is left to send.
confirmed-at = Server confirmed at { $time }. { nothing-left }
outstanding = { $count } not yet received. You can end now: they follow on their own.
