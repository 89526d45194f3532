//! A table of codes with their counts.

use beatbook_domain::summary::CodeCount;
use leptos::prelude::*;

/// Codes with their counts.
#[component]
pub fn Counts(
    counts: Vec<CodeCount>,
    first: &'static str,
    second: &'static str,
    none: &'static str,
) -> impl IntoView {
    if counts.is_empty() {
        return view! { <p class="sub">{none}</p> }.into_any();
    }
    view! {
        <table class="tbl">
            <thead class="vh">
                <tr>
                    <th scope="col">{first}</th>
                    <th scope="col">{second}</th>
                </tr>
            </thead>
            <tbody>
                {counts
                    .into_iter()
                    .map(|count| {
                        view! {
                            <tr data-code=count.code.to_string()>
                                <th scope="row">{count.label}</th>
                                <td class="r">{count.count}</td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </tbody>
        </table>
    }
    .into_any()
}
