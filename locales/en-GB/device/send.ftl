### Sending: what is tried, what came of it, and why it failed. Sync errors begin small: they are made sentences of.

send-asking = Asking the server. It goes on by itself.
send-trying = Trying to send
send-trying-on = { send-trying }. It goes on by itself.
sending-number = Sending { $number } of { $total }
sending-photo = Sending a photo: { $percent } %
send-progress = Sending { $number } of { $total }. It goes on by itself.
send-photo = The words are received. Sending a photo: { $percent } % so far. It goes on by itself.
send-photo-waits = The words are received. A photo is safe on this phone and follows by itself. { $problem }
photo-after-words = Words received · photo { $percent } %
photo-with-words = { $detail } · photo follows
send-no-answer = No answer from the server. Entries are safe and send by themselves when there is signal.
send-refused = { $count ->
    [one] One entry could not be taken: see below. Everything else is received.
   *[other] { $count } entries could not be taken: see below. Everything else is received.
}
send-nothing-waiting = Nothing was waiting. The server is reachable.
send-all-received = Everything on this phone is received.

## Why it failed

server-address = the server’s address must start with https:// (http:// only for this machine itself)
server-silent = no answer from the server
server-untrusted = what answers is not the force’s server: leave this Wi-Fi, or tell your administrator
no-secure-connection = a secure connection cannot be made on this phone
server-slow = the server took too long to answer
server-refuses-phone = the server does not accept this phone: ask a supervisor to enrol it again; entries stay safe on it
not-the-server = something answered that is not the server: sign in to the Wi-Fi, or leave it
no-receipt = the server answered without a receipt: it is sent again
code-of-another-server = the code is not for this server: check the address and the code
code-form = the code has 16 letters and digits: check it and type it again
server-asks-to-wait = the server asks this phone to wait { $seconds } seconds: entries stay safe on it and send by themselves
server-problem = the server has a problem (code { $status }): it is tried again
receipts-not-signed = the server's receipts are not signed by the key of this force
receipts-of-another = the server's receipts are for another device
receipts-unreadable = the server's receipts cannot be read

## Why the server did not take an entry

refused-oversized = The server takes no entry this large. It is safe on this phone; make it shorter in a correction.
refused-unknown-chain = The server does not know this notebook. The entry is safe on this phone; ask your administrator to enrol it.
refused-badly-signed = The server could not match this entry to this notebook. It is safe on this phone; ask your administrator.
refused-unread = The server could not read this entry. It is safe on this phone; ask your administrator.
photo-damaged = The photo on this phone is damaged and cannot be sent. The words are received; take the photo again in a correction.
photo-differs = The server did not get the photo as it is on this phone. It is safe here: try again, or take it again in a correction.
photo-not-taken = The server does not take this photo. It is safe on this phone, and the words are received; tell your administrator.
