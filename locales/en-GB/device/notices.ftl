### Notices at the top of the first screen, and the notes of the lock screen.

notice-copy = This phone was put back to an older state. Nothing is lost: what you wrote after it comes back from the server, and you can go on writing.
notice-server-restored = The server was restored from a backup. What it no longer has is sent again by itself.
reading-stopped = This phone has not heard from the server for longer than your force allows: reading stopped { $when }. Saving and sending go on. Go where there is signal, and press Send now.
notice-reading-stopped = Reading stopped { $when }: this phone has not heard from the server for too long. Saving, the open shift and sending go on. Go where there is signal.
notice-reads-until = This phone can be read until { $when } without hearing from the server.
notice-revoked = This phone was taken out of service on { $day }. What you write is still sent, and counts once your force has decided so. Hand this phone in.
notice-storage-low = The storage of this phone is nearly full. Free some space so that saving goes on.
n-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
-clock-then = Times are corrected by the difference; set the phone’s clock.
clock-behind = This phone’s clock is { $amount } behind the server’s. { -clock-then }
clock-ahead = This phone’s clock is { $amount } ahead of the server’s. { -clock-then }

## Notes on the lock screen

note-write-first = Write the note first.
note-too-long = This note is too long: 2,000 characters at most. Seal it in two.
notes-at-most = Fifty notes wait for this notebook. Unlock it, so that they become drafts; then write on.
note-unlock-once = This notebook takes no notes while locked yet. Unlock it once, then it does.
note-not-sealed = The note could not be sealed. Try again.
note-storage-full = The storage of this phone is full. The note is still in the field: free some space, then seal it.
note-still-in-field = The note could not be sealed on this phone. It is still in the field: try again, or unlock and write it there.
note-unopened = A note written on the lock screen could not be opened. It was kept aside on this phone; nothing was deleted. Hand the phone in.
note-no-draft-yet = A note written on the lock screen could not be made a draft yet. It is safe on this phone: free some space, lock and unlock.
