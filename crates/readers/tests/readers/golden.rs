//! What output has to look like, in files.

use std::fs;
use std::path::Path;

/// Compares output with the file of that name.
pub(crate) fn check(name: &str, output: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, output).unwrap();
    }
    let expected = fs::read(&path).unwrap_or_default();
    let (output, expected) = (String::from_utf8_lossy(output), String::from_utf8_lossy(&expected));
    assert!(output == expected, "{} differs; now it is:\n{output}", path.display());
}
