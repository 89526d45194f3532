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
