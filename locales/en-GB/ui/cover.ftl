### The cover: the words around the public page. Its own text is in locales/<language>/public.ftl.
###
### To add a fixed word, add a line `kebab-name = Text`: in the screens it is `words::KEBAB_NAME`.
### To add a sentence with arguments, write `{ $name }` where each stands and call it from a function in
### src-ui/src/locales/en_gb/ as `text!(kebab_name, name = value)`. What is misspelt does not compile.
### One or many: see `n-entries` in frame.ftl.

hold-to-go-back = Hold to go back
go-back-ask = Go back?
go-back-explain = Turn the screen away first.
go-back = Go back

# Where StreetSafe is: as people type it, and as the QR code opens it.
streetsafe-address = police.uk/streetsafe
streetsafe-link = https://www.police.uk/streetsafe
emergency-number = 999
non-emergency-number = 101
