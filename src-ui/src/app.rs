//! The app: what is open, which screen is in view, and the loop that refreshes both.
//!
//! [`Shell`] is the one context every screen shares. It holds who is signed in, the lists in force, the officer's
//! Today view (shift, pill, drafts) and the number of the last change. It holds no record beyond those rows, and drops
//! them all when the phone locks. The device decides everything; this only asks again whenever it says something changed.

use std::sync::Arc;

use beatbook_domain::id::EntryId;
use beatbook_domain::time;
use beatbook_protocol::ipc::{
    AppError, Capability, DraftView, ErrorCode, GetLists, GetStatus, GetToday, GoAway, ListsView, Lock,
    PillView, SessionView, StatusView, TodayView, WaitForChange,
};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::icon::Glyph;
use crate::components::notice::{Note, Tone};
use crate::components::toast::Toasts;
use crate::dom;
use crate::haptic::{self, Tick};
use crate::idle::lock_when_idle;
use crate::ipc::call;
use crate::locales::words;
use crate::route::{Route, Router};
use crate::screens;
use crate::shortcuts::{ShortcutList, Shortcuts, follow_keys};
use crate::theme::Theme;
use crate::visit_tick::tick_visits;

/// How long to wait before asking again after the device gave no answer, in milliseconds.
const AFTER_ERROR_MS: u32 = 2_000;
/// After this long behind the cover, going back asks for the secret (design: thirty seconds), in milliseconds.
const COVER_LOCKS_MS: i64 = 30_000;

/// What stands between the person and their notebook.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// The device has not answered yet.
    Starting,
    /// The device could not start, and why.
    Failed(AppError),
    /// A notebook is to be set up on this phone.
    Enrol,
    /// Notebooks are there; none is open.
    Locked,
    /// A notebook is open.
    Open,
}

/// What every screen shares.
#[derive(Clone, Copy)]
pub struct Shell {
    phase: RwSignal<Phase>,
    status: RwSignal<Option<StatusView>>,
    session: RwSignal<Option<SessionView>>,
    lists: RwSignal<Option<Arc<ListsView>>>,
    today: RwSignal<Option<TodayView>>,
    change: RwSignal<u64>,
    /// Counts openings, so that the loop of an earlier session ends itself.
    opening: StoredValue<u32>,
    /// A draft just opened, on its way to its form.
    handed: StoredValue<Option<DraftView>>,
    covered_at: RwSignal<Option<i64>>,
    announcement: RwSignal<String>,
    router: Router,
    toasts: Toasts,
}

impl Shell {
    fn new(router: Router, toasts: Toasts) -> Self {
        Self {
            phase: RwSignal::new(Phase::Starting),
            status: RwSignal::new(None),
            session: RwSignal::new(None),
            lists: RwSignal::new(None),
            today: RwSignal::new(None),
            change: RwSignal::new(0),
            opening: StoredValue::new(0),
            handed: StoredValue::new(None),
            covered_at: RwSignal::new(None),
            announcement: RwSignal::new(String::new()),
            router,
            toasts,
        }
    }

    /// The phone and its notebooks.
    pub fn status(self) -> Signal<Option<StatusView>> {
        self.status.into()
    }

    /// The open notebook.
    pub fn session(self) -> Signal<Option<SessionView>> {
        self.session.into()
    }

    /// The officer as shown: `PC 1482`.
    pub fn me(self) -> Signal<String> {
        Signal::derive(move || {
            self.session.with(|session| session.as_ref().map_or_else(String::new, |s| s.title.clone()))
        })
    }

    /// Whether this officer reads the team's shifts.
    pub fn reviews(self) -> bool {
        self.can(Capability::Review)
    }

    /// Whether this officer records patrols.
    pub fn patrols(self) -> bool {
        self.can(Capability::Patrol)
    }

    /// Whether this officer decides what sergeants handed up.
    pub fn commands(self) -> bool {
        self.can(Capability::Command)
    }

    /// Whether this officer reads disclosures about people in policing.
    pub fn reads_standards(self) -> bool {
        self.can(Capability::Standards)
    }

    fn can(self, capability: Capability) -> bool {
        self.session.with(|session| {
            session.as_ref().is_some_and(|session| session.capabilities.contains(&capability))
        })
    }

    /// The lists in force, once they have been read.
    pub fn lists(self) -> Signal<Option<Arc<ListsView>>> {
        self.lists.into()
    }

    /// The officer's own screen, kept fresh.
    pub fn today(self) -> Signal<Option<TodayView>> {
        self.today.into()
    }

