//! src-device
