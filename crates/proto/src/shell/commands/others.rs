//! Commands that run others, or say where they are.

use super::Place::{Bin, Builtin, UserBin};
use super::{Call, Command, all, command, find};
use crate::shell::bytes::{bytes, text};

pub(super) const COMMANDS: &[Command] = &[
    command("ash", Bin, shell),
    command("busybox", Bin, busybox),
    command("clear", UserBin, |call| {
        call.say("\x1b[H\x1b[J");
        0
    }),
    command("env", UserBin, environment),
    command("help", Builtin, help),
    command("nice", Bin, run_rest),
    command("nohup", UserBin, run_rest),
    command("printenv", Bin, environment),
    command("setsid", UserBin, run_rest),
    command("sh", Bin, shell),
    command("time", UserBin, run_rest),
    command("which", UserBin, which),
    command("xargs", UserBin, with_input),
];

/// BusyBox by itself, or one of its programs by name.
fn busybox(call: &mut Call<'_, '_>) -> u8 {
    let words = std::mem::take(&mut call.words);
    let Some(name) = words.first() else {
        let text = format!("{}\n{ABOUT}{}\n", call.run.device.processor.busybox, wrapped());
        call.say(&text);
        return 0;
    };
    match find(name) {
        Some(command) if command.path().is_some() || command.name == "sh" => call.call(&words),
        _ if name == "--list" => {
            let names: String = programs().iter().map(|name| format!("{name}\n")).collect();
            call.say(&names);
            0
        }
        _ => {
            let line = format!("{name}: applet not found\n");
            call.run.write(call.io.errors, &bytes(&line));
            127
        }
    }
}

fn programs() -> Vec<&'static str> {
    let mut names: Vec<&str> =
        all().filter(|command| command.path().is_some()).map(|command| command.name).collect();
    names.sort_unstable();
    names
}

/// Their names in lines, as BusyBox lists them.
fn wrapped() -> String {
    let mut lines = vec!["\t".to_owned()];
    for name in programs() {
        if lines.last().is_some_and(|line| line.len() + name.len() > 70) {
            lines.push("\t".to_owned());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(name);
            line.push_str(", ");
        }
    }
    let text = lines.join("\n");
    text.trim_end_matches([',', ' ']).to_owned()
}

const ABOUT: &str = "BusyBox is copyrighted by many authors between 1998-2015.\n\
Licensed under GPLv2. See source distribution for detailed\ncopyright notices.\n\n\
Usage: busybox [function [arguments]...]\n   or: busybox --list\n   or: function [arguments]...\n\n\
\tBusyBox is a multi-call binary that combines many common Unix\n\
\tutilities into a single executable.  Most people will create a\n\
\tlink to busybox for each function they wish to use and BusyBox\n\
\twill act like whatever it was invoked as.\n\nCurrently defined functions:\n";

/// A shell in the shell: of a text, of a file, of what comes in, or of the same terminal.
fn shell(call: &mut Call<'_, '_>) -> u8 {
    let words = std::mem::take(&mut call.words);
    let given = words.iter().position(|word| word.starts_with('-') && word.contains('c'));
    let source = match given {
        Some(place) => words.get(place + 1).map(|source| bytes(source)),
        None => match words.iter().find(|word| !word.starts_with('-')) {
            Some(path) => match call.run.read_file(&call.path(path)) {
                Ok(content) => Some(content),
                Err(trouble) => {
                    call.complain(&format!("can't open '{path}': {}", trouble.text()));
                    return 2;
                }
            },
            None if call.is_at_terminal() => None,
            None => Some(call.io.input.take_all().to_vec()),
        },
    };
    match source {
        Some(source) => {
            call.run.state.status = 0;
            call.run.run_file(&source, call.io);
            call.run.state.status
        }
        None => {
            call.run.state.inner += 1;
            0
        }
    }
}

/// The variables; with a command, that command.
fn environment(call: &mut Call<'_, '_>) -> u8 {
    let words = std::mem::take(&mut call.words);
    let rest: Vec<String> =
        words.into_iter().skip_while(|word| word.contains('=') || word == "-i").collect();
    if !rest.is_empty() && call.name == "env" {
        return call.call(&rest);
    }
    let variables = call.run.state.variables.iter();
    let lines: String = variables.map(|(name, value)| format!("{name}={value}\n")).collect();
    call.say(&lines);
    0
}

fn help(call: &mut Call<'_, '_>) -> u8 {
    let names: Vec<&str> =
        all().filter(|command| command.path().is_none()).map(|command| command.name).collect();
    let text = format!("Built-in commands:\n------------------\n\t{}\n", names.join(" "));
    call.say(&text);
    0
}

fn run_rest(call: &mut Call<'_, '_>) -> u8 {
    let words = std::mem::take(&mut call.words);
    call.call(&words)
}

fn which(call: &mut Call<'_, '_>) -> u8 {
    let (_, names) = call.split();
    let mut status = 0;
    for name in names {
        match find(&name).and_then(Command::path) {
            Some(path) => call.say(&format!("{path}\n")),
            None => status = 1,
        }
    }
    status
}

/// Words that come in become words of a command.
fn with_input(call: &mut Call<'_, '_>) -> u8 {
    let input = text(&call.io.input.take_all());
    let (_, mut words) = call.split_with("nIPL");
    words.extend(input.split_whitespace().map(str::to_owned));
    call.call(&words)
}
