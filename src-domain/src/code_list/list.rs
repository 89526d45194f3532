//! Names of the lists, as records and editions spell them.

/// Type of engagement.
pub const ENGAGEMENT_TYPE: &str = "engagement_type";
/// Topics discussed.
pub const TOPIC: &str = "topic";
/// StreetSafe, environment.
pub const STREETSAFE_ENVIRONMENT: &str = "streetsafe_environment";
/// StreetSafe, behaviour.
pub const STREETSAFE_BEHAVIOUR: &str = "streetsafe_behaviour";
/// The four steps of Enough.
pub const ENOUGH: &str = "enough";
/// Materials handed out.
pub const MATERIAL: &str = "material";
/// Age bands.
pub const AGE_BAND: &str = "age_band";
/// Sex bands.
pub const SEX_BAND: &str = "sex_band";
/// Light.
pub const LIGHT: &str = "light";
/// Officer verification offered, requested, done.
pub const VERIFICATION: &str = "verification";
/// Concerning behaviours.
pub const BEHAVIOUR: &str = "behaviour";
/// First-hand or not.
pub const OBSERVED_BY: &str = "observed_by";
/// Relationship to the person affected.
pub const RELATIONSHIP: &str = "relationship";
/// Immediate harm.
pub const HARM: &str = "harm";
/// Actions taken.
pub const ACTION: &str = "action";
/// Follow-up requests.
pub const FOLLOW_UP: &str = "follow_up";
/// Powers.
pub const POWER: &str = "power";
/// Categories of data subject.
pub const SUBJECT: &str = "subject";
/// Safeguarding flags.
pub const SAFEGUARDING: &str = "safeguarding";
/// Ticks of the crime check.
pub const CRIME_CHECK_NOW: &str = "crime_check_now";
/// Mode of a patrol leg.
pub const PATROL_MODE: &str = "patrol_mode";
/// Style of a patrol leg.
pub const PATROL_STYLE: &str = "patrol_style";
/// Initiatives.
pub const INITIATIVE: &str = "initiative";
/// Transport of a shift.
pub const TRANSPORT: &str = "transport";
/// Reasons to pause.
pub const BREAK_REASON: &str = "break_reason";
/// Reasons to be called away (abstraction).
pub const AWAY_REASON: &str = "away_reason";
/// Roles and ranks.
pub const ROLE: &str = "role";
/// How a visit was told.
pub const VISIT_METHOD: &str = "visit_method";
/// Language of a card or leaflet.
pub const LANGUAGE: &str = "language";
/// How safe it feels, 1 to 5.
pub const FEELS_SAFE: &str = "feels_safe";
/// Anyone under 18?
pub const UNDER_18: &str = "under_18";
/// Who looks after a place that was referred.
pub const REFERRAL_OWNER: &str = "referral_owner";
/// State of a referral.
pub const REFERRAL_STATE: &str = "referral_state";
/// Kinds of statement: fact, words said, told, assessment.
pub const STATEMENT_KIND: &str = "statement_kind";
/// Is it being reported as a crime?
pub const CRIME_REPORT: &str = "crime_report";
/// What became of a concern.
pub const DISPOSITION: &str = "disposition";
/// Why an entry was corrected.
pub const CORRECTION_REASON: &str = "correction_reason";
/// Self-defined ethnicity, 18+1.
pub const SDE: &str = "sde_18_1";
/// Why self-defined ethnicity was not stated.
pub const SDE_NOT_STATED: &str = "sde_not_stated";
/// Officer-defined appearance, 6+1. Never a source of self-defined ethnicity.
pub const IC_CODE: &str = "ic_code";
/// Reasons for abstraction from neighbourhood duty.
pub const ABSTRACTION_REASON: &str = "abstraction_reason";
/// How an end was recorded.
pub const END_KIND: &str = "end_kind";
/// Districts of the force.
pub const DISTRICT: &str = "district";
/// References to other systems.
pub const REFERENCE: &str = "reference";
/// 3x5x2, source.
pub const INTEL_SOURCE: &str = "intel_source";
/// 3x5x2, information.
pub const INTEL_INFORMATION: &str = "intel_information";
/// 3x5x2, handling.
pub const INTEL_HANDLING: &str = "intel_handling";
/// Markings.
pub const MARKING: &str = "marking";
/// How an entry came to be written.
pub const ORIGIN: &str = "origin";

/// Why a power was used, as a class.
pub const POWER_REASON: &str = "power_reason";
/// Types of event.
pub const EVENT_TYPE: &str = "event_type";
/// How many came to an event, in bands.
pub const ATTENDANCE: &str = "attendance";
/// Partner organisations.
pub const PARTNER: &str = "partner";
/// What must still be done.
pub const DUTY: &str = "duty";

/// Why an area is listed in a tasking.
pub const TASKING_REASON: &str = "tasking_reason";
/// Why an officer does otherwise than a tasking asks.
pub const DEVIATION_REASON: &str = "deviation_reason";

/// Every list a record may name. A test holds the built-in edition against it.
pub const ALL: &[&str] = &[
    ENGAGEMENT_TYPE,
    TOPIC,
    STREETSAFE_ENVIRONMENT,
    STREETSAFE_BEHAVIOUR,
    ENOUGH,
    MATERIAL,
    AGE_BAND,
    SEX_BAND,
    LIGHT,
    VERIFICATION,
    BEHAVIOUR,
    OBSERVED_BY,
    RELATIONSHIP,
    HARM,
    ACTION,
    FOLLOW_UP,
    POWER,
    SUBJECT,
    SAFEGUARDING,
    CRIME_CHECK_NOW,
    PATROL_MODE,
    PATROL_STYLE,
    INITIATIVE,
    TRANSPORT,
    BREAK_REASON,
    AWAY_REASON,
    ROLE,
    VISIT_METHOD,
    LANGUAGE,
    FEELS_SAFE,
    UNDER_18,
    REFERRAL_OWNER,
    REFERRAL_STATE,
    STATEMENT_KIND,
    CRIME_REPORT,
    DISPOSITION,
    CORRECTION_REASON,
    SDE,
    SDE_NOT_STATED,
    IC_CODE,
    ABSTRACTION_REASON,
    END_KIND,
    DISTRICT,
    REFERENCE,
    INTEL_SOURCE,
    INTEL_INFORMATION,
    INTEL_HANDLING,
    MARKING,
    ORIGIN,
    POWER_REASON,
    EVENT_TYPE,
    ATTENDANCE,
    PARTNER,
    DUTY,
    TASKING_REASON,
    DEVIATION_REASON,
];
