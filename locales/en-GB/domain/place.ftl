### A place as it was typed or measured: what cannot be read, what to ask, how good a fix is.

place-latitude = Latitude { $given } is outside the world. Give a number between -90 and 90; Norfolk is near 52.6.
place-longitude = Longitude { $given } is outside the world. Give a number between -180 and 180; Norfolk is near 1.3.
place-grid = { $given } is not a grid reference here. Give TF, TG, TL or TM and 6, 8 or 10 figures, such as TG 235 085.
place-three-words = Three-word addresses cannot be read on this phone. Keep it as the place name, or give a grid reference.
place-unreadable = { $given } could not be read as a place. Give 52.6287, 1.3020 or a grid reference such as TG 235 085.
place-outside-force = This place is outside Norfolk. Is it right?
place-swapped = This place is outside Norfolk. Are latitude and longitude the wrong way round?

fix-good = good fix, ±{ $metres } m
fix-rough = rough fix, ±{ $metres } m
fix-unknown = accuracy not known
