//! What a file is, by how it begins.
//!
//! Nothing more than a first look for a table of files: names that analysts use, kinds that matter
//! in what is stolen or dropped.

/// How files of a type begin.
struct Magic {
    name: &'static str,
    /// How many bytes come before.
    at: usize,
    begins: &'static [u8],
}

/// The word for what a file is that begins like this; `None` if nothing is known that does.
pub(crate) fn file_type(beginning: &[u8]) -> Option<&'static str> {
    let begins = |magic: &&Magic| {
        beginning.get(magic.at..).is_some_and(|rest| rest.starts_with(magic.begins))
    };
    // A short one may be the beginning of a word.
    let is_sure = |magic: &&Magic| magic.begins.len() > 3 || !is_text(beginning);
    let found = MAGIC.iter().find(|magic| begins(magic) && is_sure(magic));
    found.map(|magic| magic.name).or_else(|| marked_up(beginning)).or_else(|| plain_text(beginning))
}

const fn magic(name: &'static str, at: usize, begins: &'static [u8]) -> Magic {
    Magic { name, at, begins }
}

/// In order: the first that fits.
const MAGIC: [Magic; 38] = [
    magic("pe", 0, b"MZ"),
    magic("elf", 0, b"\x7fELF"),
    magic("mach-o", 0, b"\xfe\xed\xfa\xce"),
    magic("mach-o", 0, b"\xfe\xed\xfa\xcf"),
    magic("mach-o", 0, b"\xce\xfa\xed\xfe"),
    magic("mach-o", 0, b"\xcf\xfa\xed\xfe"),
    // Universal Mach-O begins alike; its "version" would be below 45, the first of any Java.
    magic("java-class", 0, b"\xca\xfe\xba\xbe\x00\x00\x00"),
    magic("dex", 0, b"dex\n"),
    magic("shortcut", 0, b"L\x00\x00\x00\x01\x14\x02\x00"),
    magic("zip", 0, b"PK\x03\x04"),
    magic("zip", 0, b"PK\x05\x06"),
    magic("rar", 0, b"Rar!\x1a\x07"),
    magic("7z", 0, b"7z\xbc\xaf\x27\x1c"),
    magic("gz", 0, b"\x1f\x8b"),
    magic("bzip2", 0, b"BZh"),
    magic("xz", 0, b"\xfd7zXZ\x00"),
    magic("zstd", 0, b"\x28\xb5\x2f\xfd"),
    magic("cab", 0, b"MSCF"),
    magic("tar", 257, b"ustar"),
    magic("ole", 0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    magic("pdf", 0, b"%PDF-"),
    magic("rtf", 0, b"{\\rtf"),
    magic("sqlite", 0, b"SQLite format 3\x00"),
    magic("registry-hive", 0, b"regf"),
    magic("minidump", 0, b"MDMP"),
    magic("pcap", 0, b"\xd4\xc3\xb2\xa1"),
    magic("pcapng", 0, b"\x0a\x0d\x0d\x0a"),
    magic("pem", 0, b"-----BEGIN "),
    magic("png", 0, b"\x89PNG\r\n\x1a\n"),
    magic("jpeg", 0, b"\xff\xd8\xff"),
    magic("gif", 0, b"GIF8"),
    magic("bmp", 0, b"BM"),
    magic("webp", 8, b"WEBP"),
    magic("wav", 8, b"WAVE"),
    magic("avi", 8, b"AVI "),
    magic("mp4", 4, b"ftyp"),
    magic("ogg", 0, b"OggS"),
    magic("mp3", 0, b"ID3"),
];

/// Scripts, HTML, XML and JSON may have blanks and a byte order mark before them.
fn marked_up(beginning: &[u8]) -> Option<&'static str> {
    let text = beginning.strip_prefix(b"\xef\xbb\xbf").unwrap_or(beginning).trim_ascii_start();
    let begins = |mark: &str| {
        text.get(..mark.len()).is_some_and(|first| first.eq_ignore_ascii_case(mark.as_bytes()))
    };
    match text.first()? {
        b'#' if text.starts_with(b"#!") => Some("script"),
        b'<' if begins("<!doctype html") || begins("<html") => Some("html"),
        b'<' if begins("<?php") => Some("script"),
        b'<' if begins("<?xml") => Some("xml"),
        b'{' | b'[' if is_text(text) => Some("json"),
        _ => None,
    }
}

fn plain_text(beginning: &[u8]) -> Option<&'static str> {
    (!beginning.is_empty() && is_text(beginning)).then_some("text")
}

/// UTF-8, possibly cut, without control codes that no text has.
fn is_text(bytes: &[u8]) -> bool {
    let cut = |error: std::str::Utf8Error| error.error_len().is_none();
    std::str::from_utf8(bytes).map_or_else(cut, |_| true)
        && bytes.iter().all(|byte| *byte >= b' ' || byte.is_ascii_whitespace() || *byte == 0x1b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_how_they_begin() {
        let tar = [&[0; 257][..], b"ustar\x0000"].concat();
        for (beginning, expected) in [
            (&b"MZ\x90\x00"[..], Some("pe")),
            (b"\x7fELF\x02", Some("elf")),
            (b"PK\x03\x04\x14", Some("zip")),
            (b"#!/bin/sh\n", Some("script")),
            (b"MZ is no program", Some("text")),
            (b"\xef\xbb\xbf \n<!DOCTYPE HTML>", Some("html")),
            (b" {\"a\": 1}", Some("json")),
            (b"{\\rtf1", Some("rtf")),
            (b"RIFF....WEBPVP8 ", Some("webp")),
            (b"user=a&pass=\xc3\xbc", Some("text")),
            (b"cut in a letter \xc3", Some("text")),
            (b"\x00\x01\x02", None),
            (b"\xff\xfe\xfd", None),
            (b"", None),
            (&tar, Some("tar")),
        ] {
            assert_eq!(file_type(beginning), expected, "{}", beginning.escape_ascii());
        }
    }
}
