### Answers to a request as a whole. The device shows them as a sentence, so they begin small.

request-not-signed = this request is not signed by a device the server knows
request-challenge = sign the challenge that comes with this answer, and send again
request-encoding = send the body as it is or compressed with gzip or zstd
server-busy = the server is busy: entries stay safe on the phone and are sent again
server-failed = the server could not answer: entries stay safe on the phone and are sent again
request-unreadable = the request cannot be read
request-too-many = too many entries in one request: send fewer at a time
enrolment-unreadable = the enrolment cannot be read
request-too-large = the request is larger than the server takes: send fewer entries at a time
request-cut-off = the request was cut off on the way: it is sent again
request-spell-out = send this again spelled out
request-no-part = send all of this again: its beginning is no longer here
request-not-compressed = the body cannot be decompressed
request-too-large-plain = the request becomes larger than the server takes once decompressed
attachment-unknown = the server knows no such photo for this notebook
attachment-quota = this phone has sent many photos today: the rest follow tomorrow
attachment-differs = what arrived is not the photo the entry names: nothing of it was kept
spool-unopened = this envelope is not sealed to this force for this notebook
too-many-requests = too many requests: entries stay safe on the phone and are sent after a short wait
nothing-here = there is nothing at this address
wrong-method = this address wants another method
not-yours = you have no authority over this officer’s phones now: a sergeant replaces phones of their own team, an inspector those of sergeants
not-their-phone = this phone is not in use by that officer: look at the list again
replacement-unreadable = the request for a replacement cannot be read
