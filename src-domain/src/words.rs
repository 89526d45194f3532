//! The words of `locales/en-GB/domain`. Official labels are not here: they come from dated code lists.

beatbook_words::include_words!();
