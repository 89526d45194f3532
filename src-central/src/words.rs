//! The words of `locales/en-GB/central`: what central says to devices. Its commands speak for themselves.

beatbook_words::include_words!(fixed);
