//! The screens and the device engine: one struct for each use case, one list of them all.
//!
//! The screens call `call(StartShift { .. }).await -> Result<TodayView, AppError>`; the shell registers one command for
//! each line of the commands macro; the engine implements each. A command that is not in the list does not exist.

mod capture;
mod cards;
mod duty;
mod error;
mod export;
mod figures;
mod find;
mod outbox;
mod place;
mod profile;
mod ready;
mod replace;
mod review;
mod shift;
mod tasking;

pub use capture::*;
pub use cards::*;
pub use duty::*;
pub use error::*;
pub use export::*;
pub use figures::*;
pub use find::*;
pub use outbox::*;
pub use place::*;
pub use profile::*;
pub use ready::*;
pub use replace::*;
pub use review::*;
pub use shift::*;
pub use tasking::*;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A use case of the screens: its name on the bridge and what it answers.
pub trait Command: Serialize + DeserializeOwned + Send + 'static {
    /// Name on the bridge, snake case.
    const NAME: &'static str;
    /// What it answers.
    type Output: Serialize + DeserializeOwned + Send + 'static;
}

/// Calls `$callback! { Type => name -> Output; … }` with every command. The only list.
#[macro_export]
macro_rules! commands {
    ($callback:ident) => {
        $callback! {
            GetStatus => get_status -> StatusView;
            Enrol => enrol -> StatusView;
            Unlock => unlock -> SessionView;
            Lock => lock -> StatusView;
            WaitForChange => wait_for_change -> ChangeView;
            GetLists => get_lists -> ListsView;
            GetToday => get_today -> TodayView;
            StartShift => start_shift -> TodayView;
            StartLeg => start_leg -> TodayView;
            EndLeg => end_leg -> TodayView;
            StartBreak => start_break -> TodayView;
            EndBreak => end_break -> TodayView;
            GoAway => go_away -> TodayView;
            ComeBack => come_back -> TodayView;
            AnswerCrewClaim => answer_crew_claim -> TodayView;
            JoinUnit => join_unit -> TodayView;
            AddCrew => add_crew -> TodayView;
            EndCrew => end_crew -> TodayView;
            EnterArea => enter_area -> TodayView;
            LeaveArea => leave_area -> TodayView;
            ListOwnShifts => list_own_shifts -> OwnShiftsView;
            GetClosing => get_closing -> ClosingView;
            EndShift => end_shift -> ClosingView;
            OpenDraft => open_draft -> DraftView;
            KeepDraft => keep_draft -> DraftKept;
            DiscardDraft => discard_draft -> TodayView;
            SaveDraft => save_draft -> SavedView;
            UndoSave => undo_save -> DraftView;
            SameAgain => same_again -> SavedView;
            WithdrawEntry => withdraw_entry -> EntryView;
            CorrectTimes => correct_times -> EntryView;
            SetReferralState => set_referral_state -> EntryView;
            KeepPhoto => keep_photo -> PhotoView;
            GetPhoto => get_photo -> PhotoView;
            AskPhoto => ask_photo -> PhotoAsked;
            FetchPhoto => fetch_photo -> PhotoView;
            GetCards => get_cards -> CardsView;
            GiveCards => give_cards -> SavedView;
            MoveStock => move_stock -> CardsView;
            ListDuties => list_duties -> DutiesView;
            DischargeDuty => discharge_duty -> TodayView;
            GetHandover => get_handover -> HandoverView;
            AcceptDuties => accept_duties -> HandoverView;
            HandOverDuties => hand_over_duties -> HandoverView;
            GiveReference => give_reference -> EntryView;
            GetSlip => get_slip -> SlipView;
            KeepSlip => keep_slip -> SlipView;
            MoveToSlip => move_to_slip -> SlipView;
            DropSlip => drop_slip -> SlipView;
            FindEntries => find_entries -> FoundView;
            GetReadiness => get_readiness -> ReadinessView;
            NoteNow => note_now -> NoteSealed;
            SearchPlaces => search_places -> PlacesFound;
            LocatePlace => locate_place -> PlaceView;
            ListPlaces => list_places -> PlacesView;
            GetOutbox => get_outbox -> OutboxView;
            SendNow => send_now -> SendNowView;
            QueueAgain => queue_again -> SendNowView;
            GetEntry => get_entry -> EntryView;
            FetchEntry => fetch_entry -> EntryView;
            ListShifts => list_shifts -> ShiftListView;
            GetSummary => get_summary -> SummaryView;
            ExportShift => export_shift -> ExportedView;
            ExportPeriod => export_period -> ExportedView;
            GetFigures => get_figures -> FiguresView;
            DecideEntry => decide_entry -> EntryView;
            ApproveShift => approve_shift -> SummaryView;
            ApproveShifts => approve_shifts -> ShiftListView;
            ListEscalated => list_escalated -> EscalatedView;
            ListStandards => list_standards -> StandardsView;
            AnswerReturn => answer_return -> EntryView;
            ListTeamPhones => list_team_phones -> TeamPhonesView;
            ReplacePhone => replace_phone -> ReplacedView;
            GetBriefings => get_briefings -> BriefingsView;
            AcknowledgeBriefing => acknowledge_briefing -> BriefingsView;
            DeviateFromBriefing => deviate_from_briefing -> BriefingsView;
            TakeBackDeviation => take_back_deviation -> BriefingsView;
            ListTaskings => list_taskings -> TaskingsView;
        }
    };
}

macro_rules! implement {
    ($($command:ident => $name:ident -> $output:ident;)+) => {
        $(impl Command for $command {
            const NAME: &'static str = stringify!($name);
            type Output = $output;
        })+
        /// The names of all commands, as the bridge knows them.
        pub const COMMANDS: &[&str] = &[$(stringify!($name)),+];
    };
}
commands!(implement);
