//! What both forms share: opening a draft, keeping it, showing what stops Save, saving with Undo, discarding.

use beatbook_domain::check::{self, Problem, Severity};
use beatbook_domain::entry::{Circumstances, DraftForm};
use beatbook_domain::id::EntryId;
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{
    AppError, DiscardDraft, DraftView, ErrorCode, OpenDraft, SaveDraft, SavedView, UndoSave,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::fields::{Fault, Faults};
use crate::components::frame::{AppShell, Back, Main, Top};
use crate::components::icon::{Glyph, Icon};
use crate::components::sheet::Sheet;
use crate::components::toast::Toast;
use crate::dom;
use crate::haptic::{self, Tick};
use crate::ipc::call;
use crate::keeper::Keeper;
use crate::locales::words;
use crate::route::Route;
use crate::screens::LoadError;

/// The form of a draft, by its kind.
pub fn route_of(draft: &DraftView) -> Route {
    match draft.form {
        DraftForm::Engagement(_) => Route::Engagement(draft.entry_id),
        DraftForm::Concern(_) => Route::Concern(draft.entry_id),
        DraftForm::Handout(_) => Route::Handout(draft.entry_id),
        DraftForm::PowerUse(_) => Route::PowerUse(draft.entry_id),
        DraftForm::Event(_) => Route::Event(draft.entry_id),
        DraftForm::Referral(_) => Route::Referral(draft.entry_id),
        DraftForm::Tasking(_) => Route::Tasking(draft.entry_id),
    }
}

/// Opens a draft and goes to its form.
pub fn open_draft(shell: Shell, open: OpenDraft) {
    spawn_local(async move {
        match call(open).await {
            Ok(draft) => {
                let to = route_of(&draft);
                shell.hand_over(draft);
                shell.router().go(to);
            }
            Err(error) => shell.report(&error),
        }
    });
}

/// Says that an entry is saved, with Undo for ten seconds: it then opens as a draft again.
pub fn offer_undo(shell: Shell, entry_id: EntryId, saved_at: Millis) {
    let undo = Callback::new(move |()| {
        spawn_local(async move {
            match call(UndoSave { entry_id }).await {
                Ok(draft) => {
                    let to = route_of(&draft);
                    shell.hand_over(draft);
                    shell.router().go(to);
                    shell.refresh_today().await;
                }
                Err(error) => shell.report(&error),
            }
        });
    });
    haptic::tick(Tick::Short);
    shell.toasts().show(Toast { text: words::saved_at(saved_at), undo: Some(undo) });
}

/// Loads the draft of a form and draws it, once.
#[component]
pub fn DraftScreen<F, V>(
    /// The draft.
    id: EntryId,
    /// The heading while it loads.
    title: &'static str,
    /// Draws the form.
    form: F,
) -> impl IntoView
where
    F: Fn(DraftView) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let shell = expect_context::<Shell>();
    let draft = RwSignal::new(shell.take_over(id));
    let error = RwSignal::new(None::<AppError>);
    if draft.with_untracked(Option::is_none) {
        spawn_local(async move {
            match call(OpenDraft::Kept(id)).await {
                Ok(view) => {
                    let _ = draft.try_set(Some(view));
                }
                Err(refused) if refused.code == ErrorCode::Locked => shell.report(&refused),
                Err(refused) => {
                    let _ = error.try_set(Some(refused));
                }
            }
        });
    }
    move || match draft.get() {
        Some(draft) => form(draft).into_any(),
        None => view! {
            <AppShell>
                <Top title back=Back { to: Route::Today, label: words::BACK_TO_SHIFT } />
                <Main>
                    <LoadError error />
                </Main>
            </AppShell>
        }
        .into_any(),
    }
}

/// One form at work.
#[derive(Clone, Copy)]
pub struct FormWork {
    shell: Shell,
    entry_id: EntryId,
    form: Signal<DraftForm>,
    told: Signal<Circumstances>,
    /// Keeps what is typed.
    pub keeper: Keeper,
    /// What stops Save, shown only once the person pressed it.
    pub faults: Faults,
    anchor: fn(&str) -> &'static str,
    busy: StoredValue<bool>,
}

impl FormWork {
    /// Starts keeping `form`. `anchor` says which control stands for a field of the check.
    pub fn start(
        entry_id: EntryId,
        form: Signal<DraftForm>,
        told: Signal<Circumstances>,
        anchor: fn(&str) -> &'static str,
    ) -> Self {
        let work = Self {
            shell: expect_context::<Shell>(),
            entry_id,
            form,
            told,
            keeper: Keeper::start(entry_id, form, told),
            faults: Faults::none(),
            anchor,
            busy: StoredValue::new(false),
        };
        Effect::new(move |_| {
            form.track();
            told.track();
            if work.faults.any()
                && let Some((blocks, _)) = work.findings()
            {
                work.faults.mend(&blocks);
            }
        });
        work
    }

