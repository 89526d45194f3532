//! How types that travel as plain text describe themselves where a description of the protocol is made (feature `openapi`).

use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{KnownFormat, RefOr};

/// A text, in a known format or of a pattern.
#[must_use]
pub fn text(format: Option<KnownFormat>, pattern: Option<String>) -> RefOr<Schema> {
    let object = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
    object.format(format.map(SchemaFormat::KnownFormat)).pattern(pattern).build().into()
}

/// So many bytes in lower-case hex.
#[must_use]
pub fn hex(bytes: usize) -> RefOr<Schema> {
    text(None, Some(format!("^[0-9a-f]{{{}}}$", bytes * 2)))
}

/// A whole number with words about what it counts.
#[must_use]
pub fn number(description: &str) -> RefOr<Schema> {
    let object = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Integer));
    object.description(Some(description)).build().into()
}

/// One of some names; a newer version may have more.
#[must_use]
pub fn names<'a>(names: impl Iterator<Item = &'a str>) -> RefOr<Schema> {
    let object = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
    object.enum_values(Some(names)).build().into()
}
