//! Totals, side by side. A total never stands alone when entries are known to be elsewhere: the screen puts what is
//! missing beside it.

use leptos::prelude::*;

/// One total: what it counts, the figure, and the words after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KpiFigure {
    /// The test name, such as `kpi-patrol-hours`.
    pub test: &'static str,
    /// What it counts.
    pub label: &'static str,
    /// The figure.
    pub figure: String,
    /// The words after it, in small type.
    pub note: String,
}

/// A band of totals.
#[component]
pub fn Kpis(
    /// The accessible name of the band.
    label: &'static str,
    /// The totals in order.
    #[prop(into)]
    figures: Signal<Vec<KpiFigure>>,
) -> impl IntoView {
    view! {
        <dl class="kpis" aria-label=label>
            {move || {
                figures
                    .get()
                    .into_iter()
                    .map(|figure| {
                        view! {
                            <div class="kpi" data-test=figure.test>
                                <dt>{figure.label}</dt>
                                <dd>{figure.figure} " " <small>{figure.note}</small></dd>
                            </div>
                        }
                    })
                    .collect_view()
            }}
        </dl>
    }
}
