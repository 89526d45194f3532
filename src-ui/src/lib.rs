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
//! | everywhere | `cover`, `called-away`, `back`, `pill`, `dock-shift`, `dock-team`, `dock-outbox`, `toast`, `toast-undo`, `toast-close`, `error-summary`, `announcer`, `failed`, `try-again` |
//! | enrol | `enrol-server`, `enrol-code`, `enrol-secret`, `enrol-again`, `enrol-go`, `enrol-cancel`, `enrol-error` |
//! | unlock | `profile-<collar>`, `not-you`, `key-0` … `key-9`, `key-delete`, `passphrase`, `passphrase-show`, `unlock`, `unlock-error`, `lock-note`, `enrol-another`, `theme` |
//! | today | `theme`, `hand`, `lock`, `start-shift`, `shift-clock`, `doing`, `pause`, `new-leg`, `end-leg`, `go-on`, `back-on-patrol`, `end` (sheet `end-sheet`, `end-confirm`), `claim-confirm`, `claim-dispute`, `draft-row`, `entry-row` (with `data-kind`, `data-entry`), `all-entries`, `new-engagement`, `new-concern`, `recover` |
//! | pause sheet | `pause-sheet`, `pause-reason-<code>`, `pause-go`; away card: `away-reason-<code>`, `away-only-me` |
//! | new leg sheet | `leg-sheet`, `leg-mode-<code>`, `leg-style-<code>`, `leg-area-<code>`, `leg-go` |
//! | start shift | `call-sign`, `crew-<collar>`, `crew-other`, `crew-add`, `initiative-<code>`, `transport-<code>`, `planned-end-<hhmm>`, `start-shift-go` |
//! | place sheet | `place`, `place-name`, `place-detail`, `place-change`, `place-sheet`, `place-here`, `place-find`, `area-<code>`, `place-typed`, `place-landmark`, `place-use` |
//! | engagement | `draft-state`, `type-<code>`, `people-minus`, `people`, `people-plus`, `cards-<code>-minus`, `cards-<code>`, `cards-<code>-plus`, `topic-<code>`, `topic-more`, `more`, `ss-place-<code>`, `ss-behaviour-<code>`, `safe-day-<n>`, `safe-dark-<n>`, `light-<code>`, `under18-<answer>`, `safeguarding-ref`, `verification-<code>`, `follow-up-yes`, `note`, `discard` (`discard-confirm`), `save-engagement` |
//! | concern | `behaviour-<code>`, `gate`, `reporting-yes`, `reporting-not_sure`, `reporting-no`, `crime-now-<code>`, `crime-ref`, `source-<code>`, `seen`, `words-add`, `words-text`, `words-speaker`, `words-keep`, `assessment`, `relationship-<code>`, `contact-<answer>`, `harm-<code>`, `action-<code>`, `power-<code>`, `authority-ref`, `authority-inspector`, `authority-told`, `request-<code>`, `safeguarding-<code>`, `made-with`, `check-and-sign`, `sign-sheet`, `sign` |
//! | outbox | `tally-need`, `tally-waiting`, `tally-sending`, `tally-received`, `outbox-need`, `outbox-waiting`, `outbox-received`, `send-now`, `last-try` |
//! | closing | `closing-total`, `closing-outstanding`, `closing-drafts`, `end-shift` (sheet `end-shift-sheet`, `end-shift-confirm`), `closing-done` |
//! | entry | `read-again`, `entry-fact`, `entry-opinion`, `entry-words`, `entry-history`, `entry-custody`, `marking` |
//! | team, summary | `shift-row` (with `data-shift`), `contact-row`, `kpi-patrol-hours`, `kpi-person-hours`, `kpi-engagements`, `kpi-people`, `kpi-cards`, `kpi-concerns`, `kpi-away`, `missing`, `nothing-missing`, `missing-item`, `cards-by-type` |
//! | cover | `public-card`, `lang-<code>`, `uncover` (sheet `uncover-sheet`, `uncover-confirm`) |

mod app;
mod clock_field;
mod codes;
mod components;
mod dom;
mod ipc;
mod keeper;
mod locales;
mod route;
mod screens;
mod theme;

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
