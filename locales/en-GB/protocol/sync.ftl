### Why the server refuses, in the words both sides know. They begin small: the device makes sentences of them.

enrol-code-unknown = the code is not known, was used before, or has expired
enrol-other-keys = this device is known with other keys
enrol-revoked = this phone was taken out of service: ask your administrator to put it back, or use another
enrol-too-many = too many tries: wait a minute
refused-undecodable = the server cannot read it
refused-oversized = it is larger than the server takes
refused-badly-signed = its signature does not match this notebook
refused-unknown-chain = the server does not know this notebook
version-too-old = this Beatbook is too old for the server: update the app
version-too-new = this Beatbook is newer than the server: the server must be updated; entries stay safe on the phone
