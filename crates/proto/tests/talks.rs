//! Plays every `tests/talks/*.talk` against its protocol, cut up in every way.
//!
//! The format is described in `tests/talks/README.md`. `UPDATE_TALKS=1` writes down what was
//! really answered instead of comparing; read the difference before you commit it.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise"
)]

mod talk;

use std::path::{Path, PathBuf};
use std::{env, fs};

use proto::PROTOCOLS;

/// Sizes of the pieces that what the peer sends is cut into: none, and some that hit every seam.
const CUTS: [usize; 5] = [usize::MAX, 1, 2, 3, 7];

#[test]
fn every_talk_reads_the_same_however_it_is_cut() {
    let mut surprises = String::new();
    for path in talks() {
        let written = fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if env::var_os("UPDATE_TALKS").is_some() {
            fs::write(&path, talk::play(&name, &written, usize::MAX)).unwrap();
            continue;
        }
        for cut in CUTS {
            let played = talk::play(&name, &written, cut);
            if played != written {
                let difference = talk::difference(&written, &played);
                surprises += &format!("\n{name}, cut every {cut} bytes:\n{difference}");
                break;
            }
        }
    }
    assert!(surprises.is_empty(), "- written, + played (UPDATE_TALKS=1 rewrites):\n{surprises}");
}

#[test]
fn every_protocol_has_a_talk() {
    let has_talk = |name: &str| talks().iter().any(|path| file_name(path).starts_with(name));
    for protocol in PROTOCOLS {
        assert!(has_talk(protocol.name), "{} has no talk", protocol.name);
    }
    assert!(has_talk("dns-over-tcp") && has_talk("raw"));
}

fn talks() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir("tests/talks").unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "talk"));
    paths.sort();
    paths
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}
