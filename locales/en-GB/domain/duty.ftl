### The posts that can own a duty, as shown after the team's name: `Norwich East, late sergeant`.

post-sergeant = sergeant
post-early-sergeant = early sergeant
post-late-sergeant = late sergeant
post-night-sergeant = night sergeant
post-crew = next crew
post-early-crew = early crew
post-late-crew = late crew
post-night-crew = night crew
post-inspector = inspector
