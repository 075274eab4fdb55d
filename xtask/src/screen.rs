//! What the chores say.

use std::fmt;
use std::io::{self, Write};

/// Prints one line; a reader that went away is no reason to stop.
pub(crate) fn line(text: fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{text}");
}
