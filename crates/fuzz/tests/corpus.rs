//! The fuzz targets as tests: on their corpus, and on random input.

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;

/// What is called with one input.
type Target = fn(&[u8]);

const TARGETS: &[(&str, Target)] = &[
    ("capture", fuzz::capture),
    ("client_hello", fuzz::client_hello),
    ("config", fuzz::config),
    ("dns_message", fuzz::dns_message),
    ("log_line", fuzz::log_line),
    ("machine", fuzz::machine),
];

#[test]
fn threat_3_every_target_survives_its_corpus() {
    for (name, target) in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
        let mut seeds = 0;
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            target(&fs::read(&path).unwrap());
            seeds += 1;
        }
        assert!(seeds > 0, "{} holds no seed", folder.display());
    }
}

/// In how many places of a seed a byte is changed, at the most.
const PLACES: usize = 64;

#[test]
fn threat_3_every_target_survives_its_corpus_with_one_byte_changed() {
    for (name, target) in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
        for entry in fs::read_dir(&folder).unwrap() {
            let seed = fs::read(entry.unwrap().path()).unwrap();
            for place in (0..seed.len()).step_by(seed.len().div_ceil(PLACES).max(1)) {
                for change in [0x01, 0x20, 0x80, 0xff] {
                    let mut changed = seed.clone();
                    changed[place] ^= change;
                    target(&changed);
                }
            }
        }
    }
}

#[test]
fn every_target_of_the_fuzzer_is_a_test_here() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/fuzz_targets");
    let mut targets: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    targets.sort();
    assert_eq!(targets, TARGETS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
}

proptest! {
    #[test]
    fn threat_3_every_target_survives_random_bytes(input in vec(any::<u8>(), 0..300)) {
        for (_, target) in TARGETS {
            target(&input);
        }
    }

    #[test]
    fn threat_3_every_target_survives_text(input in "[\\x00-\\x7f]{0,200}") {
        for (_, target) in TARGETS {
            target(input.as_bytes());
        }
    }
}
