//! Real ClientHellos, with the fingerprints that reference implementations published of them.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;

use proto::tls::ClientHello;

#[test]
fn hellos_of_public_captures_have_their_published_fingerprints() {
    let lines = fs::read_to_string("tests/fingerprints/hellos.tsv").unwrap();
    assert_ne!(lines, "");
    for line in lines.lines() {
        let [ja4, ja3, hello] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let described = ClientHello::read(&from_hex(hello)).described();
        assert!(described.is_whole, "{hello}");
        for (ours, published) in [(described.ja4, ja4), (described.ja3, ja3)] {
            // Not every capture has both.
            if published != "-" {
                assert_eq!(ours.as_deref(), Some(published), "{hello}");
            }
        }
    }
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits = |place: usize| text.get(place..place + 2).unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(digits(at), 16).unwrap()).collect()
}
