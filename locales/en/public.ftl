### The public page, shown to people on the street. It is neutral and holds nothing of any record.
###
### The wording is the force's to settle. A translation is read by a qualified translator before it is used.
### A line missing in one language is shown in English; a test says which one it is.

name = English
languages = Language
heading = Tell us where you don’t feel safe
text = StreetSafe is anonymous. Mark the place on a map and say why. It takes a few minutes.
not-for = Not for reporting a crime or an emergency.
qr = QR code for { $address }

# What the campaign Enough means by STOP: the English initials of the four.
stop = See harassment? You can help: STOP
stop-say = Say something
stop-say-how = Show you disapprove. Say it is not acceptable.
stop-tell = Tell someone
stop-tell-how = Bar staff, a guard, a driver, a passer-by. Ask the person who they want told.
stop-offer = Offer support
stop-offer-how = Ask if they are OK. Offer to help them report it.
stop-divert = Provide a diversion
stop-divert-how = Distract, so they have a chance to move away.
stop-safe = Only if it is safe. In an emergency call 999.

emergency = Emergency
not-emergency = Not an emergency
silent = 999 then 55
silent-why = Mobile, if you can’t speak
