//! Same again: the officer's last engagement repeated in one press, with place and time refreshed.

use beatbook_domain::entry::{Body, Circumstances, DraftForm, Engagement, Kind, Origin};
use beatbook_domain::time::local;
use beatbook_protocol::ipc::{AppError, SameAgain, SavedView};

use super::capture::carried;
use super::error::not_now;
use super::saving::{Sealing, checked, seal};
use super::views::Folded;
use super::{Device, Handle};
use crate::store::append::new_entry_id;
use crate::store::drafts::Draft;
use crate::store::{Store, StoreError};
use crate::words;

/// Engagements looked through in one go.
const PAGE: u32 = 12;

/// The officer's newest engagement that stands.
fn last_engagement(store: &mut Store) -> Result<Option<Engagement>, StoreError> {
    let me = store.identity().officer.officer;
    let mut before = i64::MAX;
    loop {
        let page = store.own_before(Kind::Engagement, before, PAGE)?;
        let mut found = Folded::new(page.rows).entries;
        found.sort_by_key(|entry| std::cmp::Reverse((entry.occurred_at(), entry.entry_id)));
        for entry in found {
            // A page may hold only the older revisions of an entry that was withdrawn since.
            let whole = Folded::new(store.revisions_of_entry(entry.entry_id)?);
            let entry = whole.entry(entry.entry_id).filter(|entry| !entry.is_withdrawn());
            if let Some(Body::Engagement(engagement)) = entry
                .filter(|entry| entry.first().head.author == me)
                .and_then(|entry| entry.current().body.as_ref())
            {
                return Ok(Some(engagement.clone()));
            }
        }
        let Some(next) = page.next else { return Ok(None) };
        before = next;
    }
}

/// Whether there is an engagement to repeat.
pub(super) fn can_repeat(store: &mut Store) -> Result<bool, StoreError> {
    Ok(last_engagement(store)?.is_some())
}

impl Handle<SameAgain> for Device {
    async fn handle(&self, _command: SameAgain) -> Result<SavedView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        let here = self.here(&context)?;
        let (saved, undo) = session
            .save(move |store| {
                let last = last_engagement(store)?.ok_or_else(|| not_now(words::NO_ENGAGEMENT_TO_REPEAT))?;
                let mut form = last.again(&context.edition, local(now).date_naive());
                form.place = match here {
                    Some(here) => Some(here),
                    None => carried(store)?.place.or(form.place),
                };
                let form = DraftForm::Engagement(form);
                let told = Circumstances::now(now);
                let bodies = checked(&form, &told, &context, now)?;
                let draft = Draft {
                    entry_id: new_entry_id(now),
                    form,
                    opened_at: now,
                    kept_at: now,
                    told,
                    from_note: false,
                    base_rid: 0,
                };
                seal(store, Sealing { draft, origin: Origin::Repeated, bodies }, &context, now)
            })
            .await?;
        self.put_away(&session, undo).await;
        self.changed();
        Ok(saved)
    }
}
