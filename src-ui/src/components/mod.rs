//! The kit: parts of screens. Each takes words and signals in and gives presses out; none calls the device.

pub mod chart;
pub mod choices;
pub mod desk;
pub mod diff;
pub mod fields;
pub mod frame;
pub mod gate;
pub mod hold;
pub mod icon;
pub mod keypad;
pub mod kpi;
pub mod more;
pub mod notice;
pub mod pages;
pub mod qr;
pub mod ring;
pub mod row;
pub mod sheet;
pub mod state;
pub mod stepper;
pub mod timeline;
pub mod toast;
