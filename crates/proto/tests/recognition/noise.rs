//! What is nobody's: it has to stay without a name.

use proto::Carrier;

use super::{NOBODYS_PORT, decided, settle};

const BUFFERS: usize = 10_000;

/// Words that people and programs write, none of them a command of any protocol.
const WORDS: [&str; 24] = [
    "the",
    "hello",
    "world",
    "id=42",
    "victim:",
    "file",
    "C:\\temp\\a.txt",
    "password",
    "ok",
    "2026-11-24",
    "10.0.0.7",
    "{}",
    "[1,2,3]",
    "key",
    "value",
    "root",
    "bin/sh",
    "--",
    "whoami",
    "uid=0(root)",
    "dir",
    "end",
    "\u{e4}",
    "<b>",
];

#[test]
fn chance_has_no_name() {
    for carrier in [Carrier::Stream, Carrier::Datagram] {
        let mut chance = Chance(0x5eed_cafe_f00d_0001);
        let buffer = |chance: &mut Chance| -> Vec<u8> {
            let length = 1 + chance.below(300);
            (0..length).map(|_| chance.next().to_be_bytes()[0]).collect()
        };
        let named = named(carrier, || buffer(&mut chance));
        println!("{carrier:?}: {named:?}");
        assert!(named.len() <= BUFFERS / 1_000, "{named:?}");
    }
}

#[test]
fn lines_of_text_have_no_name() {
    for carrier in [Carrier::Stream, Carrier::Datagram] {
        let mut chance = Chance(0x5eed_cafe_f00d_0002);
        let line = |chance: &mut Chance| -> Vec<u8> {
            let words = 1 + chance.below(8);
            let words: Vec<_> = (0..words).map(|_| WORDS[chance.below(WORDS.len())]).collect();
            format!("{}{}", words.join(" "), ["\n", "\r\n", ""][chance.below(3)]).into_bytes()
        };
        let named = named(carrier, || line(&mut chance));
        println!("{carrier:?}: {named:?}");
        assert!(named.len() <= BUFFERS / 1_000, "{named:?}");
    }
}

/// The names that buffers got on a port of nobody's.
fn named(carrier: Carrier, mut buffer: impl FnMut() -> Vec<u8>) -> Vec<&'static str> {
    let name = |bytes: Vec<u8>| decided(settle(&bytes, carrier, NOBODYS_PORT)).unwrap();
    (0..BUFFERS).map(|_| name(buffer())).filter(|name| *name != "unknown").collect()
}

/// The same numbers on every run (xorshift64*).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 33) as usize % limit
    }
}
