//! What a service was told, as text: words with blanks between them, as long as a line may be.

use model::{Event, Limit, ServiceCommand};

use crate::{Cx, Out};

/// Words as people type them: in quotes, if they are not plain.
pub(crate) fn quoted(words: &[Vec<u8>]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted_word(word)).collect();
    words.join(" ")
}

fn quoted_word(word: &[u8]) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'\\');
    let text = String::from_utf8_lossy(word);
    if !word.is_empty() && word.iter().all(is_plain) {
        return text.into_owned();
    }
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            letter if letter.is_control() => {
                quoted.push_str(&format!("\\x{:02x}", u32::from(letter)));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// Writes down a command; a long one is cut.
pub(crate) fn note(protocol: &'static str, mut command: String, cx: &Cx<'_>, out: &mut Out) {
    if command.len() > cx.rules.line_bytes {
        command.truncate(command.floor_char_boundary(cx.rules.line_bytes));
        out.note(Event::LimitReached(Limit::LineBytes));
    }
    out.note(Event::Command(Box::new(ServiceCommand { protocol, command })));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_they_have_to_be() {
        for (word, expected) in [
            (&b"set"[..], "set"),
            (b"", "\"\""),
            (b"a b", "\"a b\""),
            (b"\n*/1 \"x\"\0", "\"\\n*/1 \\\"x\\\"\\x00\""),
            (b"\xff", "\"\u{fffd}\""),
        ] {
            assert_eq!(quoted(&[word.to_vec()]), expected);
        }
    }
}
