//! The screens by address. The address is a fragment with a screen and at most one id; it never holds record content.

use beatbook_domain::entry::Kind;
use beatbook_domain::id::EntryId;
use leptos::prelude::*;

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// The officer's shift.
    Today,
    /// Opening a shift.
    StartShift,
    /// An engagement form on a draft.
    Engagement(EntryId),
    /// A concern note form on a draft.
    Concern(EntryId),
    /// The cards: stock and ledger.
    Cards,
    /// The areas and the visit.
    Places,
    /// What must still be done.
    Duties,
    /// Finding records.
    Find,
    /// Ready for patrol.
    Ready,
    /// Settings of this phone.
    Settings,
    /// The unit: its code, who is in it, joining another.
    Crew,
    /// A handout form on a draft.
    Handout(EntryId),
    /// A power-used form on a draft.
    PowerUse(EntryId),
    /// An event form on a draft.
    Event(EntryId),
    /// A referral form on a draft.
    Referral(EntryId),
    /// The hand-over slip of a concern.
    Slip(EntryId),
    /// What has left the phone and what has not.
    Outbox,
    /// The closing receipt.
    EndShift,
    /// One entry with its history.
    Entry(EntryId),
    /// The shifts a sergeant answers for.
    Team,
    /// Replacing a colleague's phone.
    Replace,
    /// The summary of one shift.
    Summary(EntryId),
    /// What is asked of the officer tonight.
    Briefing,
    /// What a sergeant asks of a team, night by night.
    Taskings,
    /// The plan of one night, on a draft.
    Tasking(EntryId),
    /// What is to be reviewed.
    Review,
    /// Disclosures about people in policing, for professional standards alone.
    Standards,
    /// Figures over a period.
    Period,
}

impl Route {
    /// The address to put in a link.
    #[must_use]
    pub fn href(self) -> String {
        match self {
            Self::Today => "#/today".to_owned(),
            Self::StartShift => "#/start".to_owned(),
            Self::Engagement(id) => format!("#/engagement/{id}"),
            Self::Concern(id) => format!("#/concern/{id}"),
            Self::Cards => "#/cards".to_owned(),
            Self::Places => "#/places".to_owned(),
            Self::Duties => "#/duties".to_owned(),
            Self::Find => "#/find".to_owned(),
            Self::Ready => "#/ready".to_owned(),
            Self::Settings => "#/settings".to_owned(),
            Self::Crew => "#/crew".to_owned(),
            Self::Handout(id) => format!("#/handout/{id}"),
            Self::PowerUse(id) => format!("#/power/{id}"),
            Self::Event(id) => format!("#/event/{id}"),
            Self::Referral(id) => format!("#/referral/{id}"),
            Self::Slip(id) => format!("#/slip/{id}"),
            Self::Outbox => "#/outbox".to_owned(),
            Self::EndShift => "#/end".to_owned(),
            Self::Entry(id) => format!("#/entry/{id}"),
            Self::Team => "#/team".to_owned(),
            Self::Summary(id) => format!("#/summary/{id}"),
            Self::Replace => "#/replace".to_owned(),
            Self::Briefing => "#/briefing".to_owned(),
            Self::Taskings => "#/plans".to_owned(),
            Self::Tasking(id) => format!("#/plan/{id}"),
            Self::Review => "#/review".to_owned(),
            Self::Standards => "#/standards".to_owned(),
            Self::Period => "#/period".to_owned(),
        }
    }

    /// The screen of an address; `None` for a fragment within a screen, such as `#main`.
    #[must_use]
    pub fn parse(fragment: &str) -> Option<Self> {
        let mut parts = fragment.strip_prefix("#/")?.split('/');
        let name = parts.next()?;
        let id = parts.next().and_then(|id| id.parse().ok());
        match (name, id) {
            ("today", None) => Some(Self::Today),
            ("start", None) => Some(Self::StartShift),
            ("engagement", Some(id)) => Some(Self::Engagement(id)),
            ("concern", Some(id)) => Some(Self::Concern(id)),
            ("cards", None) => Some(Self::Cards),
            ("places", None) => Some(Self::Places),
            ("duties", None) => Some(Self::Duties),
            ("find", None) => Some(Self::Find),
            ("ready", None) => Some(Self::Ready),
            ("settings", None) => Some(Self::Settings),
            ("crew", None) => Some(Self::Crew),
            ("handout", Some(id)) => Some(Self::Handout(id)),
            ("power", Some(id)) => Some(Self::PowerUse(id)),
            ("event", Some(id)) => Some(Self::Event(id)),
            ("referral", Some(id)) => Some(Self::Referral(id)),
            ("slip", Some(id)) => Some(Self::Slip(id)),
            ("outbox", None) => Some(Self::Outbox),
            ("end", None) => Some(Self::EndShift),
            ("entry", Some(id)) => Some(Self::Entry(id)),
            ("team", None) => Some(Self::Team),
            ("summary", Some(id)) => Some(Self::Summary(id)),
            ("replace", None) => Some(Self::Replace),
            ("briefing", None) => Some(Self::Briefing),
            ("plans", None) => Some(Self::Taskings),
            ("plan", Some(id)) => Some(Self::Tasking(id)),
            ("review", None) => Some(Self::Review),
            ("standards", None) => Some(Self::Standards),
            ("period", None) => Some(Self::Period),
            _ => None,
        }
    }