    /// Takes the answer of a command that returns the officer's screen.
    pub fn set_today(self, today: TodayView) {
        self.today.set(Some(today));
    }

    /// The pill.
    pub fn pill(self) -> Signal<PillView> {
        Memo::new(move |_| {
            self.today.with(|today| today.as_ref().map(|today| today.pill.clone()).unwrap_or_default())
        })
        .into()
    }

    /// How many entries are not yet received, for the dock.
    pub fn waiting(self) -> Signal<u32> {
        let pill = self.pill();
        Signal::derive(move || pill.with(|pill| pill.waiting + pill.needs_you))
    }

    /// The number of the last change: screens read it to load again.
    pub fn change(self) -> Signal<u64> {
        self.change.into()
    }

    /// Whether Called away belongs on a screen: a shift runs and the officer is not away already.
    pub fn may_go_away(self) -> Signal<bool> {
        use beatbook_protocol::ipc::Doing;
        Memo::new(move |_| {
            self.today.with(|today| {
                today
                    .as_ref()
                    .and_then(|today| today.shift.as_ref())
                    .is_some_and(|shift| !matches!(shift.doing, Doing::Away { .. }))
            })
        })
        .into()
    }

    /// Has a line read out politely.
    pub fn announce(self, text: impl Into<String>) {
        let text = text.into();
        // The same words twice are two announcements: a reader speaks only what changed.
        let again = self.announcement.with_untracked(|said| *said == text);
        self.announcement.set(if again { format!("{text}\u{a0}") } else { text });
    }

    /// Where screens go.
    pub fn router(self) -> Router {
        self.router
    }

    /// Where messages go.
    pub fn toasts(self) -> Toasts {
        self.toasts
    }

    /// Shows an error of a press that has no place of its own, and sends the person to unlock when that is the cause.
    pub fn report(self, error: &AppError) {
        if error.code == ErrorCode::Locked {
            self.lost();
        } else {
            self.toasts.say(error.message.clone());
        }
    }

    /// Asks what this phone is and which screen that makes.
    pub fn start(self) {
        spawn_local(async move {
            match call(GetStatus {}).await {
                Ok(status) => {
                    let phase = if status.profiles.is_empty() { Phase::Enrol } else { Phase::Locked };
                    let open = status.open.is_some();
                    self.status.set(Some(status));
                    if open {
                        // The web view was loaded again under an open notebook: who looks at it must show that again.
                        self.lock(false);
                    } else {
                        self.show(phase);
                    }
                }
                Err(error) => self.show(Phase::Failed(error)),
            }
        });
    }

    /// Changes what stands between the person and the notebook; the same again is no change, so no sheet closes by itself.
    fn show(self, phase: Phase) {
        if self.phase.with_untracked(|now| *now != phase) {
            self.phase.set(phase);
        }
    }

    /// Reads the status again without changing screen, for the lock screen's counters.
    pub fn refresh_status(self) {
        spawn_local(async move {
            if let Ok(status) = call(GetStatus {}).await {
                self.status.set(Some(status));
            }
        });
    }

    /// A notebook was set up: choose it on the lock screen.
    pub fn enrolled(self, status: StatusView) {
        self.status.set(Some(status));
        self.show(Phase::Locked);
    }

    /// Goes from the lock screen to setting up another officer, or back.
    pub fn enrol_another(self, yes: bool) {
        self.show(if yes { Phase::Enrol } else { Phase::Locked });
    }

    /// A notebook was opened.
    pub fn opened(self, session: SessionView) {
        let opening = self.opening.get_value().wrapping_add(1);
        self.opening.set_value(opening);
        let can = |capability| session.capabilities.contains(&capability);
        let lands_on = match (can(Capability::Patrol), can(Capability::Review), can(Capability::Standards)) {
            (false, true, _) => Route::Team,
            (false, false, true) => Route::Standards,
            _ => Route::Today,
        };
        self.session.set(Some(session));
        spawn_local(async move {
            match call(GetLists {}).await {
                Ok(lists) => self.lists.set(Some(Arc::new(lists))),
                Err(error) => self.report(&error),
            }
            self.refresh_today().await;
            self.router.replace(lands_on);
            self.show(Phase::Open);
            self.follow(opening).await;
        });
    }