    fn fault(self, problem: &Problem) -> Fault {
        Fault { anchor: (self.anchor)(&problem.field), text: problem.code.words().to_owned() }
    }

    /// What the check finds now: what stops Save, and what somebody will be asked about.
    fn findings(self) -> Option<(Vec<Fault>, Vec<String>)> {
        let lists = self.shell.lists().get_untracked()?;
        let found =
            check::form(&self.form.get_untracked(), &self.told.get_untracked(), &lists.edition, dom::now());
        let (blocks, flags): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|p| p.severity == Severity::Block);
        let blocks = blocks.iter().map(|problem| self.fault(problem)).collect();
        Some((blocks, flags.iter().map(|problem| problem.code.words().to_owned()).collect()))
    }

    /// Runs the check. What stops Save goes into the summary; what somebody will be asked about is returned.
    pub fn check(self) -> Option<Vec<String>> {
        let (blocks, flags) = self.findings()?;
        let clear = blocks.is_empty();
        self.faults.show(blocks);
        clear.then_some(flags)
    }

    /// Seals the draft and goes back to the shift, with Undo for ten seconds.
    pub fn save(self) {
        if self.busy.get_value() || self.check().is_none() {
            return;
        }
        self.busy.set_value(true);
        self.keeper.stop();
        let command = SaveDraft {
            entry_id: self.entry_id,
            form: self.form.get_untracked(),
            told: self.told.get_untracked(),
        };
        spawn_local(async move {
            match call(command).await {
                Ok(saved) => self.saved(&saved).await,
                Err(error) => {
                    self.busy.set_value(false);
                    self.keeper.resume();
                    self.refused(error);
                }
            }
        });
    }

    async fn saved(self, saved: &SavedView) {
        let Self { shell, entry_id, .. } = self;
        shell.refresh_today().await;
        // A correction is looked at; anything new goes back to the shift.
        let amends = self.told.with_untracked(Circumstances::is_amendment);
        let plan = self.form.with_untracked(|form| matches!(form, DraftForm::Tasking(_)));
        shell.router().replace(match (plan, amends) {
            // A plan stands among the plans, with who has read it.
            (true, _) => Route::Taskings,
            (false, true) => Route::Entry(entry_id),
            (false, false) => Route::Today,
        });
        offer_undo(shell, entry_id, saved.saved_at);
    }

    fn refused(self, error: AppError) {
        match error.code {
            ErrorCode::Locked => self.shell.report(&error),
            ErrorCode::Invalid if !error.problems.is_empty() => {
                self.faults.show(error.problems.iter().map(|problem| self.fault(problem)).collect());
            }
            _ => self.faults.show(vec![Fault { anchor: "main", text: error.message }]),
        }
    }

    /// Discards the draft; its mark stays.
    fn discard(self) {
        self.keeper.stop();
        let Self { shell, entry_id, .. } = self;
        spawn_local(async move {
            match call(DiscardDraft { entry_id }).await {
                Ok(today) => {
                    shell.set_today(today);
                    let plan = self.form.with_untracked(|form| matches!(form, DraftForm::Tasking(_)));
                    shell.router().replace(if plan { Route::Taskings } else { Route::Today });
                    shell.toasts().say(words::DISCARDED);
                }
                Err(error) => {
                    self.keeper.resume();
                    shell.report(&error);
                }
            }
        });
    }
}

/// Discard, at the very end of a form: a plain key and a question.
#[component]
pub fn Discard(
    /// The form.
    work: FormWork,
) -> impl IntoView {
    let asking = RwSignal::new(false);
    view! {
        <button type="button" class="btn btn-quiet" data-test="discard" on:click=move |_| asking.set(true)>
            {words::DISCARD}
        </button>
        <Sheet open=asking title=words::DISCARD_ASK id="discard-sheet">
            <p>{words::DISCARD_EXPLAIN}</p>
            <div class="btn-row">
                <button type="button" class="btn btn-lg" data-test="discard-cancel" on:click=move |_| asking.set(false)>
                    {words::NOT_NOW}
                </button>
                <button
                    type="button"
                    class="btn btn-lg"
                    data-test="discard-confirm"
                    on:click=move |_| {
                        asking.set(false);
                        work.discard();
                    }
                >
                    <Icon glyph=Glyph::Close />
                    {words::DISCARD}
                </button>
            </div>
        </Sheet>
    }
}
