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
        assert_eq!(described.ja3.as_deref(), Some(ja3), "{hello}");
        // A dash stands for the readable part where that was published otherwise than JA4.md has
        // it: guessed server names, other letters for ALPN.
        let published = ja4.trim_start_matches('-');
        assert!(described.ja4.is_some_and(|ours| ours.ends_with(published)), "{ja4}: {hello}");
    }
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits = |place: usize| text.get(place..place + 2).unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(digits(at), 16).unwrap()).collect()
}
