### Choosing and naming a place.
###
### To add a fixed word, add a line `kebab-name = Text`: in the screens it is `words::KEBAB_NAME`.
### To add a sentence with arguments, write `{ $name }` where each stands and call it from a function in
### src-ui/src/locales/en_gb/ as `text!(kebab_name, name = value)`. What is misspelt does not compile.
### One or many: see `n-entries` in frame.ftl.

place-title = Where was it?
place-none = No place yet
place-none-detail = No fix. Choose an area or describe it.
fix-unknown = fix, accuracy not known
typed-place = typed
chosen-area = chosen from the list
no-fix = no fix
place-here = Use this phone's position
place-areas = Areas
place-nearby = Nearby
place-typed = Coordinates or grid reference
place-typed-hint = 52.6287, 1.3020 or TG 235 085
place-name = Name or landmark
place-name-hint = a place, never a person
place-use = Use this place
place-empty = Choose an area, or type coordinates or a landmark.

## Sentences

good-fix = good fix, ±{ $metres } m
rough-fix = rough fix, ±{ $metres } m
