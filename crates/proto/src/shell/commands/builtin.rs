//! Commands of the shell itself.

use super::Place::{Bin, Builtin, UserBin};
use super::{Call, Command, command};
use crate::shell::bytes::{Ends, text, unescaped};
use crate::shell::run::Leaving;
use crate::shell::tree::Node;

pub(super) const COMMANDS: &[Command] = &[
    command(".", Builtin, source),
    command(":", Builtin, |_| 0),
    command("[", UserBin, test_in_brackets),
    command("alias", Builtin, |_| 0),
    command("break", Builtin, |call| leave(call, Leaving::Break)),
    command("cd", Builtin, change_folder),
    command("command", Builtin, others),
    command("continue", Builtin, |call| leave(call, Leaving::Continue)),
    command("echo", Bin, echo),
    command("eval", Builtin, evaluate),
    command("exec", Builtin, others),
    command("exit", Builtin, exit),
    command("export", Builtin, export),
    command("false", Bin, |_| 1),
    command("history", Builtin, history),
    command("jobs", Builtin, |_| 0),
    command("logout", Builtin, exit),
    command("printf", UserBin, print_formatted),
    command("pwd", Bin, print_folder),
    command("read", Builtin, read),
    command("set", Builtin, set),
    command("sleep", Bin, wait_for),
    command("test", UserBin, test),
    command("trap", Builtin, |_| 0),
    command("true", Bin, |_| 0),
    command("type", Builtin, type_of),
    command("ulimit", Builtin, ulimit),
    command("umask", Builtin, umask),
    command("unset", Builtin, unset),
    command("wait", Builtin, |_| 0),
];

fn source(call: &mut Call<'_, '_>) -> u8 {
    let Some(path) = call.words.first().cloned() else { return 0 };
    match call.run.read_file(&call.path(&path)) {
        Ok(content) => {
            call.run.run_file(&content, call.io);
            call.run.state.status
        }
        Err(trouble) => call.cannot_open(&path, trouble),
    }
}

fn leave(call: &mut Call<'_, '_>, why: Leaving) -> u8 {
    call.run.leaving = Some(why);
    0
}

fn change_folder(call: &mut Call<'_, '_>) -> u8 {
    let wanted = match call.words.first().map(String::as_str) {
        None | Some("~") => "/root".to_owned(),
        Some("-") => {
            let before = call.run.state.variables.get("OLDPWD").cloned();
            before.unwrap_or_else(|| call.run.state.folder.clone())
        }
        Some(word) => word.to_owned(),
    };
    let path = call.path(&wanted);
    let path = call.run.files().followed(&path);
    match call.run.files().find(&path).map(|entry| entry.node) {
        Ok(Node::Folder) => {
            let before = std::mem::replace(&mut call.run.state.folder, path);
            call.run.set("OLDPWD", before);
            0
        }
        Ok(_) | Err(_) => {
            call.run.complain(&format!("cd: can't cd to {wanted}"), call.io);
            1
        }
    }
}

/// The rest is a command of its own.
fn others(call: &mut Call<'_, '_>) -> u8 {
    let words = std::mem::take(&mut call.words);
    call.call(&words)
}

fn echo(call: &mut Call<'_, '_>) -> u8 {
    let is_option = |word: &&String| {
        word.strip_prefix('-').is_some_and(|letters| {
            !letters.is_empty() && letters.chars().all(|letter| "neE".contains(letter))
        })
    };
    let options: String = call.words.iter().take_while(is_option).map(String::as_str).collect();
    let count = call.words.iter().take_while(is_option).count();
    let said = call.words.get(count..).unwrap_or_default().join(" ");
    let (said, ends) = if options.contains('e') { unescaped(&said) } else { (said, Ends::Goes) };
    let end = if options.contains('n') || ends == Ends::Here { "" } else { "\n" };
    call.say(&(said + end));
    0
}

fn evaluate(call: &mut Call<'_, '_>) -> u8 {
    let source = call.words.join(" ");
    if call.run.levels_left == 0 {
        call.run.kill(model::Limit::ShellLevels);
        return 137;
    }
    call.run.levels_left -= 1;
    call.run.script(&source, call.io);
    call.run.levels_left += 1;
    call.run.state.status
}

