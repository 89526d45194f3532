//! The words of `locales/en-GB/report`: what stands on prints and in exports.

beatbook_words::include_words!();
