//! What was packed comes out, however it is cut and whatever is wrong with it.

use std::io::Write as _;

use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use flate2::{Compression, GzBuilder};
use proptest::prelude::*;

use super::*;

const NO_LIMIT: u64 = u64::MAX;

const CODINGS: [Coding; 4] = [Coding::Brotli, Coding::Deflate, Coding::Gzip, Coding::Zstd];

/// Some words, as other people's programs packed them.
const WORDS: &[u8] = include_bytes!("../../tests/compressed/words.txt");
const PACKED_WORDS: [(Coding, &[u8]); 2] = [
    (Coding::Brotli, include_bytes!("../../tests/compressed/words.txt.br")),
    (Coding::Zstd, include_bytes!("../../tests/compressed/words.txt.zst")),
];

/// Four million zeros.
const BOMBS: [(Coding, &[u8]); 2] = [
    (Coding::Brotli, include_bytes!("../../tests/compressed/bomb.br")),
    (Coding::Zstd, include_bytes!("../../tests/compressed/bomb.zst")),
];

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What comes out if `packed` comes in pieces of `size`.
fn unpacked(decoder: &mut Decoder, packed: &[u8], size: usize) -> (Vec<u8>, Unpacked) {
    let mut came = Vec::new();
    for piece in packed.chunks(size) {
        decoder.add(piece, &mut |bytes| came.extend_from_slice(bytes));
    }
    let last = decoder.end(&mut |bytes| came.extend_from_slice(bytes));
    (came, last)
}

proptest! {
    #[test]
    fn what_was_packed_comes_out_however_it_is_cut(bytes: Vec<u8>, size in 1_usize..40) {
        for (coding, packed) in [
            (Coding::Gzip, gzip(&bytes)),
            (Coding::Deflate, zlib(&bytes)),
            (Coding::Deflate, deflate(&bytes)),
        ] {
            let mut decoder = Decoder::new(coding, NO_LIMIT);
            let (came, last) = unpacked(&mut decoder, &packed, size);
            prop_assert_eq!((&came, last), (&bytes, Unpacked::Open));
            prop_assert!(decoder.is_whole());
        }
    }

    #[test]
    fn any_bytes_are_taken_and_no_cut_shows(bytes: Vec<u8>, size in 1_usize..9) {
        for coding in CODINGS {
            let [mut whole, mut cut] = [(); 2].map(|()| Decoder::new(coding, 100));
            let of_whole = unpacked(&mut whole, &bytes, bytes.len().max(1));
            prop_assert_eq!(of_whole, unpacked(&mut cut, &bytes, size));
            prop_assert_eq!(whole.is_whole(), cut.is_whole());
        }
    }
}

proptest! {
    #[test]
    fn what_is_changed_is_taken_and_no_cut_shows(
        which in 0_usize..4, at: prop::sample::Index, bits in 1_u8.., size in 1_usize..3_000,
    ) {
        let of_ours = [(Coding::Gzip, gzip(WORDS)), (Coding::Deflate, zlib(WORDS))];
        let of_others = PACKED_WORDS.map(|(coding, packed)| (coding, packed.to_vec()));
        let (coding, mut packed) = [of_ours, of_others].concat().swap_remove(which);
        let at = at.index(packed.len());
        packed[at] ^= bits;
        let [mut whole, mut cut] = [(); 2].map(|()| Decoder::new(coding, 1_000_000));
        let of_whole = unpacked(&mut whole, &packed, packed.len());
        prop_assert_eq!(of_whole, unpacked(&mut cut, &packed, size));
        prop_assert_eq!(whole.is_whole(), cut.is_whole());
    }
}

#[test]
fn what_others_packed_comes_out() {
    for (coding, packed) in PACKED_WORDS {
        for size in [1, 1_000, packed.len()] {
            let mut decoder = Decoder::new(coding, NO_LIMIT);
            let (came, last) = unpacked(&mut decoder, packed, size);
            assert!(came == WORDS && last == Unpacked::Open && decoder.is_whole(), "{coding:?}");
        }
    }
}