    /// The form of a draft of this kind; `None` for a kind that has none, as a later Beatbook may write.
    #[must_use]
    pub const fn of_draft(kind: Kind, id: EntryId) -> Option<Self> {
        match kind {
            Kind::Engagement => Some(Self::Engagement(id)),
            Kind::Concern => Some(Self::Concern(id)),
            Kind::Handout => Some(Self::Handout(id)),
            Kind::PowerUse => Some(Self::PowerUse(id)),
            Kind::Event => Some(Self::Event(id)),
            Kind::Referral => Some(Self::Referral(id)),
            Kind::Tasking => Some(Self::Tasking(id)),
            _ => None,
        }
    }

    /// Whether the screen belongs to a patrol: it carries Called away while a shift runs.
    #[must_use]
    pub const fn is_form(self) -> bool {
        matches!(
            self,
            Self::Engagement(_)
                | Self::Concern(_)
                | Self::Handout(_)
                | Self::PowerUse(_)
                | Self::Event(_)
                | Self::Referral(_)
        )
    }
}

/// The screen in view, tied to the address so that Back works.
#[derive(Clone, Copy)]
pub struct Router {
    current: RwSignal<Route>,
}

impl Router {
    /// Follows the address from now on.
    #[must_use]
    pub fn new() -> Self {
        let current = RwSignal::new(Self::address().unwrap_or(Route::Today));
        let _follows = window_event_listener_untyped("hashchange", move |_| {
            if let Some(route) = Self::address()
                && current.get_untracked() != route
            {
                current.set(route);
            }
        });
        Self { current }
    }

    fn address() -> Option<Route> {
        Route::parse(&window().location().hash().unwrap_or_default())
    }

    /// The screen in view.
    #[must_use]
    pub fn current(self) -> Signal<Route> {
        self.current.into()
    }

    /// Goes to a screen; Back leads here again.
    pub fn go(self, route: Route) {
        let _ = window().location().set_hash(&route.href());
        if self.current.get_untracked() != route {
            self.current.set(route);
        }
    }

    /// Goes to a screen in place of this one, as after Save: Back must not lead into a form that is done.
    pub fn replace(self, route: Route) {
        if let Ok(history) = window().history() {
            let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&route.href()));
        }
        if self.current.get_untracked() != route {
            self.current.set(route);
        }
    }
}

impl Default for Router {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Route;
    use beatbook_domain::entry::Kind;

    #[test]
    fn every_address_leads_back_to_its_screen() {
        let id = "0192f0c0-0000-7000-8000-000000000001".parse().unwrap();
        for route in [
            Route::Today,
            Route::StartShift,
            Route::Engagement(id),
            Route::Concern(id),
            Route::Cards,
            Route::Places,
            Route::Duties,
            Route::Find,
            Route::Ready,
            Route::Settings,
            Route::Crew,
            Route::Handout(id),
            Route::PowerUse(id),
            Route::Event(id),
            Route::Referral(id),
            Route::Slip(id),
            Route::Outbox,
            Route::EndShift,
            Route::Entry(id),
            Route::Team,
            Route::Replace,
            Route::Summary(id),
            Route::Briefing,
            Route::Taskings,
            Route::Tasking(id),
            Route::Review,
            Route::Standards,
            Route::Period,
        ] {
            assert_eq!(Route::parse(&route.href()), Some(route));
        }
    }

    #[test]
    fn a_draft_of_every_form_leads_to_it() {
        let id = "0192f0c0-0000-7000-8000-000000000001".parse().unwrap();
        for kind in
            [Kind::Engagement, Kind::Concern, Kind::Handout, Kind::PowerUse, Kind::Event, Kind::Referral]
        {
            assert!(Route::of_draft(kind, id).is_some_and(Route::is_form), "{kind:?}");
        }
        assert_eq!(Route::of_draft(Kind::DutyOpened, id), None);
    }

    #[test]
    fn a_place_within_a_screen_is_no_screen() {
        assert_eq!(Route::parse("#main"), None);
        assert_eq!(Route::parse("#/entry/not-an-id"), None);
        assert_eq!(Route::parse(""), None);
    }
}
