//! What is asked of a file that leaves a device: its forms, and why it is made. Both by code, so that the log that
//! proves it holds no typed word.

use serde::{Deserialize, Serialize};

use crate::words;

/// A form of file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A print.
    Pdf,
    /// A table.
    Csv,
    /// The same figures for programs.
    Json,
    /// A map.
    Geojson,
}

impl Form {
    /// All, as a person chooses among them.
    pub const ALL: [Form; 4] = [Form::Pdf, Form::Csv, Form::Json, Form::Geojson];

    /// Its code, which is also the ending of its files.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Form::Pdf => "pdf",
            Form::Csv => "csv",
            Form::Json => "json",
            Form::Geojson => "geojson",
        }
    }

    /// As shown.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Form::Pdf => words::FORM_PDF,
            Form::Csv => words::FORM_CSV,
            Form::Json => words::FORM_JSON,
            Form::Geojson => words::FORM_GEOJSON,
        }
    }
}

/// Why a file is made. Section 62 of the Data Protection Act 2018 wants the justification of a disclosure in the log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// To brief or to task.
    Briefing,
    /// For supervision or performance.
    Supervision,
    /// For a partner or a funder, through the force.
    Partner,
    /// For a complaint, a request for information, or a court.
    Request,
}

impl Reason {
    /// All, as a person chooses among them.
    pub const ALL: [Reason; 4] = [Reason::Briefing, Reason::Supervision, Reason::Partner, Reason::Request];

    /// Its code, as the log keeps it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Reason::Briefing => "briefing",
            Reason::Supervision => "supervision",
            Reason::Partner => "partner",
            Reason::Request => "request",
        }
    }

    /// As shown.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Reason::Briefing => words::REASON_BRIEFING,
            Reason::Supervision => words::REASON_SUPERVISION,
            Reason::Partner => words::REASON_PARTNER,
            Reason::Request => words::REASON_REQUEST,
        }
    }

    /// The reason of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.code() == code)
    }
}
