//! src-central
