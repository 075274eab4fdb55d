//! Against the fingerprints that the reference implementations published.

use std::fs;

use super::*;
use crate::tls::hello::Extension;

/// Fingerprints of public captures: JA4, its lists, and the name asked for.
fn vectors() -> Vec<[String; 3]> {
    let text = fs::read_to_string("tests/fingerprints/ja4.tsv").unwrap();
    let columns = |line: &str| line.split('\t').map(str::to_owned).collect::<Vec<_>>();
    text.lines().map(|line| columns(line).try_into().unwrap()).collect()
}

fn hex(list: &str) -> Vec<u16> {
    let numbers = list.split(',').filter(|number| !number.is_empty());
    numbers.map(|number| u16::from_str_radix(number, 16).unwrap()).collect()
}

/// What has two bytes of length before it.
fn counted(content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&length, content].concat()
}

fn bytes(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// A hello with the lists that a raw fingerprint names, out of order and with values that mean
/// nothing among them.
fn hello(raw: &str, name: &str) -> ClientHello {
    let parts: Vec<&str> = raw.split('_').collect();
    let version = match &parts[0][1..3] {
        "13" => 0x0304,
        "12" => 0x0303,
        "11" => 0x0302,
        "10" => 0x0301,
        other => panic!("version {other}"),
    };
    let mut ciphers = hex(parts[1]);
    ciphers.reverse();
    ciphers.insert(0, 0x1a1a);
    let signatures = parts.get(3).map_or_else(Vec::new, |list| hex(list));
    let content = |kind| match kind {
        kind::SIGNATURE_ALGORITHMS => counted(&bytes(&signatures)),
        kind::VERSIONS => vec![4, 0x7a, 0x7a, 3, u8::try_from(version & 0xff).unwrap()],
        _ => Vec::new(),
    };
    let mut kinds = hex(parts[2]);
    kinds.reverse();
    kinds.push(0xdada);
    let mut extensions: Vec<Extension> =
        kinds.into_iter().map(|kind| Extension { kind, content: content(kind) }).collect();
    if &parts[0][3..4] == "d" {
        let name = [&[0], counted(name.as_bytes()).as_slice()].concat();
        extensions.push(Extension { kind: kind::SERVER_NAME, content: counted(&name) });
    }
    let alpn = &parts[0].as_bytes()[8..];
    if alpn != b"00" {
        let offered = [&[2], alpn].concat();
        extensions.push(Extension { kind: kind::ALPN, content: counted(&offered) });
    }
    let legacy = version.min(0x0303);
    ClientHello { version: Some(legacy), ciphers, extensions, ..ClientHello::default() }
}

#[test]
fn ja4_is_what_the_reference_implementation_makes_of_the_same_lists() {
    let vectors = vectors();
    assert!(!vectors.is_empty());
    for [hashed, raw, name] in vectors {
        let ja4 = hello(&raw, &name).ja4(Flavour::Tcp);
        assert_eq!((ja4.hashed, ja4.raw), (hashed, raw), "{name}");
    }
}

#[test]
fn the_vector_of_the_specification() {
    // JA4.md of the reference implementation gives these lists.
    let raw = "t13d1516h2_002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,\
               cca9_0005,000a,000b,000d,0012,0015,0017,001b,0023,002b,002d,0033,4469,ff01_0403,\
               0804,0401,0503,0805,0501,0806,0601";
    assert_eq!(
        hello(raw, "a.test").ja4(Flavour::Tcp).hashed,
        "t13d1516h2_8daaf6152771_e5627efa2ab1"
    );
}

#[test]
fn names_of_protocols_that_are_no_letters_are_written_in_hexadecimal() {
    for (name, written) in [
        (&b"h2"[..], "h2"),
        (b"http/1.1", "h1"),
        (&[0xab], "ab"),
        (&[0x30, 0xab], "3b"),
        (b"", "00"),
    ] {
        assert_eq!(ends(name), written);
    }
}

#[test]
fn the_highest_version_offered_counts_and_dtls_counts_downwards() {
    for (flavour, offered, head) in [
        (Flavour::Tcp, b"\x06\x0a\x0a\x03\x03\x03\x04", "t13i000100"),
        (Flavour::Quic, b"\x06\x03\x04\x0a\x0a\x03\x03", "q13i000100"),
        (Flavour::Dtls, b"\x06\xfe\xff\xfe\xfd\xfe\xfc", "dd3i000100"),
    ] {
        let extension = Extension { kind: kind::VERSIONS, content: offered.to_vec() };
        let hello = ClientHello { extensions: vec![extension], ..ClientHello::default() };
        let ja4 = hello.ja4(flavour).hashed;
        assert!(ja4.starts_with(head), "{ja4}");
    }
}
