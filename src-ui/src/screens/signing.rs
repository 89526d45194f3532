//! Signing: the whole record is shown once, with what somebody will be asked, then signed.

use beatbook_domain::entry::DraftForm;
use beatbook_domain::time;
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::{Note, Tone};
use crate::components::sheet::Sheet;
use crate::dom;
use crate::locales::words;
use crate::screens::form::FormWork;
use crate::screens::reading::ReadBody;

/// A form on its way to being signed.
#[derive(Clone, Copy)]
pub struct Signing {
    work: FormWork,
    form: Signal<DraftForm>,
    open: RwSignal<bool>,
    asked: RwSignal<Vec<String>>,
}

impl Signing {
    /// For the form at work.
    pub fn of(work: FormWork, form: Signal<DraftForm>) -> Self {
        Self { work, form, open: RwSignal::new(false), asked: RwSignal::new(Vec::new()) }
    }

    /// Runs the check: opens the sheet, or shows what stops it.
    pub fn check(self) {
        if let Some(flags) = self.work.check() {
            self.asked.set(flags);
            self.open.set(true);
        }
    }
}

/// The whole record, once, then the signature.
#[component]
pub fn SignSheet(
    /// The form on its way.
    signing: Signing,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let Signing { work, form, open, asked } = signing;
    let body = move || {
        let lists = shell.lists().get_untracked()?;
        let now = dom::now();
        Some(form.get_untracked().bodies(&lists.edition, time::duty_date(now), now).ok()?.main)
    };
    view! {
        <Sheet open title=words::SIGN_TITLE id="sign-sheet" tall=true>
            <p class="sub">{words::SIGN_TEXT}</p>
            {move || {
                asked
                    .get()
                    .into_iter()
                    .map(|text| {
                        view! {
                            <Note tone=Tone::Wait glyph=Glyph::Info heading=words::WILL_BE_ASKED text test="sign-asked" />
                        }
                    })
                    .collect_view()
            }}
            {move || body().map(|body| view! { <ReadBody body /> })}
            <div class="btn-row">
                <button type="button" class="btn btn-lg" data-test="sign-back" on:click=move |_| open.set(false)>
                    {words::GO_BACK_TO_NOTE}
                </button>
                <button
                    type="button"
                    class="btn btn-lg btn-go"
                    data-test="sign"
                    on:click=move |_| {
                        open.set(false);
                        work.save();
                    }
                >
                    <Icon glyph=Glyph::Pencil />
                    {words::SIGN}
                </button>
            </div>
        </Sheet>
    }
}
