//! What a server says of itself, in the words of one that is widely run (ProFTPD), and commands that
//! ask for nothing we would not do anyway.

use model::Layer;

use super::commands::COMMANDS;
use super::folders;
use super::listing::long;
use super::message::Command;
use super::path::resolved;
use super::session::{Form, Login, Session};
use crate::{Cx, Out};

/// The greeting. The server is built for the same system as the mail server beside it.
pub(super) fn banner(cx: &Cx<'_>) -> String {
    let address = cx.flow.orig_dst.ip().to_canonical();
    format!("220 ProFTPD Server{} [{address}]\r\n", cx.persona.build())
}

pub(super) fn feat(_: &mut Session, _: &Command, cx: &Cx<'_>, out: &mut Out) {
    let tls = if cx.layer == Layer::Wire { " AUTH TLS\r\n" } else { "" };
    let before = [" CLNT", " EPRT", " EPSV", " HOST", " LANG en-US.UTF-8*;en-US", " MDTM", " MFMT"];
    let after = [MLST, " PBSZ", " PROT", " REST STREAM", " SIZE", " TVFS", " UTF8"];
    let lines: String = before.into_iter().chain(after).map(|line| format!("{line}\r\n")).collect();
    out.send(format!("211-Features:\r\n{tls}{lines}211 End\r\n"));
}

const MLST: &str = " MLST modify*;perm*;size*;type*;UNIX.group*;UNIX.mode*;UNIX.owner*;";

pub(super) fn help(_: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let asked = command.word();
    if let Some(row) = COMMANDS.iter().find(|row| row.verb == asked) {
        out.send(format!("214 Syntax: {}\r\n", row.verb));
        return;
    }
    let verbs: Vec<&str> = COMMANDS.iter().map(|row| row.verb).collect();
    let lines: String = verbs
        .chunks(8)
        .map(|verbs| {
            let columns: String = verbs.iter().map(|verb| format!(" {verb:<7}")).collect();
            format!("{}\r\n", columns.trim_end())
        })
        .collect();
    let host = &cx.persona.host;
    out.send(format!(
        "214-The following commands are recognized:\r\n{lines}214 Direct comments to root@{host}\r\n"
    ));
}

/// STAT: of the server, or a listing over the control connection (RFC 959 §4.1.3).
pub(super) fn stat(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let about = command.words().find(|word| !word.starts_with('-'));
    match (&session.login, about) {
        (Login::In(_), Some(about)) => out.send(listed(session, about, cx)),
        (Login::In(user), None) => {
            let host = &cx.persona.host;
            let (victim, form) = (cx.flow.victim.ip().to_canonical(), session.form.name());
            out.send(format!(
                "211-Status of '{host}'\r\n Connected from {victim}\r\n Logged in as {user}\r\n \
                 TYPE: {form}, STRUcture: File, Mode: Stream\r\n No data connection\r\n\
                 211 End of status\r\n"
            ));
        }
        _ => out.send("530 Please login with USER and PASS\r\n"),
    }
}

fn listed(session: &Session, about: &str, cx: &Cx<'_>) -> String {
    let Some(path) = resolved(&session.folder, about) else { return folders::missing(about) };
    let entries = match session.tree.is_folder(&path, cx) {
        true => session.tree.list(&path, cx),
        false => folders::entry(session, &path, cx).into_iter().collect(),
    };
    if entries.is_empty() && !session.tree.is_folder(&path, cx) {
        return folders::missing(about);
    }
    let lines: String = entries.iter().map(|entry| format!(" {}", long(entry, cx.now))).collect();
    format!("212-Status of {about}:\r\n{lines}212 End of status\r\n")
}

pub(super) fn syst(_: &mut Session, _: &Command, _: &Cx<'_>, out: &mut Out) {
    out.send("215 UNIX Type: L8\r\n");
}

pub(super) fn noop(_: &mut Session, _: &Command, _: &Cx<'_>, out: &mut Out) {
    out.send("200 NOOP command successful\r\n");
}

pub(super) fn allo(_: &mut Session, _: &Command, _: &Cx<'_>, out: &mut Out) {
    out.send("202 No storage allocation necessary\r\n");
}

pub(super) fn clnt(_: &mut Session, _: &Command, _: &Cx<'_>, out: &mut Out) {
    out.send("200 OK\r\n");
}

pub(super) fn host(_: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) {
    out.send(format!("220 {}\r\n", command.about.trim()));
}

pub(super) fn lang(_: &mut Session, _: &Command, _: &Cx<'_>, out: &mut Out) {
    out.send("200 Using default language en_US\r\n");
}

pub(super) fn not_implemented(_: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) {
    out.send(format!("502 {} command not implemented\r\n", command.verb));
}

pub(super) fn type_(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) {
    let form = match command.word().as_str() {
        "A" => Form::Ascii,
        "I" | "L" => Form::Binary,
        _ => {
            out.send(format!("504 TYPE not implemented for '{}' parameter\r\n", command.about));
            return;
        }
    };
    session.form = form;
    out.send(format!("200 Type set to {}\r\n", command.about.trim().to_ascii_uppercase()));
}

pub(super) fn mode(_: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) {
    out.send(match command.word().as_str() {
        "S" => "200 Mode set to S\r\n".to_owned(),
        other => format!("504 '{other}' unsupported transfer mode\r\n"),
    });
}

pub(super) fn stru(_: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) {
    out.send(match command.word().as_str() {
        "F" => "200 Structure set to F\r\n".to_owned(),
        other => format!("504 '{other}' unsupported structure type\r\n"),
    });
}

pub(super) fn opts(_: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) {
    out.send(match command.word().as_str() {
        "UTF8" | "UTF-8" => "200 UTF8 set to on\r\n".to_owned(),
        "MLST" => format!("200 {}\r\n", MLST.trim().replace('*', "")),
        other => format!("501 OPTS {other} not understood\r\n"),
    });
}

pub(super) fn utf8(_: &mut Session, _: &Command, _: &Cx<'_>, out: &mut Out) {
    out.send("200 UTF8 set to on\r\n");
}
