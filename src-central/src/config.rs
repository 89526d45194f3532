//! Settings of a command: flags first, then the environment (`BEATBOOK_…`), then a TOML file, then defaults.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::limits::Given;

/// Where the database lies when nobody says.
pub const DEFAULT_DATABASE: &str = "beatbook-central.sqlite";
/// Where to listen when nobody says.
pub const DEFAULT_LISTEN: &str = "127.0.0.1:8741";

/// How log lines are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// What a settings file may hold. Unknown names are refused: a typing mistake must not pass for a setting.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct File {
    /// SQLite file or `postgres://…`.
    pub database_url: Option<String>,
    /// The journal of what is decided here, for restores.
    pub journal: Option<PathBuf>,
    /// Address to listen on.
    pub listen: Option<SocketAddr>,
    /// Certificate in PEM.
    pub tls_cert: Option<PathBuf>,
    /// Its private key in PEM.
    pub tls_key: Option<PathBuf>,
    /// File into which the address is written once the server listens.
    pub address_file: Option<PathBuf>,
    /// How log lines are written.
    pub log_format: Option<LogFormat>,
    /// How much anybody may ask.
    #[serde(default)]
    pub limits: Given,
}

/// Why a settings file was not used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be opened.
    #[error("the settings file {path} cannot be read: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What stands in it.
    #[error("the settings file {path}: {source}")]
    Content {
        /// The file.
        path: PathBuf,
        /// Line and reason.
        source: toml::de::Error,
    },
}

/// Reads a settings file; none named is an empty one.
///
/// # Errors
/// [`ConfigError`] naming the file, and the line where it is the content.
pub fn read(path: Option<&Path>) -> Result<File, ConfigError> {
    let Some(path) = path else { return Ok(File::default()) };
    let text = std::fs::read_to_string(path)
        .map_err(|source| ConfigError::File { path: path.to_owned(), source })?;
    toml::from_str(&text).map_err(|source| ConfigError::Content { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_misspelt_setting_is_refused() {
        let file: File =
            toml::from_str("database-url = \"postgres://central@db/beatbook\"\nlog-format = \"json\"")
                .unwrap();
        assert_eq!(file.log_format, Some(LogFormat::Json));
        assert!(toml::from_str::<File>("databse-url = \"x\"").is_err());
    }
}
