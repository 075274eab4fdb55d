//! What a peer sent, made safe for a terminal: the one place for it.
//!
//! A control code could move the cursor, rename the window or type into the shell; a line break
//! could forge a line of ours; a mark of writing direction could show a name backwards. None of
//! them is passed on: they become visible as escapes, as in Rust.

use std::borrow::Cow;
use std::fmt::Write;

/// Text for one line. A line break is as visible as any other control code.
#[must_use]
pub fn one_line(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) { Cow::Borrowed(text) } else { Cow::Owned(escaped(text)) }
}

/// The same for bytes; those that are no UTF-8 become `\xNN`.
#[must_use]
pub fn one_line_of(bytes: &[u8]) -> String {
    let mut written = String::new();
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(|letter| write_letter(&mut written, letter));
        chunk.invalid().iter().for_each(|byte| write_byte(&mut written, *byte));
    }
    written
}

/// Text that is in JSON already. It means the same as before.
#[must_use]
pub fn json(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut written = String::new();
    for letter in text.chars() {
        match is_plain(letter) {
            true => written.push(letter),
            false => letter.encode_utf16(&mut [0; 2]).iter().for_each(|unit| {
                // Cannot fail: it is memory.
                let _ = write!(written, "\\u{unit:04x}");
            }),
        }
    }
    Cow::Owned(written)
}

/// How many columns a terminal gives to text that is safe.
#[must_use]
pub fn width(text: &str) -> usize {
    text.chars().map(letter_width).sum()
}

/// Text cut to so many columns; `…` stands for the rest.
#[must_use]
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    if width(text) <= most {
        return Cow::Borrowed(text);
    }
    let mut left = most.saturating_sub(1);
    let kept = text.chars().take_while(|letter| {
        let room = left.checked_sub(letter_width(*letter));
        left = room.unwrap_or(0);
        room.is_some()
    });
    let kept: String = kept.collect();
    Cow::Owned(if most == 0 { kept } else { kept + "…" })
}

fn escaped(text: &str) -> String {
    let mut written = String::new();
    text.chars().for_each(|letter| write_letter(&mut written, letter));
    written
}

fn write_letter(written: &mut String, letter: char) {
    // Cannot fail: it is memory.
    let _ = match letter {
        '\n' => written.write_str("\\n"),
        '\r' => written.write_str("\\r"),
        '\t' => written.write_str("\\t"),
        '\0'..='\x1f' | '\x7f' => write!(written, "\\x{:02x}", u32::from(letter)),
        _ if is_plain(letter) => written.write_char(letter),
        _ => write!(written, "\\u{{{:x}}}", u32::from(letter)),
    };
}

fn write_byte(written: &mut String, byte: u8) {
    let _ = write!(written, "\\x{byte:02x}");
}

/// Whether a letter shows as itself and does nothing else.
fn is_plain(letter: char) -> bool {
    !letter.is_control()
        && !DECEPTIVE.iter().any(|(first, last)| (*first..=*last).contains(&letter))
}

/// Letters that are not control codes and yet are not seen, or change how others are (Unicode
/// Standard Annex 9, Technical Report 36).
const DECEPTIVE: &[(char, char)] = &[
    ('\u{ad}', '\u{ad}'),        // soft hyphen
    ('\u{61c}', '\u{61c}'),      // Arabic letter mark
    ('\u{115f}', '\u{1160}'),    // Hangul fillers
    ('\u{17b4}', '\u{17b5}'),    // Khmer vowels without a shape
    ('\u{180b}', '\u{180f}'),    // Mongolian selectors
    ('\u{200b}', '\u{200f}'),    // spaces without width, marks of direction
    ('\u{2028}', '\u{202e}'),    // separators of lines, embeddings and overrides of direction
    ('\u{2060}', '\u{206f}'),    // joiners, isolates of direction
    ('\u{3164}', '\u{3164}'),    // Hangul filler
    ('\u{e000}', '\u{f8ff}'),    // private use
    ('\u{fe00}', '\u{fe0f}'),    // variation selectors
    ('\u{feff}', '\u{feff}'),    // byte order mark
    ('\u{ffa0}', '\u{ffa0}'),    // Hangul filler
    ('\u{fff0}', '\u{fffc}'),    // annotations
    ('\u{e0000}', '\u{e0fff}'),  // tags, more selectors
    ('\u{f0000}', '\u{10ffff}'), // private use
];

