//! What is in folders.

use super::Call;
use crate::shell::tree::{Entry, Node, absolute};

pub(super) fn list(call: &mut Call<'_, '_>) -> u8 {
    let (letters, mut operands) = call.split();
    if operands.is_empty() {
        operands.push(".".to_owned());
    }
    let many = operands.len() > 1;
    let mut status = 0;
    for operand in operands {
        let full = call.path(&operand);
        match call.run.files().find(&full).map(|entry| entry.node) {
            Err(trouble) => status = call.trouble(&operand, trouble),
            Ok(Node::Folder) if !letters.contains('d') => {
                if many {
                    call.say(&format!("{operand}:\n"));
                }
                list_folder(&full, &letters, call);
            }
            Ok(_) => list_names(vec![(operand, full.clone())], &letters, call),
        }
    }
    status
}

fn list_folder(folder: &str, letters: &str, call: &mut Call<'_, '_>) {
    let mut names = call.run.names(folder);
    if letters.contains('a') {
        names.splice(0..0, [".".to_owned(), "..".to_owned()]);
    } else if !letters.contains('A') {
        names.retain(|name| !name.starts_with('.'));
    }
    let path = |name: String| {
        let path = absolute(folder, &name);
        (name, path)
    };
    let names = names.into_iter().map(path).collect();
    if letters.contains('l') {
        call.say("total 0\n");
    }
    list_names(names, letters, call);
}

fn list_names(names: Vec<(String, String)>, letters: &str, call: &mut Call<'_, '_>) {
    if letters.contains('l') {
        for (name, path) in names {
            let Some(entry) = call.run.files().entry(&path) else { continue };
            let line = long_line(&name, &entry, call);
            call.say(&line);
        }
        return;
    }
    let names: Vec<String> = names.into_iter().map(|(name, _)| name).collect();
    let columns = if letters.contains('1') || !call.is_at_terminal() { "\n" } else { "  " };
    if !names.is_empty() {
        call.say(&(names.join(columns) + "\n"));
    }
}

fn long_line(name: &str, entry: &Entry, call: &Call<'_, '_>) -> String {
    let (kind, size, target) = match &entry.node {
        Node::Device(_) => ('c', "1,   3".to_owned(), String::new()),
        Node::Bytes(size) => ('-', size.to_string(), String::new()),
        Node::Folder => ('d', "0".to_owned(), String::new()),
        Node::Link(to) => ('l', to.len().to_string(), format!(" -> {to}")),
    };
    let bits: String = "rwxrwxrwx"
        .chars()
        .zip((0..9).rev())
        .map(|(letter, bit)| if entry.mode >> bit & 1 == 1 { letter } else { '-' })
        .collect();
    let time = call.run.device.time("%b %e %H:%M", entry.changed);
    format!("{kind}{bits}    1 root     root     {size:>9} {time} {name}{target}\n")
}
