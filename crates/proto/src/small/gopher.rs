//! Gopher (RFC 1436): a menu for whatever is no file, and a file for whatever is called like one.

use crate::{Cx, files};

pub(super) fn answer(asked: &str, cx: &Cx<'_>) -> Vec<u8> {
    let selector = asked.split('\t').next().unwrap_or_default();
    let path = selector.split('?').next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    match files::for_name(name, cx.persona) {
        Some(file) if file.media_type.starts_with("text/plain") => {
            text(&String::from_utf8_lossy(&file.bytes))
        }
        Some(file) => file.bytes.into_owned(),
        None => menu(path.trim_end_matches('/'), cx),
    }
}

/// A text, its dots doubled where a line begins with one, and its end (RFC 1436 §3.3).
fn text(text: &str) -> Vec<u8> {
    let line = |line: &str| {
        if line.starts_with('.') { format!(".{line}\r\n") } else { format!("{line}\r\n") }
    };
    let lines: String = text.lines().map(line).collect();
    (lines + ".\r\n").into_bytes()
}

/// A menu of this folder. The victim knows us by the address it called.
fn menu(folder: &str, cx: &Cx<'_>) -> Vec<u8> {
    let (host, port) = (cx.flow.orig_dst.ip(), cx.flow.orig_dst.port());
    let folder: String =
        folder.chars().filter(|letter| letter.is_ascii_graphic() || *letter == ' ').collect();
    let shown = if folder.is_empty() { "/" } else { &folder };
    let mut menu = format!("iIndex of {shown}\tfake\t(NULL)\t0\r\n");
    for (kind, name) in LISTED {
        menu += &format!("{kind}{name}\t{folder}/{name}\t{host}\t{port}\r\n");
    }
    (menu + ".\r\n").into_bytes()
}

/// What lies in every folder: its kind (RFC 1436 §3.8), and its name.
const LISTED: [(char, &str); 5] = [
    ('0', "about.txt"),
    ('1', "archive"),
    ('9', "backup.zip"),
    ('I', "logo.png"),
    ('0', "notes.txt"),
];
