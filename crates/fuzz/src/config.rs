//! Configuration files.

use sinkgate::config::{Sources, show};

/// A file is refused with a reason, or shown in a form that means the same.
pub fn config(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    match Sources::default().load_text(text) {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(loaded) => {
            let shown = show(&loaded);
            let again = Sources::default().load_text(&shown);
            assert_eq!(again.map(|again| again.config).ok(), Some(loaded.config), "{shown}");
        }
    }
}