fn exit(call: &mut Call<'_, '_>) -> u8 {
    call.run.leaving = Some(Leaving::Exit);
    let number = call.words.first().and_then(|word| word.parse::<u32>().ok());
    let number = number.map(|number| u8::try_from(number & 0xff).unwrap_or_default());
    number.unwrap_or(call.run.state.status)
}

fn export(call: &mut Call<'_, '_>) -> u8 {
    let words = std::mem::take(&mut call.words);
    for word in words.iter().filter(|word| !word.starts_with('-')) {
        if let Some((name, value)) = word.split_once('=') {
            call.run.set(name, value.to_owned());
        }
    }
    if words.iter().all(|word| word.starts_with('-')) {
        let lines: String = variables(call).map(|line| format!("export {line}\n")).collect();
        call.say(&lines);
    }
    0
}

fn variables<'c>(call: &'c Call<'_, '_>) -> impl Iterator<Item = String> + 'c {
    call.run.state.variables.iter().map(|(name, value)| format!("{name}='{value}'"))
}

fn history(call: &mut Call<'_, '_>) -> u8 {
    let lines = (0..).zip(&call.run.state.history);
    let lines: String =
        lines.map(|(number, line): (u32, _)| format!("{number:>5} {line}\n")).collect();
    call.say(&lines);
    0
}

/// As much of the format as scripts use: `%s`, `%d`, `%x`, `%c`, `%b`, `%%`.
fn print_formatted(call: &mut Call<'_, '_>) -> u8 {
    let words = std::mem::take(&mut call.words);
    let Some((format, arguments)) = words.split_first() else {
        return call.usage("FORMAT [ARG]...");
    };
    let (format, _) = unescaped(format);
    let mut arguments = arguments.iter();
    loop {
        let before = arguments.len();
        let written = formatted(&format, &mut arguments);
        call.say(&written);
        if arguments.len() == 0 || arguments.len() == before || call.run.leaving.is_some() {
            return 0;
        }
    }
}

fn formatted<'w>(format: &str, arguments: &mut impl Iterator<Item = &'w String>) -> String {
    let (mut out, mut rest) = (String::new(), format.chars());
    while let Some(one) = rest.next() {
        if one != '%' {
            out.push(one);
            continue;
        }
        let width = |one: &char| one.is_ascii_digit() || "-+ .#".contains(*one);
        let conversion = rest.find(|one| !width(one));
        let mut argument = || arguments.next().cloned().unwrap_or_default();
        match conversion {
            Some('%') => out.push('%'),
            Some('b') => out.push_str(&unescaped(&argument()).0),
            Some('c') => out.extend(argument().chars().next()),
            Some('d' | 'i' | 'u') => out += &number(&argument()).to_string(),
            Some('x') => out += &format!("{:x}", number(&argument())),
            Some('o') => out += &format!("{:o}", number(&argument())),
            Some('s') => out.push_str(&argument()),
            Some(other) => out.extend(['%', other]),
            None => out.push('%'),
        }
    }
    out
}

fn number(word: &str) -> i64 {
    match word.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16).unwrap_or_default(),
        None => word.parse().unwrap_or_default(),
    }
}

fn print_folder(call: &mut Call<'_, '_>) -> u8 {
    let folder = call.run.state.folder.clone() + "\n";
    call.say(&folder);
    0
}

/// A line of the input into variables; the last one gets what is left.
fn read(call: &mut Call<'_, '_>) -> u8 {
    let (_, names) = call.split_with("tpdn");
    let line = call.io.input.take_line();
    let status = u8::from(line.is_none());
    let line = text(&line.unwrap_or_default());
    let mut rest = line.trim();
    let names = if names.is_empty() { vec!["REPLY".to_owned()] } else { names };
    let last = names.len() - 1;
    for (place, name) in names.iter().enumerate() {
        let (word, later) = match rest.split_once(char::is_whitespace) {
            Some((word, later)) if place < last => (word, later.trim_start()),
            _ => (rest, ""),
        };
        call.run.set(name, word.to_owned());
        rest = later;
    }
    status
}

