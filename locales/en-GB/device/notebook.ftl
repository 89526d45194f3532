### The notebook itself: opening it, what its file, its key and its keystore answer.

notebook-failed = Something went wrong with the notebook. What you saved before is safe. Try again; if it happens again, close Beatbook and open it.
notebook-locked = The notebook is locked.
notebook-closing = The notebook is closing.
no-notebook = There is no notebook of this officer on this phone.
notebook-unopened = A notebook on this phone cannot be opened: { $problem }. Nothing was deleted.
notebook-unread = The notebook of { $officer } could not be read and was kept aside; nothing was deleted. Enrol again to go on, and hand this phone in.

## Its file

storage-full = The storage of this phone is full. What you saved before is safe. Free some space and save again.
-kept-aside-then = and nothing was deleted. Everything the server confirmed is safe there. Enrol again to go on, and hand this phone in so that the rest can be recovered.
notebook-damaged = The notebook file is damaged and cannot be read. It was kept aside { -kept-aside-then }
notebook-damaged-kept = The notebook file is damaged and cannot be read. It was kept aside as { $name } { -kept-aside-then }
notebook-missing = The notebook file of this profile is missing. Enrol again to go on, and hand this phone in.
notebook-too-new = This notebook was written by a newer Beatbook. Update the app; your entries are safe.
already-running = Beatbook is already open on this phone. Use that window, or close it first.

## Unlocking

unlock-wrong = That is not right. Your entries are safe. Try again.
unlock-wrong-wait = That is not right. Your entries are safe. Try again { $wait }.
unlock-too-soon = Too soon after a wrong try. Your entries are safe. Try again.
unlock-too-soon-wait = Too soon after a wrong try. Your entries are safe. Try again { $wait }.
wait-seconds = in { $seconds } s
wait-minutes = { $minutes ->
    [one] in { $minutes } minute
   *[other] in { $minutes } minutes
}
keystore-none = This device has no keystore that answers, and a PIN alone is not safe. Choose a passphrase instead.
keystore-refuses = The keystore of this device does not give Beatbook its half of the key ({ $problem }). Your entries are safe. Unlock the keystore and try again, or ask your force to recover this profile.
keystore-empty = The keystore of this device no longer holds its half of the key. Your entries are safe. Ask your force to recover this profile.
opens-with-passphrase = This profile opens with a passphrase.
opens-with-pin = This profile opens with a 6-digit PIN.
pin-form = A PIN is six digits.
passphrase-form = A passphrase needs at least 12 characters.
key-unusable = { $problem }. Your entries are safe. Ask your force to recover this profile.

## The keystore and the key file, as part of the sentences above

keystore-absent = no keystore answers on this device
keystore-locked = the keystore of this device is locked
keystore-timed-out = the keystore of this device did not answer in time
keystore-failed = the keystore of this device failed: { $problem }
key-file-unreadable = the key file of this profile cannot be read or written: { $problem }
key-file-damaged = the key file of this profile is damaged ({ $problem })
key-file-newer = the key file of this profile was written by a newer Beatbook ({ $problem })
secret-wrong = the secret does not open this profile
recovery-key-wrong = this recovery key does not open this profile
key-parameters = the key file asks for impossible parameters: { $problem }
no-randomness = the system gave no random numbers: { $problem }
pin-needs-keystore = a PIN needs a keystore's half
key-unsealed = the key could not be sealed
key-length = key length
sum-wrong = its sum does not fit
recovery-key-unfit = recovery key: { $problem }
