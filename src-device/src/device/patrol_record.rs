//! What a patrol record is made of: the legs, visits, breaks and calls away of a shift.

use beatbook_domain::entry::Kind;
use beatbook_domain::id::EntryId;
use beatbook_domain::shift;
use beatbook_protocol::ipc::StretchRow;

use super::context::Context;
use super::views::Folded;

/// The stretches of a shift in the order they began; none where the shift is not among the entries.
pub(super) fn stretches(folded: &Folded, shift_id: EntryId, context: &Context) -> Vec<StretchRow> {
    let Some(shift) = shift::read(&folded.entries, shift_id) else { return Vec::new() };
    let kinds = [
        (Kind::LegStarted, &shift.legs),
        (Kind::VisitStarted, &shift.visits),
        (Kind::BreakStarted, &shift.breaks),
        (Kind::CalledAway, &shift.away),
    ];
    let mut rows: Vec<StretchRow> = kinds
        .into_iter()
        .flat_map(|(kind, spans)| spans.iter().map(move |span| (kind, span)))
        .map(|(kind, span)| {
            let head = &span.entry.current().head;
            let author = span.entry.first().head.author;
            StretchRow {
                entry_id: span.entry.entry_id,
                kind,
                codes: head.codes.clone(),
                area: head.area.as_ref().map(|area| context.area_name(area)),
                at: span.from,
                until: span.until,
                end_kind: head.end_kind,
                author: (author != context.me.officer).then(|| context.title(author)),
            }
        })
        .collect();
    rows.sort_by_key(|row| (row.at, row.entry_id));
    rows
}