fn letter_width(letter: char) -> usize {
    let is_in =
        |list: &[(char, char)]| list.iter().any(|(first, last)| (*first..=*last).contains(&letter));
    match letter {
        '\0'..='\u{2ff}' => 1,
        _ if is_in(WIDE) => 2,
        _ if is_in(COMBINING) => 0,
        _ => 1,
    }
}

/// Letters of two columns (Unicode Standard Annex 11), in broad ranges.
const WIDE: &[(char, char)] = &[
    ('\u{1100}', '\u{115f}'),
    ('\u{2e80}', '\u{a4cf}'),
    ('\u{ac00}', '\u{d7a3}'),
    ('\u{f900}', '\u{faff}'),
    ('\u{fe30}', '\u{fe6f}'),
    ('\u{ff00}', '\u{ff60}'),
    ('\u{ffe0}', '\u{ffe6}'),
    ('\u{1f300}', '\u{1faff}'),
    ('\u{20000}', '\u{3fffd}'),
];

/// Marks that sit on the letter before them.
const COMBINING: &[(char, char)] = &[
    ('\u{300}', '\u{36f}'),
    ('\u{483}', '\u{489}'),
    ('\u{591}', '\u{5bd}'),
    ('\u{610}', '\u{61a}'),
    ('\u{64b}', '\u{65f}'),
    ('\u{1ab0}', '\u{1aff}'),
    ('\u{1dc0}', '\u{1dff}'),
    ('\u{20d0}', '\u{20ff}'),
    ('\u{fe20}', '\u{fe2f}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threat_10_no_control_code_reaches_the_terminal() {
        for number in (0..=0x1f).chain(0x7f..=0x9f) {
            let letter = char::from_u32(number).unwrap();
            let text = format!("a{letter}b");
            assert!(!one_line(&text).chars().any(char::is_control), "{number:#x}");
            assert!(!one_line_of(text.as_bytes()).chars().any(char::is_control), "{number:#x}");
        }
        assert_eq!(one_line("\x1b]0;owned\x07\r\n"), "\\x1b]0;owned\\x07\\r\\n");
        assert_eq!(one_line("\u{9b}31m"), "\\u{9b}31m");
    }

    #[test]
    fn threat_10_no_mark_of_direction_reaches_the_terminal() {
        assert_eq!(one_line("gpj.\u{202e}exe"), "gpj.\\u{202e}exe");
        for letter in "\u{200e}\u{200f}\u{202a}\u{2066}\u{2069}\u{61c}\u{feff}".chars() {
            assert_ne!(one_line(&letter.to_string()), letter.to_string());
        }
    }

    #[test]
    fn threat_10_bytes_that_are_no_text_are_shown_as_numbers() {
        assert_eq!(one_line_of(b"MZ\x90\x00\xff"), "MZ\\x90\\x00\\xff");
        assert_eq!(one_line_of("gr\u{fc}n".as_bytes()), "gr\u{fc}n");
        assert_eq!(one_line_of(b"\xc3"), "\\xc3");
    }

    #[test]
    fn threat_10_json_means_the_same_without_control_codes() {
        let text = "\u{9b}31m \u{202e}\u{e0041} plain \u{7f}";
        let written = serde_json::to_string(text).unwrap();
        let safe = json(&written);
        assert!(safe.is_ascii(), "{safe}");
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), text);
    }

    #[test]
    fn what_is_plain_stays_as_it_is() {
        for text in
            ["update.example.com", "b\u{fc}cher \u{4f8b}\u{3048}", "\\046 \"x\" \u{20ac}", ""]
        {
            assert_eq!(one_line(text), text);
            assert!(matches!(json(text), Cow::Borrowed(_)));
        }
    }

    #[test]
    fn a_cut_fits_and_says_so() {
        assert_eq!(cut("example.com", 11), "example.com");
        assert_eq!(cut("example.com", 8), "example…");
        assert_eq!(cut("example.com", 1), "…");
        assert_eq!(cut("example.com", 0), "");
        assert_eq!(cut("\u{4f8b}\u{4f8b}\u{4f8b}", 4), "\u{4f8b}…");
    }

    #[test]
    fn width_is_that_of_the_screen() {
        assert_eq!(width("abc"), 3);
        assert_eq!(width("\u{4f8b}"), 2);
        assert_eq!(width("e\u{301}"), 1);
    }
}