    /// The long poll: whenever the device says something changed, the officer's screen is read again and every screen
    /// that reads [`Shell::change`] with it. Ends with the session.
    async fn follow(self, opening: u32) {
        let mut since = 0;
        let ours = || self.opening.get_value() == opening && self.session.with_untracked(Option::is_some);
        while ours() {
            match call(WaitForChange { since }).await {
                Ok(_) if !ours() => {}
                Ok(seen) if seen.locked => self.lost(),
                Ok(seen) => {
                    self.may_now(seen.capabilities);
                    if seen.now != since {
                        since = seen.now;
                        self.refresh_today().await;
                        self.change.set(since);
                    }
                }
                Err(error) if error.code == ErrorCode::Locked && ours() => self.lost(),
                Err(_) => TimeoutFuture::new(AFTER_ERROR_MS).await,
            }
        }
    }

    /// Takes what the officer may do now: a grant may have begun or ended while the notebook was open.
    fn may_now(self, capabilities: Vec<Capability>) {
        let differs = self
            .session
            .with_untracked(|session| session.as_ref().is_some_and(|now| now.capabilities != capabilities));
        if differs {
            self.session.update(|session| {
                if let Some(session) = session {
                    session.capabilities = capabilities;
                }
            });
        }
    }

    /// Reads the officer's own screen again.
    pub async fn refresh_today(self) {
        match call(GetToday {}).await {
            Ok(today) => self.today.set(Some(today)),
            Err(error) if error.code == ErrorCode::Locked => self.lost(),
            // The view in hand stays: it was true when it was read, and the loop asks again.
            Err(_) => {}
        }
    }

    /// Locks the screen. The engine goes on sending for the policy time unless `seal` is set.
    pub fn lock(self, seal: bool) {
        self.forget();
        spawn_local(async move {
            // The screen closes first: a form gives its last words to the notebook while that is open.
            TimeoutFuture::new(0).await;
            match call(Lock { seal }).await {
                Ok(status) => {
                    let none = status.profiles.is_empty();
                    self.status.set(Some(status));
                    self.show(if none { Phase::Enrol } else { Phase::Locked });
                }
                Err(_) => self.start(),
            }
        });
    }

    /// The device locked the notebook by itself.
    fn lost(self) {
        self.forget();
        self.show(Phase::Locked);
        self.refresh_status();
    }

    /// Drops everything that was read from the notebook.
    fn forget(self) {
        // The lock screen begins with whoever was here, before the device says so too.
        if let Some(officer) = self.session.with_untracked(|session| session.as_ref().map(|it| it.officer)) {
            self.status.update(|status| {
                if let Some(status) = status {
                    status.profiles.sort_by_key(|profile| profile.officer != officer);
                }
            });
        }
        self.show(Phase::Locked);
        self.session.set(None);
        self.today.set(None);
        self.lists.set(None);
        self.handed.set_value(None);
        // The public card stays in front: nothing comes from under it without the hold.
        self.toasts.clear();
    }

    /// Leaves a draft that was just read for its form, so that the form need not ask again.
    pub fn hand_over(self, draft: DraftView) {
        self.handed.set_value(Some(draft));
    }

    /// Takes the draft that was left for the form of `id`.
    pub fn take_over(self, id: EntryId) -> Option<DraftView> {
        let handed = self.handed.get_value().filter(|draft| draft.entry_id == id);
        self.handed.set_value(None);
        handed
    }

    /// Whether the public card hides the app.
    pub fn covered(self) -> Signal<bool> {
        Signal::derive(move || self.covered_at.with(Option::is_some))
    }

    /// Hides the app behind the public card, at once.
    pub fn cover(self) {
        self.covered_at.set(Some(dom::now().0));
        haptic::tick(Tick::Short);
    }

    /// Back from the public card; after thirty seconds the secret is asked for.
    pub fn uncover(self) {
        let Some(since) = self.covered_at.get_untracked() else { return };
        self.covered_at.set(None);
        let open = self.session.with_untracked(Option::is_some);
        if open && dom::now().0 - since > COVER_LOCKS_MS {
            self.lock(false);
        }
    }

    /// Called away in one press, from any patrol screen. A form keeps its draft as it closes.
    pub fn called_away(self) {
        let in_form = self.router.current().get_untracked().is_form();
        let at = dom::now();
        spawn_local(async move {
            match call(GoAway { reason: None, author_only: false }).await {
                Ok(today) => {
                    self.set_today(today);
                    self.router.go(Route::Today);
                    self.toasts.say(words::away_stamped(at, in_form));
                }
                Err(error) => self.report(&error),
            }
        });
    }
}

