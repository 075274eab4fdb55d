//! Commands about files.

use super::Place::{Bin, UserBin};
use super::listing::list;
use super::{Call, Command, command};
use crate::shell::session::Question;
use crate::shell::tree::{Content, Entry, Node, Trouble, Writing, name};

pub(super) const COMMANDS: &[Command] = &[
    command("basename", UserBin, base_name),
    command("cat", Bin, cat),
    command("chattr", Bin, |_| 0),
    command("chmod", Bin, change_mode),
    command("chown", Bin, change_owner),
    command("cp", Bin, copy),
    command("dd", Bin, convert),
    command("dirname", UserBin, folder_name),
    command("ln", Bin, link),
    command("ls", Bin, list),
    command("mkdir", Bin, make_folders),
    command("mv", Bin, rename),
    command("readlink", UserBin, read_link),
    command("rm", Bin, remove),
    command("rmdir", Bin, remove_folders),
    command("sync", Bin, |_| 0),
    command("tee", UserBin, tee),
    command("touch", Bin, touch),
];

fn cat(call: &mut Call<'_, '_>) -> u8 {
    let (_, operands) = call.split();
    if operands.is_empty() && call.is_at_terminal() {
        let to = call.run.file_of(call.io.output).map(str::to_owned);
        call.run.question = Some(Question::Lines { to });
        return 0;
    }
    let (contents, status) = call.contents(&operands);
    call.say_bytes(&contents);
    status
}

fn base_name(call: &mut Call<'_, '_>) -> u8 {
    let path = call.words.first().cloned().unwrap_or_default();
    let base = name(path.trim_end_matches('/'));
    let base =
        call.words.get(1).and_then(|ending| base.strip_suffix(ending.as_str())).unwrap_or(base);
    let line = format!("{base}\n");
    call.say(&line);
    0
}

fn folder_name(call: &mut Call<'_, '_>) -> u8 {
    let path = call.words.first().cloned().unwrap_or_default();
    let line = match path.trim_end_matches('/').rsplit_once('/') {
        None => ".\n".to_owned(),
        Some(("", _)) => "/\n".to_owned(),
        Some((folder, _)) => format!("{folder}\n"),
    };
    call.say(&line);
    0
}

fn change_mode(call: &mut Call<'_, '_>) -> u8 {
    let (_, operands) = call.split();
    let (mode, paths) = match operands.split_first() {
        Some((mode, paths)) if !paths.is_empty() => (mode.clone(), paths.to_vec()),
        // `chmod -x FILE` takes something away.
        _ if call.words.len() >= 2 => return 0,
        _ => return call.usage("[-R] MODE[,MODE]... FILE..."),
    };
    let mut status = 0;
    for path in paths {
        let full = call.path(&path);
        let result = call.run.files().find(&full).and_then(|entry| {
            let mode = changed_mode(entry.mode, &mode);
            call.run.files().set_mode(&full, mode)
        });
        if let Err(trouble) = result {
            status = call.trouble(&path, trouble);
        }
    }
    status
}

/// A mode in digits, or as a change of the one before.
fn changed_mode(before: u16, change: &str) -> u16 {
    if let Ok(mode) = u16::from_str_radix(change, 8) {
        return mode & 0o7777;
    }
    let bits = |letters: &str| {
        let value =
            |letter| [('r', 0o444), ('w', 0o222), ('x', 0o111)].iter().find(|one| one.0 == letter);
        letters.chars().filter_map(value).fold(0, |sum, (_, bits)| sum | bits)
    };
    match change.split_once(['+', '=']) {
        Some((_, letters)) => before | bits(letters),
        None => change.split_once('-').map_or(before, |(_, letters)| before & !bits(letters)),
    }
}

fn change_owner(call: &mut Call<'_, '_>) -> u8 {
    let (_, operands) = call.split();
    let mut status = 0;
    for path in operands.iter().skip(1) {
        let full = call.path(path);
        if let Err(trouble) = call.run.files().find(&full) {
            status = call.trouble(path, trouble);
        }
    }
    status
}

/// Where something goes that is put at `target`: into it, if that is a folder.
fn destination(source: &str, target: &str, call: &mut Call<'_, '_>) -> String {
    let full = call.path(target);
    if call.run.files().is_folder(&full) {
        let base = name(source.trim_end_matches('/'));
        return crate::shell::tree::absolute(&full, base);
    }
    full
}

