//! Commands about folders: which there are, what is in them, new ones, other names.

use super::account::{Account, Refusal};
use super::arguments::Value;
use super::command::Command;
use super::flags::SEEN;
use super::folder::Folder;
use super::machine::State;
use super::pattern::{SEPARATOR, fits};
use super::reply::name;
use super::session::{Row, Session, When};
use crate::{Cx, Out};

pub(super) const COMMANDS: &[Row] = &[
    ("CREATE", When::LoggedIn, create),
    ("DELETE", When::LoggedIn, delete),
    ("LIST", When::LoggedIn, list),
    ("LSUB", When::LoggedIn, list),
    ("NAMESPACE", When::LoggedIn, namespace),
    ("RENAME", When::LoggedIn, rename),
    ("STATUS", When::LoggedIn, status),
    ("SUBSCRIBE", When::LoggedIn, subscribe),
    ("UNSUBSCRIBE", When::LoggedIn, unsubscribe),
    ("XLIST", When::LoggedIn, list),
];

/// LIST, and what is like it. What a client selects before the reference (RFC 5258) is passed over.
fn list(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    let first = usize::from(matches!(command.argument(0), Some(Value::List(_))));
    let (reference, patterns) = (command.text(first), command.argument(first + 1));
    let (Some(reference), Some(patterns), Some(account)) = (reference, patterns, &session.account)
    else {
        return invalid(command, out);
    };
    let mut answer = String::new();
    for pattern in patterns.list().iter().filter_map(Value::text) {
        answer += &listed(account, &format!("{reference}{pattern}"), command);
    }
    out.send(format!("{answer}{}", command.completed()));
    State::Command
}

fn listed(account: &Account, pattern: &str, command: &Command) -> String {
    let verb = &command.verb;
    if pattern.is_empty() {
        return format!("* {verb} (\\Noselect) \"{SEPARATOR}\" \"\"\r\n");
    }
    let is_wanted = |folder: &&Folder| {
        (folder.is_subscribed || verb != "LSUB")
            && (fits(pattern, &folder.name)
                || fits(&pattern.to_ascii_uppercase(), &folder.name.to_ascii_uppercase())
                    && folder.name == super::account::INBOX)
    };
    let line = |folder: &Folder| {
        let about = attributes(account, folder);
        format!("* {verb} ({about}) \"{SEPARATOR}\" {}\r\n", name(&folder.name))
    };
    account.folders().iter().filter(is_wanted).map(line).collect()
}

fn attributes(account: &Account, folder: &Folder) -> String {
    let below = format!("{}{SEPARATOR}", folder.name);
    let has_children = account.folders().iter().any(|other| other.name.starts_with(&below));
    let children = if has_children { "\\HasChildren" } else { "\\HasNoChildren" };
    [Some(children), folder.purpose].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn namespace(_: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    let completed = command.completed();
    out.send(format!("* NAMESPACE ((\"\" \"{SEPARATOR}\")) NIL NIL\r\n{completed}"));
    State::Command
}

/// STATUS: numbers of a folder that need not be selected.
fn status(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    let (Some(wanted), Some(of), Some(account)) =
        (command.text(0), command.argument(1), &mut session.account)
    else {
        return invalid(command, out);
    };
    match account.find(wanted) {
        Ok(folder) => {
            let words = of.list().iter().filter_map(Value::text);
            let numbers = words.filter_map(|word| number(folder, &word.to_ascii_uppercase()));
            let numbers = numbers.collect::<Vec<_>>().join(" ");
            let folder = name(&folder.name);
            out.send(format!("* STATUS {folder} ({numbers})\r\n{}", command.completed()));
        }
        Err(refusal) => out.send(command.no(refusal)),
    }
    State::Command
}

fn number(folder: &Folder, word: &str) -> Option<String> {
    let number = match word {
        "MESSAGES" => folder.mails.len(),
        "RECENT" => folder.count_of(|mail| mail.is_recent),
        "UNSEEN" => folder.count_of(|mail| !mail.flags.has(SEEN)),
        "SIZE" => folder.mails.iter().map(|mail| mail.text.len()).sum(),
        "UIDNEXT" => return Some(format!("{word} {}", folder.next_uid)),
        "UIDVALIDITY" => return Some(format!("{word} {}", folder.validity)),
        _ => return None,
    };
    Some(format!("{word} {number}"))
}

fn create(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    change(session, command, out, |account, command, out| {
        account.create(command.text(0).unwrap_or_default(), out)
    })
}

fn delete(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    change(session, command, out, |account, command, _| {
        account.delete(command.text(0).unwrap_or_default())
    })
}

fn rename(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    change(session, command, out, |account, command, out| {
        account.rename(
            command.text(0).unwrap_or_default(),
            command.text(1).unwrap_or_default(),
            out,
        )
    })
}

fn subscribe(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    change(session, command, out, |account, command, _| {
        account.find(command.text(0).unwrap_or_default())?.is_subscribed = true;
        Ok(())
    })
}

fn unsubscribe(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    change(session, command, out, |account, command, _| {
        account.find(command.text(0).unwrap_or_default())?.is_subscribed = false;
        Ok(())
    })
}

type Change = fn(&mut Account, &Command, &mut Out) -> Result<(), Refusal>;

fn change(session: &mut Session, command: &Command, out: &mut Out, change: Change) -> State {
    let Some(account) = session.account.as_mut().filter(|_| command.text(0).is_some()) else {
        return invalid(command, out);
    };
    let changed = change(account, command, out);
    out.send(match changed {
        Ok(()) => command.completed(),
        Err(refusal) => command.no(refusal),
    });
    State::Command
}

pub(super) fn invalid(command: &Command, out: &mut Out) -> State {
    out.send(command.bad("Invalid arguments."));
    State::Command
}
