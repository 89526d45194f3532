### Starting a shift, the shift in progress, patrol legs, pauses, being called away, crew.
###
### To add a fixed word, add a line `kebab-name = Text`: in the screens it is `words::KEBAB_NAME`.
### To add a sentence with arguments, write `{ $name }` where each stands and call it from a function in
### src-ui/src/locales/en_gb/ as `text!(kebab_name, name = value)`. What is misspelt does not compile.
### One or many: see `n-entries` in frame.ftl.

## Start of shift

start-shift = Start shift
start-shift-intro = No shift is open.
start-shift-text = Start one to count patrol time. You can write entries without it.
call-sign = Call sign
crew = Crew with you
crew-hint = they confirm on their own phone
crew-other = Another collar number
crew-add = Add
crew-unknown = This collar number is not on the roster held on this phone.
initiative = Initiative
transport = Transport
planned-end = Planned end
planned-end-hint = for a reminder, never counted

## Today

today = Your shift
shift-and-leg = Shift and patrol leg
on-patrol = On patrol
between-legs = No leg running
between-text = Start a leg to count time on patrol.
no-area = No area named
on-a-break = Paused
away = Called away
pause = Pause
new-leg = New leg
end-leg = End leg
go-on = Go on
back-on-patrol = Back on patrol
end = End shift
end-name = End shift, press and hold
end-ask = End the shift?
end-explain = You see the closing receipt first. Nothing is signed yet.
end-go = Go to closing
last-entries = Last entries
no-entries = No entries on this phone yet.
drafts = Drafts
crew-claims = Crew to confirm
confirm = Yes, I was there
dispute = No
add-entry = Add an entry
engagement = Engagement
concern = Concern
why-away = Why called away?
why-away-hint = can follow later
only-me = Only me, the crew goes on
why-pause = Why do you pause?
pause-now = Pause now
leg-title = New leg
leg-mode = How
leg-style = Style
leg-area = Area
start-leg = Start leg
recover = A draft was open when Beatbook closed
recover-go = Open the draft

## Sentences

with-crew = { $officer } with { $crew }
ring-so-far =
    { $minutes ->
        [one] 1 minute at { $place }.
       *[other] { $minutes } minutes at { $place }.
    }
ring-ahead = { $so-far } The { $from } to { $to } minute band is ahead.
ring-reached = { $so-far } The { $from } to { $to } minute band is reached.
ring-passed = { $so-far } The { $from } to { $to } minute band is passed; stay as long as needed.
visit-before-band = Since { $time }, band { $from }–{ $to } min
visit-in-band = Since { $time }, in the { $from }–{ $to } band
visit-past-band = Since { $time }, past the { $from }–{ $to } band
leg-since = Leg { $number }, since { $time }
leg-mode-since = Leg { $number }, { $mode }, since { $time }
since-time = Since { $time }
since-time-reason = Since { $time }, { $reason }
crew-claim = { $by } says you were with them, { $when }. { -crew-claim-effect }
crew-claim-unit = { $by } says you were with them in { $unit }, { $when }. { -crew-claim-effect }
-crew-claim-effect = Until you confirm, your time counts in no hours.
claimed-from = from { $time }
claimed-on = { $day }, { $times }
since-small = since { $time }
