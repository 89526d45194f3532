//! The Beatbook screens: a client-side Leptos app that runs in the web view of the shell.
//!
//! It draws what the device answers and passes presses back. It holds no rule: what may be saved is asked of
//! `beatbook_domain::check`, what happened is asked of the device through [`ipc`], the only door.
//!
//! - `app`: what is open, the shared [`app::Shell`], the long poll that refreshes screens.
//! - `route`: screens by address.
//! - `screens`: one file each; they load, call and own their state.
//! - `components`: the kit; words and signals in, presses out.
//! - `locales`: every word on screen.
//!
//! # Names for tests
//! Every control carries a stable `data-test` name (and the same `id` where it is a field):
//!
//! | screen | names |
//! |---|---|
//! | everywhere | `cover`, `called-away`, `back`, `pill`, `dock-shift`, `dock-team`, `dock-outbox`, `toast`, `toast-undo`, `toast-close`, `error-summary`, `announcer`, `marking`, `load-error`, `failed`, `try-again` |
//! | states | every state carries `data-state`: `saved`, `waiting`, `sending`, `sent`, `received`, `returned`, `problem` |
//! | enrol | `enrol-server`, `enrol-code`, `enrol-secret`, `enrol-again`, `enrol-go`, `enrol-cancel` |
//! | unlock | `unlock-officer`, `not-you`, `profile-<collar>`, `key-0` … `key-9`, `key-delete`, `passphrase`, `passphrase-show`, `unlock`, `unlock-error`, `lock-note`, `enrol-another`, `theme` |
//! | today | `theme`, `hand`, `lock`, `no-shift`, `start-shift`, `shift-card`, `shift-clock`, `doing`, `leg-area`, `leg-line`, `crew-open`, `pause`, `new-leg`, `end-leg`, `go-on`, `back-on-patrol`, `end` (hold; sheet `end-sheet`, `end-confirm`), `crew-claim`, `claim-confirm`, `claim-dispute`, `draft-row`, `entry-row` (both with `data-kind`, `data-entry`), `all-entries`, `new-engagement`, `new-concern`, `recover` |
//! | pause, away | `pause-sheet`, `pause-reason-<code>`, `pause-go`; `away-reason-<code>`, `away-only-me` |
//! | new leg | `leg-sheet`, `leg-mode-<code>`, `leg-style-<code>`, `leg-area-<code>`, `leg-go` |
//! | start shift | `call-sign`, `crew-<collar>`, `crew-other`, `crew-add`, `initiative-<code>`, `transport-<code>`, `supervisor-<collar>`, `planned-end-<hhmm>`, `start-shift-go` |
//! | place | `place`, `place-name`, `place-detail`, `place-change`, `place-sheet`, `place-here`, `place-find`, `nearby-<code>`, `area-<code>`, `place-typed`, `place-landmark`, `place-problem`, `place-use` |
//! | engagement | `draft-state`, `type-<code>`, `people-minus`, `people`, `people-plus`, `cards-<code>-minus`, `cards-<code>`, `cards-<code>-plus`, `topic-<code>`, `gate`, `gate-concern`, `call-control`, `more`, `ss-place-<code>`, `ss-behaviour-<code>`, `safe-day-<n>`, `safe-dark-<n>`, `light-<code>`, `under18-<answer>`, `safeguarding-ref`, `age-<code>-plus`, `sex-<code>-plus`, `verification-<code>`, `follow-up-yes`, `happened`, `note`, `coach`, `coach-show`, `coach-keep`, `discard` (`discard-confirm`, `discard-cancel`), `save-engagement` |
//! | concern | `behaviour-<code>`, `gate`, `reporting-yes`, `reporting-not_sure`, `reporting-no`, `crime-now-<code>`, `crime-ref`, `crime-due`, `call-control`, `source-<code>`, `seen`, `coach`, `words-add`, `words-<n>-text`, `words-<n>-speaker`, `words-<n>-remove`, `assessment`, `relationship-<code>`, `contact-<answer>`, `harm-<code>`, `action-<code>`, `power-<code>`, `authority`, `authority-ref`, `authority-inspector`, `authority-told`, `request-<code>`, `safeguarding-<code>`, `made-with`, `happened`, `discard`, `check-and-sign`, `sign-sheet`, `sign-back`, `sign` |
//! | today, more | `same-again`, `deck-cards`, `more-actions`, `more-sheet`, `more-event`, `more-referral`, `more-power`, `more-venue`, `more-find`, `more-duties`, `more-crew`, `more-ready`, `more-settings`, `open-duties`, `duty-line`, `all-duties`, `past-end`, `past-end-go`, `resumable`, `resume` |
//! | places | `area-row`, `area-gap`, `enter-<area>`, `left` (hold), `here`, `log-here`, `map`, `district-<name>` |
//! | crew | `unit-code`, `crew-row`, `end-member`, `add-crew-<collar>`, `join-call-sign`, `join-code`, `join-go`, `partners` |
//! | cards | `stock-line` (with `data-left`), `stock-draw`, `stock-return`, `stock-spoil`, `stock-sheet`, `stock-line-<n>`, `stock-material-<code>`, `stock-language-<code>`, `stock-batch`, `stock-10`, `stock-25`, `stock-50`, `stock-go`, `give-<n>`, `give-count`, `give-go`, `new-handout` |
//! | event, handout, referral | `event-type-<code>`, `event-name`, `attendance-<code>`, `partner-<code>`, `save-event`; `handout-bulk`, `save-handout`; `issue-<code>`, `owner-<code>`, `details`, `owner-ref`, `photo`, `photo-shown`, `photo-remove`, `save-referral` |
//! | power used | `power-<code>`, `authority`, `authority-live-<ref>`, `authority-ref`, `authority-inspector`, `authority-told`, `power-reason-<code>`, `power-area`, `power-for-<hours>`, `power-until`, `clothes-plain`, `plain-asks`, `check-and-sign` |
//! | every form | `when-how`, `happened`, `happened-until`, `home-<shift>`, `written-<how>`, `paper-book`, `paper-page`, `done-by-<who>`, `correcting`, `reason-chip-<label>`, `reason`, `reference-add`, `reference-<n>`, `person-add`, `person-<n>-<point>`, `grading` |
//! | duties, find, slip | `duty-row` (with `data-held`), `no-duties`, `duties-to-take`, `duties-mine`, `duties-others`, `lies-with`, `duty-step`, `take-<what>`, `hand-over`, `hand-over-sheet`, `pass-<duty>`, `pass-team-<team>`, `pass-to-<post>`, `hand-over-go`; `find-words`, `find-more`, `find-kind-<kind>`, `find-state-<state>`, `find-total`, `find-next`; `slip-details`, `slip-<ref>`, `slip-go-<ref>`, `slip-drop` |
//! | entry, acts | `entry-actions`, `amend`, `withdraw`, `give-reference`, `record-power`, `open-slip`, `raise-referral`, `correct-times`, `origin`, `performed-by`, `revision`, `why` |
//! | ready, settings, lock | `ready-row`, `ready-overall`, `check-again`; `theme-choice-<name>`, `hand-<side>`, `lock-now`, `seal-now`; `note-now`, `note-text`, `note-seal`, `note-sealed`, `notes-wait` |
//! | outbox | `server-state`, `tally-need`, `tally-waiting`, `tally-sending`, `tally-received`, `last-try`, `outbox-need`, `stuck`, `outbox-waiting`, `outbox-received`, `received-all`, `send-now` |
//! | closing | `closing-total`, `closing-receipt`, `closing-signed`, `closing-outstanding`, `closing-received`, `closing-drafts`, `closing-duties`, `closing-handover`, `end-shift` (hold; sheet `end-shift-sheet`, `end-shift-confirm`), `closing-done` |
//! | entry | `read-again`, `late`, `entry-fact`, `entry-words`, `entry-opinion`, `entry-custody`, `entry-history` |
//! | team | `plans`, `replace-phone`, `so-far`, `so-far-missing`, `not-heard`, `shift-row` (with `data-shift`), `contact-row` (with `data-officer`, `data-silent`), `duties-wait`, `escalated-note`, `for-you`, `review-shifts` |
//! | replace | `replace-whose-<officer>`, `replace-which-<phone>` (`replace-which-none`), `replace-why-<loss>`, `replace-go`, `replace-problem`, `replaced`, `replace-code`, `replace-lost`, `replace-nobody` |
//! | briefing | `briefing-card`, `open-briefing`, `briefing`, `acknowledge`, `briefing-changes`, `briefed-area`, `briefed-window`, `otherwise`, `otherwise-reason-<code>`, `otherwise-words`, `otherwise-save`, `otherwise-said`, `take-back` |
//! | plans | `new-plan`, `copy-last`, `plan`, `read-row`, `not-read`, `revise`, `copy-tonight` |
//! | plan | `night-<date>`, `plan-from`, `plan-until`, `plan-units`, `plan-supervisor`, `plan-area-<code>`, `window-from-<area>-<n>`, `window-until-<area>-<n>`, `window-visits-<area>-<n>-plus`, `add-window`, `why-<area>-<code>`, `plan-note-<area>`, `plan-reason`, `give-plan` |
//! | review | `escalated-row`, `shifts-to-decide`, `shifts-clean`, `clean-<shift>`, `choose-all`, `approve-shifts`; `overruled`, `decided-above`, `ask`, `ask-sheet`, `ask-go` |
//! | professional standards | `standards-narrow`, `narrow`, `standards-row`, `standards-older`, `standards-newer` |
//! | summary | `read-again`, `kpi-patrol-hours`, `kpi-person-hours`, `kpi-engagements`, `kpi-people`, `kpi-cards`, `kpi-concerns`, `kpi-away`, `summary-entries`, `cards-by-type` (rows with `data-code`), `planned-and-missed`, `planned-line`, `planned-totals`, `visits-by-area`, `crew-line`, `missing`, `missing-item`, `nothing-missing` |
//! | cover | `public-card`, `lang-<code>`, `uncover` (hold; sheet `uncover-sheet`, `uncover-confirm`) |
//!
//! A list that is longer than its screen's first glance hides the rest behind `<name>-more` (`type-more`, `topic-more`,
//! `behaviour-more`, `area-more`, …). A hold button clicked once opens its sheet, whose button is `<id>-confirm`.

mod app;
mod codes;
mod components;
mod dom;
mod haptic;
mod idle;
mod ipc;
mod keeper;
mod locales;
mod native;
mod route;
mod screens;
mod shortcuts;
mod theme;
mod visit_tick;

// Where `text!` finds the sentences of this crate.
use locales::words;

use wasm_bindgen::prelude::wasm_bindgen;

/// Puts the app into the page. Called by the loader once the module is ready.
#[wasm_bindgen(start)]
pub fn start() {
    if let Some(starting) = leptos::prelude::document().get_element_by_id("starting") {
        starting.remove();
    }
    if let Some(body) = leptos::prelude::document().body() {
        let _ = body.set_attribute("data-started", "");
    }
    leptos::mount::mount_to_body(app::App);
}
