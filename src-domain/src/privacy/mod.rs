//! Privacy: asking before too much is written, markings on what leaves, and how long each class is
//! kept. Rules and tables only; who may see what is decided by grants, and erasing is [`crate::erase`].

pub mod copies;
pub mod marking;
pub mod mask;
pub mod minimise;
pub mod retention;
