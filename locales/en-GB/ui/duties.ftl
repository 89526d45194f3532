### Duties handed from post to post.

duties-to-take = For you to take
duties-others = With others
duty-take = Take it
duty-take-back = Take it back
duty-is-yours = It is with you now.
duty-answer-it = Answer it
hand-over-title = Hand over to the next post
hand-over-which-h = What
hand-over-which = Choose what to hand over.
hand-over-team = Team
hand-over-to = To whom
hand-over-to-whom = Choose the post it goes to.
hand-over-text = Works without signal. It stays with you on this list until somebody of that post takes it. What nobody takes turns amber, then goes up to the next post.
rises-h = Duties that wait for you
rises-all = All duties

## Sentences

duty-choice = { $what }, { $about }
lies-with = With { $who }
offered-to = Offered to { $post }
nobody-took = Offered to { $post }. Nobody has taken it yet.
nobody-took-up = Offered to { $post }. Nobody has taken it: the next post sees it too.
handed-over = Handed to { $team }, { $post }. It is sent when there is signal.
take-name = Take: { $what }, { $about }
step-offered = { $when } { $by } handed it to { $to }
step-taken = { $when } { $by } took it
step-too-late = { $when } { $by } took it too: the first one has it
step-done = { $when } { $by } discharged it
