//! The words of `locales/en-GB/protocol`.

beatbook_words::include_words!(fixed);
