//! Privacy: minimisation, suppression, marking and retention.