/// A clock that ticks twice a minute, for timers on screen. It tells nothing to any record.
#[must_use]
pub fn use_minute() -> Signal<time::Millis> {
    let now = RwSignal::new(dom::now());
    let ticking = StoredValue::new_local(Some(gloo_timers::callback::Interval::new(15_000, move || {
        now.set(dom::now())
    })));
    on_cleanup(move || ticking.set_value(None));
    now.into()
}

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    let router = Router::new();
    let toasts = Toasts::new();
    let shell = Shell::new(router, toasts);
    provide_context(shell);
    provide_context(toasts);
    provide_context(Theme::current());
    let keys = Shortcuts::current();
    provide_context(keys);
    follow_keys(shell, keys);
    shell.start();
    lock_when_idle(shell);
    tick_visits(shell);

    let covered = shell.covered();
    let current = router.current();
    // A screen that opened on one address is another screen on the next: scroll starts again.
    Effect::new(move |_| {
        current.track();
        dom::scroll_to_start();
    });
    view! {
        <div hidden=move || covered.get() inert=move || covered.get()>
            {move || match shell.phase.get() {
                Phase::Starting => view! { <p class="starting">{words::LOADING}</p> }.into_any(),
                Phase::Failed(error) => view! { <Failed error /> }.into_any(),
                Phase::Enrol => view! { <screens::enrol::Enrol /> }.into_any(),
                Phase::Locked => view! { <screens::unlock::Unlock /> }.into_any(),
                Phase::Open => view! { <OpenScreen /> }.into_any(),
            }}
            <ShortcutList />
        </div>
        <Show when=move || covered.get()>
            <screens::cover::Cover />
        </Show>
        <p class="vh" role="status" data-test="announcer">
            {move || shell.announcement.get()}
        </p>
    }
}

/// The screen of the address.
#[component]
fn OpenScreen() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let current = shell.router.current();
    move || match current.get() {
        Route::Today => view! { <screens::today::Today /> }.into_any(),
        Route::StartShift => view! { <screens::start_shift::StartShift /> }.into_any(),
        Route::Engagement(id) => view! { <screens::engagement::Engagement id /> }.into_any(),
        Route::Concern(id) => view! { <screens::concern::Concern id /> }.into_any(),
        Route::Cards => view! { <screens::cards::Cards /> }.into_any(),
        Route::Places => view! { <screens::places::Places /> }.into_any(),
        Route::Duties => view! { <screens::duties::Duties /> }.into_any(),
        Route::Find => view! { <screens::find::Find /> }.into_any(),
        Route::Ready => view! { <screens::ready::Ready /> }.into_any(),
        Route::Settings => view! { <screens::settings::Settings /> }.into_any(),
        Route::Crew => view! { <screens::crew::Crew /> }.into_any(),
        Route::Handout(id) => view! { <screens::handout::Handout id /> }.into_any(),
        Route::PowerUse(id) => view! { <screens::power_use::PowerUse id /> }.into_any(),
        Route::Event(id) => view! { <screens::event::Event id /> }.into_any(),
        Route::Referral(id) => view! { <screens::referral::Referral id /> }.into_any(),
        Route::Slip(id) => view! { <screens::slip::Slip id /> }.into_any(),
        Route::Outbox => view! { <screens::outbox::Outbox /> }.into_any(),
        Route::EndShift => view! { <screens::end_shift::EndShift /> }.into_any(),
        Route::Entry(id) => view! { <screens::entry::Entry id /> }.into_any(),
        Route::Replace => view! { <screens::replace::Replace /> }.into_any(),
        Route::Team => view! { <screens::team::Team /> }.into_any(),
        Route::Summary(id) => view! { <screens::summary::Summary id /> }.into_any(),
        Route::Briefing => view! { <screens::briefing::Briefing /> }.into_any(),
        Route::Taskings => view! { <screens::taskings::Taskings /> }.into_any(),
        Route::Tasking(id) => view! { <screens::tasking::TaskingForm id /> }.into_any(),
        Route::Review => view! { <screens::review_list::ReviewList /> }.into_any(),
        Route::Standards => view! { <screens::standards::Standards /> }.into_any(),
        Route::Period => view! { <screens::period::Period /> }.into_any(),
    }
}

/// The device could not start: what happened, that everything is safe, and what to do.
#[component]
fn Failed(error: AppError) -> impl IntoView {
    let shell = expect_context::<Shell>();
    view! {
        <main class="main pad-top" id="main">
            <h1>{words::APP}</h1>
            <Note tone=Tone::Bad glyph=Glyph::Alert heading=words::THERE_IS_A_PROBLEM text=error.message test="failed">
                <div class="btn-row">
                    <button type="button" class="btn" data-test="try-again" on:click=move |_| shell.start()>
                        {words::TRY_AGAIN}
                    </button>
                </div>
            </Note>
        </main>
    }
}
