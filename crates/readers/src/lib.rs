//! Whoever looks: web, report, export. Reads the store, never the engine.
//!
//! Rows are written to whatever can be written to: [`show`] what was recorded, [`watch`] what
//! happens, [`summary`] a run in short, [`mod@file`] the bytes of one file. What a peer sent passes through [`terminal`] or, on its
//! way into a spreadsheet, through [`csv`]: two places that make it harmless.

mod cell;
pub mod csv;
mod error;
mod events;
mod fields;
pub mod file;
mod ids;
mod json;
pub mod show;
pub mod summary;
mod table;
pub mod terminal;
mod times;
mod units;
mod view;
pub mod watch;

pub use error::ShowError;
pub use view::{Style, View};