fn set(call: &mut Call<'_, '_>) -> u8 {
    if call.words.is_empty() {
        let lines: String = variables(call).map(|line| line + "\n").collect();
        call.say(&lines);
    }
    0
}

/// Nobody is kept waiting: no time passes in this shell.
fn wait_for(call: &mut Call<'_, '_>) -> u8 {
    match call.words.first().cloned() {
        None => call.usage("[N]..."),
        Some(word) if word.trim_end_matches(['s', 'm', 'h', 'd']).parse::<f64>().is_err() => {
            call.complain(&format!("invalid number '{word}'"))
        }
        Some(_) => 0,
    }
}

fn test_in_brackets(call: &mut Call<'_, '_>) -> u8 {
    if call.words.pop_if(|last| last == "]").is_none() {
        call.complain("missing ]");
        return 2;
    }
    test(call)
}

/// An expression, with `!`, `-a` and `-o`.
fn test(call: &mut Call<'_, '_>) -> u8 {
    let words = std::mem::take(&mut call.words);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let is_so = words
        .split(|word| *word == "-o")
        .any(|alternative| alternative.split(|word| *word == "-a").all(|part| holds(part, call)));
    u8::from(!is_so)
}

fn holds(words: &[&str], call: &mut Call<'_, '_>) -> bool {
    match words {
        [] => false,
        ["!", rest @ ..] => !holds(rest, call),
        ["-n", text] => !text.is_empty(),
        ["-z", text] => text.is_empty(),
        [option, path] if option.starts_with('-') => is_such(option, path, call),
        [left, "=" | "==", right] => left == right,
        [left, "!=", right] => left != right,
        [left, comparison, right] => {
            let (left, right) = (number(left), number(right));
            match *comparison {
                "-eq" => left == right,
                "-ne" => left != right,
                "-lt" => left < right,
                "-le" => left <= right,
                "-gt" => left > right,
                "-ge" => left >= right,
                _ => false,
            }
        }
        [word, ..] => !word.is_empty(),
    }
}

/// Whether there is something at a path, and of this kind.
fn is_such(option: &str, path: &str, call: &mut Call<'_, '_>) -> bool {
    let path = call.path(path);
    let link = call.run.files().entry(&path).map(|entry| entry.node);
    let Ok(entry) = call.run.files().find(&path) else { return false };
    match option {
        "-f" => matches!(entry.node, Node::Bytes(_)),
        "-d" => entry.node == Node::Folder,
        "-c" => matches!(entry.node, Node::Device(_)),
        "-h" | "-L" => matches!(link, Some(Node::Link(_))),
        "-s" => !matches!(entry.node, Node::Bytes(0)),
        "-x" => entry.node == Node::Folder || entry.mode & 0o111 != 0,
        "-e" | "-r" | "-w" => true,
        _ => false,
    }
}

fn type_of(call: &mut Call<'_, '_>) -> u8 {
    let mut status = 0;
    for word in std::mem::take(&mut call.words) {
        let line = match super::find(&word).map(|command| (command.place, command.path())) {
            Some((Builtin, _)) => format!("{word} is a shell builtin\n"),
            Some((_, path)) => format!("{word} is {}\n", path.unwrap_or_default()),
            None => {
                status = 127;
                format!("{word}: not found\n")
            }
        };
        call.say(&line);
    }
    status
}

fn ulimit(call: &mut Call<'_, '_>) -> u8 {
    if call.words.len() < 2 {
        let files = call.words.first().is_some_and(|word| word == "-n");
        call.say(if files { "1024\n" } else { "unlimited\n" });
    }
    0
}

fn umask(call: &mut Call<'_, '_>) -> u8 {
    if call.words.is_empty() {
        call.say("0022\n");
    }
    0
}

fn unset(call: &mut Call<'_, '_>) -> u8 {
    for name in std::mem::take(&mut call.words) {
        call.run.state.variables.remove(&name);
    }
    0
}
