//! The words of `locales/en-GB/device`.

beatbook_words::include_words!();