fn copy(call: &mut Call<'_, '_>) -> u8 {
    let (_, mut operands) = call.split();
    let Some(target) = operands.pop().filter(|_| !operands.is_empty()) else {
        return call.usage("[OPTIONS] SOURCE... DEST");
    };
    let mut status = 0;
    for source in operands {
        let to = destination(&source, &target, call);
        if let Err(trouble) = copy_one(&source, &to, call) {
            status = call.trouble(&source, trouble);
        }
    }
    status
}

fn copy_one(source: &str, to: &str, call: &mut Call<'_, '_>) -> Result<(), Trouble> {
    let from = call.path(source);
    let entry = call.run.files().find(&from)?;
    let content = call.run.read_file(&from)?;
    remove_quietly(to, call);
    call.run.files().put(to, Content::Bytes(content), entry.mode)
}

/// Makes room for something else. A file that was taken from the flow ends with it.
fn remove_quietly(path: &str, call: &mut Call<'_, '_>) {
    if call.run.files().find(path).is_ok_and(|entry| matches!(entry.node, Node::Bytes(_))) {
        // What is not there need not go.
        let _ = call.run.remove_file(path);
    }
}

fn rename(call: &mut Call<'_, '_>) -> u8 {
    let (_, mut operands) = call.split();
    let Some(target) = operands.pop().filter(|_| !operands.is_empty()) else {
        return call.usage("[-fin] SOURCE DEST");
    };
    let mut status = 0;
    for source in operands {
        let (from, to) = (call.path(&source), destination(&source, &target, call));
        let result = match call.run.files().find(&from) {
            Ok(Entry { node: Node::Folder, .. }) => call.run.files().make_folder(&to),
            Ok(_) if from == to => continue,
            Ok(_) => copy_one(&source, &to, call),
            Err(trouble) => Err(trouble),
        };
        if let Err(trouble) = result.and_then(|()| call.run.remove_file(&from)) {
            let line = format!("can't rename '{source}': {}", trouble.text());
            status = call.complain(&line);
        }
    }
    status
}

/// Copies bytes, with blocks and counts; then says how many there were.
fn convert(call: &mut Call<'_, '_>) -> u8 {
    let value = |name: &str| {
        let values = call.words.iter().filter_map(|word| word.strip_prefix(name));
        values.filter_map(|rest| rest.strip_prefix('=')).next_back().map(str::to_owned)
    };
    let size = value("bs").or_else(|| value("ibs"));
    let size = size.map_or(512, |size| amount(&size)).max(1);
    let (count, skip) = (value("count"), value("skip"));
    let (from, to) = (value("if"), value("of"));
    let all = match &from {
        None => call.io.input.take_all().to_vec(),
        Some(path) => match call.run.read_file(&call.path(path)) {
            Ok(bytes) => bytes,
            Err(trouble) => return call.cannot_open(path, trouble),
        },
    };
    let skipped = skip.map_or(0, |skip| amount(&skip).saturating_mul(size)).min(all.len());
    let left = all.get(skipped..).unwrap_or_default();
    let most = count.map_or(usize::MAX, |count| amount(&count).saturating_mul(size));
    let copied = left.get(..most.min(left.len())).unwrap_or_default();
    let status = match to {
        None => {
            call.say_bytes(copied);
            0
        }
        Some(path) => {
            let written = call.run.write_file(&call.path(&path), copied, Writing::Anew);
            written.map_or_else(|trouble| call.trouble(&path, trouble), |()| 0)
        }
    };
    let (whole, part) = (copied.len() / size, usize::from(copied.len() % size > 0));
    let summary = format!("{whole}+{part} records in\n{whole}+{part} records out\n");
    call.run.write(call.io.errors, summary.as_bytes());
    status
}

/// A number with a unit, as `dd` reads it.
fn amount(text: &str) -> usize {
    let digits = text.trim_end_matches(|one: char| !one.is_ascii_digit());
    let unit = match text.get(digits.len()..).unwrap_or_default() {
        "k" | "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => 1,
    };
    digits.parse::<usize>().unwrap_or_default().saturating_mul(unit)
}

fn link(call: &mut Call<'_, '_>) -> u8 {
    let (_, operands) = call.split();
    let [to, at] = operands.as_slice() else {
        return call.usage("[OPTIONS] TARGET... LINK|DIR");
    };
    let place = destination(to, at, call);
    let put = call.run.files().put(&place, Content::Link(to.clone()), 0o777);
    put.map_or_else(|trouble| call.trouble(at, trouble), |()| 0)
}

