### What stands beside a receipt that only central can see. It is shown at the entry.

body-unreadable = The server cannot read this kind of entry as it was written
body-missing = Its words were erased or dropped on its device, and the server no longer has them
author-differs = It names an author who is not the owner of this notebook
wrong-chain = Records and log entries stand in notebooks of their own
chain-opened-differs = The beginning of this notebook is not what was enrolled
split-chain = Two different entries stand at this place of the notebook: a phone was copied or restored
no-authority = The author had no authority for this at the time
about-differs = It is about entries of another officer than it says, or names one that does not belong to its revision
reviews-own = Nobody decides about an entry of their own
after-revocation = It was received after this phone was taken out of service, and counts once the force has decided so
time-unproven = Whether the author had authority depends on a time that is not proven
