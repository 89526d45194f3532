//! The description of every endpoint (OpenAPI 3.1), made from the routes and the types themselves. `docs/openapi.json` is
//! what [`text`] gives; a test compares them.

use std::collections::BTreeMap;

use beatbook_domain::entry::{self, Kind};
use beatbook_domain::seal::Manifest;
use beatbook_protocol::sync::{
    AttachmentWord, EnrolmentFacts, ErrorReply, ForceBundle, MAX_REQUEST_BYTES, ReceiptList, ReplyCode,
    SpoolContents,
};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, Modify, ToSchema as _};

/// Schemas that no endpoint names: they travel verbatim inside text, or as the body of a kind.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Beatbook central",
        description = "What a device and central say to each other. docs/sync-protocol.md says what types cannot: what is \
                       signed, in which order, and what to do when it goes wrong."
    ),
    components(schemas(
        ErrorReply, Manifest, ReceiptList, ForceBundle, EnrolmentFacts, AttachmentWord, SpoolContents, entry::Head,
        entry::ShiftOpened, entry::CrewMembership, entry::Leg, entry::Visit, entry::OnBreak, entry::CalledAway,
        entry::ShiftSubmitted, entry::Engagement, entry::Handout, entry::StockMoved, entry::Concern, entry::PowerUse,
        entry::Event, entry::Referral, entry::DutyBody, entry::Review, entry::Return, entry::ReturnAnswer,
        entry::Withdrawal, entry::Hold, entry::Erasure, entry::ChainOpened, entry::KeyChanged, entry::DraftDiscarded,
        entry::LogRecord, entry::Tasking, entry::TaskingAck
    )),
    modifiers(&Device)
)]
pub struct Described;

/// The header by which a device proves itself.
struct Device;

impl Modify for Device {
    fn modify(&self, openapi: &mut OpenApi) {
        let words = "`Beatbook <device>.<challenge>.<signature>`, each in base64url without padding: see “Who asks” in \
                     docs/sync-protocol.md.";
        let header = ApiKey::Header(ApiKeyValue::with_description("authorization", words));
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("device", SecurityScheme::ApiKey(header));
    }
}

/// Errors that any endpoint may answer with.
const ANYWHERE: [ReplyCode; 6] = [
    ReplyCode::TooMany,
    ReplyCode::NotFound,
    ReplyCode::Method,
    ReplyCode::CutOff,
    ReplyCode::Busy,
    ReplyCode::Internal,
];

fn by_status(codes: &[ReplyCode]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for code in codes.iter().chain(&ANYWHERE) {
        by_status.entry(code.status()).or_default().push(format!("`{code}`: {}", code.meaning()));
    }
    let body = || {
        ContentBuilder::new().schema(Some(utoipa::openapi::Ref::from_schema_name(ErrorReply::name()))).build()
    };
    let response = |(status, words): (u16, Vec<String>)| {
        let response =
            ResponseBuilder::new().description(words.join("\n")).content("application/json", body());
        (status.to_string(), RefOr::T(response.build()))
    };
    by_status.into_iter().map(response).collect()
}

/// Errors of what a device asks.
pub struct DeviceFailures;

impl IntoResponses for DeviceFailures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        use ReplyCode::{AttachmentDiffers, AttachmentQuota, AttachmentUnknown};
        use ReplyCode::{
            BadRequest, Challenge, Encoding, NoPart, NotTheirPhone, NotYours, SpellOut, TooLarge,
        };
        by_status(&[
            Challenge,
            ReplyCode::Unauthorised,
            SpellOut,
            NoPart,
            TooLarge,
            BadRequest,
            ReplyCode::Version,
            Encoding,
            NotYours,
            NotTheirPhone,
            AttachmentUnknown,
            AttachmentDiffers,
            AttachmentQuota,
        ])
    }
}

/// Errors of what is open to anybody.
pub struct OpenFailures;

impl IntoResponses for OpenFailures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        use ReplyCode::{
            BadRequest, EnrolCode, EnrolDevice, EnrolRevoked, EnrolTooMany, TooLarge, Unauthorised,
        };
        by_status(&[
            EnrolCode,
            EnrolDevice,
            EnrolRevoked,
            EnrolTooMany,
            BadRequest,
            TooLarge,
            Unauthorised,
            ReplyCode::Version,
        ])
    }
}

/// The name of the schema that a body of a kind has.
#[must_use]
pub fn body_of(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::ShiftOpened | Kind::ShiftEnded => "ShiftOpened",
        Kind::CrewJoined | Kind::CrewLeft => "CrewMembership",
        Kind::LegStarted | Kind::LegEnded => "Leg",
        Kind::VisitStarted | Kind::VisitEnded => "Visit",
        Kind::BreakStarted | Kind::BreakEnded => "OnBreak",
        Kind::CalledAway | Kind::BackOnPatrol => "CalledAway",
        Kind::ShiftSubmitted => "ShiftSubmitted",
        Kind::Engagement => "Engagement",
        Kind::Handout => "Handout",
        Kind::StockMoved => "StockMoved",
        Kind::Concern => "Concern",
        Kind::PowerUse => "PowerUse",
        Kind::Event => "Event",
        Kind::Referral => "Referral",
        Kind::DutyOpened | Kind::DutyAccepted | Kind::DutyDischarged => "DutyBody",
        Kind::Review => "Review",
        Kind::Return => "Return",
        Kind::Answer => "ReturnAnswer",
        Kind::Tasking => "Tasking",
        Kind::TaskingAck => "TaskingAck",
        Kind::Hold => "Hold",
        Kind::Erasure => "Erasure",
        Kind::ChainOpened => "ChainOpened",
        Kind::KeyChanged => "KeyChanged",
        Kind::DraftDiscarded => "DraftDiscarded",
        kind if kind.is_log() => "LogRecord",
        _ => return None,
    })
}

/// The whole description, as it is committed and served.
///
/// # Errors
/// Only if serialisation itself fails.
pub fn text() -> Result<String, serde_json::Error> {
    let mut whole = serde_json::to_value(crate::http::described())?;
    let mut kinds = serde_json::Map::new();
    for kind in Kind::ALL {
        let said = serde_json::json!({
            "body": body_of(*kind).map(|name| format!("#/components/schemas/{name}")),
            "chain": if kind.is_log() { "log" } else { "record" },
            "regime": kind.regime(),
            "class": kind.retention_class(),
            "marking": kind.marking(),
        });
        kinds.insert(kind.name().to_owned(), said);
    }
    whole["x-kinds"] = kinds.into();
    whole["x-limits"] = serde_json::json!({
        "request_bytes": MAX_REQUEST_BYTES,
        "plain_bytes": beatbook_protocol::sync::MAX_PLAIN_BYTES,
        "revisions": beatbook_protocol::sync::MAX_REVISIONS,
        "head_bytes": beatbook_protocol::sync::MAX_HEAD_BYTES,
        "body_bytes": beatbook_protocol::sync::MAX_BODY_BYTES,
    });
    Ok(serde_json::to_string_pretty(&whole)? + "\n")
}