fn make_folders(call: &mut Call<'_, '_>) -> u8 {
    let (letters, operands) = call.split_with("m");
    if operands.is_empty() {
        return call.usage("[OPTIONS] DIRECTORY...");
    }
    let mut status = 0;
    for operand in operands {
        let full = call.path(&operand);
        let result = if letters.contains('p') {
            make_all(&full, call)
        } else {
            call.run.files().make_folder(&full)
        };
        if let Err(trouble) = result {
            status =
                call.complain(&format!("can't create directory '{operand}': {}", trouble.text()));
        }
    }
    status
}

/// A folder with all that it lies in.
fn make_all(path: &str, call: &mut Call<'_, '_>) -> Result<(), Trouble> {
    let mut so_far = String::new();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        so_far = format!("{so_far}/{part}");
        match call.run.files().make_folder(&so_far) {
            Ok(()) | Err(Trouble::Exists) => {}
            Err(trouble) => return Err(trouble),
        }
    }
    Ok(())
}

fn read_link(call: &mut Call<'_, '_>) -> u8 {
    let (letters, operands) = call.split();
    let Some(path) = operands.first().map(|path| call.path(path)) else {
        return call.usage("[-fnv] FILE");
    };
    let line = match call.run.files().entry(&path).map(|entry| entry.node) {
        _ if letters.contains('f') => call.run.files().followed(&path) + "\n",
        Some(Node::Link(to)) => to + "\n",
        _ => return 1,
    };
    call.say(&line);
    0
}

fn remove(call: &mut Call<'_, '_>) -> u8 {
    let (letters, operands) = call.split();
    let (is_forced, is_deep) = (letters.contains('f'), letters.contains(['r', 'R']));
    if operands.is_empty() && !is_forced {
        return call.usage("[-irf] FILE...");
    }
    let mut status = 0;
    for operand in operands {
        let full = call.path(&operand);
        let result = match call.run.files().entry(&full).map(|entry| entry.node) {
            None if is_forced => continue,
            None => Err(Trouble::NoSuch),
            Some(Node::Folder) if !is_deep => Err(Trouble::IsFolder),
            Some(_) if full == "/" => continue,
            Some(_) => call.run.remove_file(&full),
        };
        if let Err(trouble) = result {
            status = call.complain(&format!("can't remove '{operand}': {}", trouble.text()));
        }
    }
    status
}

fn remove_folders(call: &mut Call<'_, '_>) -> u8 {
    let (_, operands) = call.split();
    let mut status = 0;
    for operand in operands {
        let full = call.path(&operand);
        let result = match call.run.files().find(&full).map(|entry| entry.node) {
            Ok(Node::Folder) if call.run.names(&full).is_empty() => call.run.remove_file(&full),
            Ok(Node::Folder) => Err(Trouble::NotEmpty),
            Ok(_) => Err(Trouble::NotFolder),
            Err(trouble) => Err(trouble),
        };
        if let Err(trouble) = result {
            status = call.complain(&format!("'{operand}': {}", trouble.text()));
        }
    }
    status
}

fn tee(call: &mut Call<'_, '_>) -> u8 {
    let (letters, operands) = call.split();
    let writing = if letters.contains('a') { Writing::After } else { Writing::Anew };
    let input = call.io.input.take_all();
    call.say_bytes(&input);
    let mut status = 0;
    for operand in operands {
        if let Err(trouble) = call.run.write_file(&call.path(&operand), &input, writing) {
            status = call.trouble(&operand, trouble);
        }
    }
    status
}

fn touch(call: &mut Call<'_, '_>) -> u8 {
    let (_, operands) = call.split_with("drt");
    let mut status = 0;
    for operand in operands {
        let full = call.path(&operand);
        if call.run.files().find(&full).is_ok() {
            continue;
        }
        if let Err(trouble) = call.run.write_file(&full, &[], Writing::After) {
            status = call.trouble(&operand, trouble);
        }
    }
    status
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_change_by_digits_and_by_letters() {
        for (before, change, after) in [
            (0o644, "777", 0o777),
            (0o644, "+x", 0o755),
            (0o644, "u+x", 0o755),
            (0o755, "a-x", 0o644),
            (0o644, "go=", 0o644),
            (0o644, "?", 0o644),
        ] {
            assert_eq!(changed_mode(before, change), after, "{change}");
        }
    }
}
