### Ready for patrol: one line for each thing that is looked at.

ready-pin = Your PIN and this phone’s keystore open the notebook.
ready-keystore-silent = This phone’s keystore does not answer now. Unlock it, or restart the phone, before you lock Beatbook.
ready-passphrase = Your passphrase opens the notebook.
ready-key-unread = The key file could not be read again. Do not lock Beatbook before everything is received; then hand the phone in.

ready-areas = Area set { $version } is on this phone.
ready-no-areas = No areas yet. They come with the next connection; places can be typed meanwhile.
ready-lists = Edition { $version }, { $count } lists.
ready-lists-built-in = The { $count } lists that came with the app. The force’s own come with the next connection.

ready-all-received = Everything is received by the server.
ready-waiting = { $count ->
    [one] { $count } entry is on this phone alone. It sends by itself when there is signal.
   *[other] { $count } entries are on this phone alone. They send by themselves when there is signal.
}
ready-needs-you = { $count ->
    [one] { $count } entry needs you: open the outbox.
   *[other] { $count } entries need you: open the outbox.
}

phone-does-not-say = This phone does not say.
free-megabytes = { $megabytes } MB free.
free-gigabytes = { $gigabytes } GB free.
ready-storage-low = { $room } Free some space before you leave.
ready-battery = { $percent } %.
ready-battery-low = { ready-battery } Charge it, or take a power bank.

ready-clock-off = { $amount } off the server’s. Set the phone’s clock.
ready-clock = Agrees with the server’s.
ready-clock-unknown = Not compared with the server’s yet. It is at the next connection.

ready-no-fix = No fix. Go outside and allow the position; places can be chosen or typed meanwhile.
ready-fix-undated = A { $quality }; its age is not known.
just-now = just now
ago = { $length } ago
ready-fix = Last { $when }: { $quality }.
ready-fix-poor = { ready-fix } Go outside for a better one.

ready-no-contact = The server has not answered yet. Connect once before you leave, so that lists and areas are fresh.
ready-contact = The server last answered { $when }.
ready-contact-old = { ready-contact } Connect once before you leave.