#[test]
fn what_came_of_a_cut_body_is_let_out() {
    for (coding, packed) in PACKED_WORDS {
        let mut decoder = Decoder::new(coding, NO_LIMIT);
        let (came, last) = unpacked(&mut decoder, &packed[..packed.len() - 2], 500);
        assert!(WORDS.starts_with(&came) && last == Unpacked::Open, "{coding:?}");
        assert!(!decoder.is_whole(), "{coding:?}");
    }
    let frames = [PACKED_WORDS[1].1, PACKED_WORDS[1].1].concat();
    let mut decoder = Decoder::new(Coding::Zstd, NO_LIMIT);
    let (came, _) = unpacked(&mut decoder, &frames[..frames.len() - 2], 500);
    assert_eq!(&came[..WORDS.len()], WORDS);
}

#[test]
fn frames_of_zstd_follow_each_other_and_some_are_skipped() {
    let skipped = b"\x57\x2a\x4d\x18\x03\0\0\0abc";
    let frames = [skipped, PACKED_WORDS[1].1, skipped, PACKED_WORDS[1].1].concat();
    for size in [1, 5, frames.len()] {
        let mut decoder = Decoder::new(Coding::Zstd, NO_LIMIT);
        let (came, last) = unpacked(&mut decoder, &frames, size);
        assert_eq!((came.len(), last), (2 * WORDS.len(), Unpacked::Open));
        assert!(decoder.is_whole());
    }
}

#[test]
fn windows_that_http_does_not_allow_are_refused() {
    // 128 MiB (RFC 8878 §3.1.1.1.2), then an empty last block.
    let wide = b"\x28\xb5\x2f\xfd\x00\x88\x01\0\0";
    let mut decoder = Decoder::new(Coding::Zstd, NO_LIMIT);
    assert_eq!(unpacked(&mut decoder, wide, 4).1, Unpacked::Broken);
    let mut of_brotli = Decoder::new(Coding::Brotli, NO_LIMIT);
    assert_eq!(unpacked(&mut of_brotli, b"\x11\x1e\x03", 1).1, Unpacked::Broken);
}

#[test]
fn a_bomb_stops_at_the_limit() {
    let of_gzip = gzip(&vec![0; 4_000_000]);
    for (coding, packed) in BOMBS.into_iter().chain([(Coding::Gzip, of_gzip.as_slice())]) {
        for size in [1, 7, packed.len()] {
            let mut decoder = Decoder::new(coding, 100_000);
            let (came, last) = unpacked(&mut decoder, packed, size);
            assert_eq!((came.len(), last), (100_000, Unpacked::Limit), "{coding:?}");
        }
    }
}

#[test]
fn as_much_as_the_limit_is_not_too_much() {
    let mut decoder = Decoder::new(Coding::Gzip, 5);
    let (came, last) = unpacked(&mut decoder, &gzip(b"hello"), 3);
    assert_eq!((came.as_slice(), last), (b"hello".as_slice(), Unpacked::Open));
    assert!(decoder.is_whole());
}

#[test]
fn gzips_with_names_and_gzips_in_a_row_are_read() {
    let mut packed = GzBuilder::new()
        .filename("a.txt")
        .comment("c")
        .extra(vec![1, 2, 3])
        .write(Vec::new(), Compression::default());
    packed.write_all(b"one ").unwrap();
    let packed = [packed.finish().unwrap(), gzip(b"two")].concat();
    let mut decoder = Decoder::new(Coding::Gzip, NO_LIMIT);
    let (came, last) = unpacked(&mut decoder, &packed, 2);
    assert_eq!((came.as_slice(), last), (b"one two".as_slice(), Unpacked::Open));
}

#[test]
fn what_is_cut_or_changed_is_not_whole() {
    let mut packed = gzip(b"hello, hello, hello");
    let mut cut = Decoder::new(Coding::Gzip, NO_LIMIT);
    let (came, _) = unpacked(&mut cut, &packed[..packed.len() - 3], 4);
    assert_eq!(came, b"hello, hello, hello");
    assert!(!cut.is_whole());
    let sum = packed.len() - 8;
    packed[sum] ^= 1;
    let mut changed = Decoder::new(Coding::Gzip, NO_LIMIT);
    assert_eq!(unpacked(&mut changed, &packed, 4).1, Unpacked::Broken);
    let mut other = Decoder::new(Coding::Gzip, NO_LIMIT);
    assert_eq!(unpacked(&mut other, b"<html>", 1).1, Unpacked::Broken);
}
