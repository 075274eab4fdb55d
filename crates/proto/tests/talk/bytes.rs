//! Bytes as text that can be read, and back.

/// Reads text with the escapes `\r`, `\n`, `\t`, `\\` and `\xNN`.
pub(crate) fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        bytes.extend_from_slice(plain.as_bytes());
        let (byte, length) = match escape.as_bytes()[0] {
            b'r' => (b'\r', 1),
            b'n' => (b'\n', 1),
            b't' => (b'\t', 1),
            b'\\' => (b'\\', 1),
            b'x' => (u8::from_str_radix(&escape[1..3], 16).unwrap(), 3),
            other => panic!("not an escape: \\{}", char::from(other)),
        };
        bytes.push(byte);
        rest = &escape[length..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}

/// Reads bytes in hexadecimal, with spaces anywhere between them.
pub(crate) fn from_hex(text: &str) -> Vec<u8> {
    let digits: String = text.split_whitespace().collect();
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// Writes what was sent, each line after `<`: lines that end in CRLF as they are, others after
/// `<|` with escapes, and from the first line that is not text, sixteen bytes a line after `<x`.
pub(crate) fn sent(bytes: &[u8]) -> String {
    let mut written = String::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
        let (line, after) = rest.split_at(end);
        if !is_text(line) {
            return written + &hex_lines(rest);
        }
        written += &match line.strip_suffix(b"\r\n") {
            Some([]) => "<\n".to_owned(),
            Some(text) if !text.contains(&b'\r') => format!("< {}\n", ascii(text)),
            _ => format!(
                "<| {}\n",
                line.escape_ascii().to_string().replace("\\\"", "\"").replace("\\'", "'")
            ),
        };
        rest = after;
    }
    written
}

fn is_text(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n'))
}

fn ascii(text: &[u8]) -> &str {
    std::str::from_utf8(text).unwrap()
}

fn hex_lines(bytes: &[u8]) -> String {
    let line = |row: &[u8]| row.iter().map(|byte| format!(" {byte:02x}")).collect::<String>();
    bytes.chunks(16).map(|row| format!("<x{}\n", line(row))).collect()
}
