//! Every command of a client, in one table.

use model::{Event, ServiceCommand};

use super::message::Command;
use super::session::{Login, Session};
use super::{about, folders, login, passive, transfer};
use crate::{Cx, Out};

/// One command, and what is done about it.
pub(super) struct Row {
    pub(super) verb: &'static str,
    when: When,
    meaning: Meaning,
    obey: Obey,
}

type Obey = fn(&mut Session, &Command, &Cx<'_>, &mut Out);

/// When a command is obeyed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Always,
    LoggedIn,
}

/// Whether a command says what its sender is after.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// It is noted.
    Meant,
    /// It only keeps the conversation going, or is noted as something else.
    Form,
}

use Meaning::{Form, Meant};
use When::{Always, LoggedIn};

const fn row(verb: &'static str, when: When, meaning: Meaning, obey: Obey) -> Row {
    Row { verb, when, meaning, obey }
}

/// All of them.
pub(super) static COMMANDS: &[Row] = &[
    row("ABOR", LoggedIn, Form, transfer::abor),
    row("ACCT", Always, Meant, about::not_implemented),
    row("ALLO", LoggedIn, Form, about::allo),
    row("APPE", LoggedIn, Meant, transfer::appe),
    row("AUTH", Always, Form, login::auth),
    row("CCC", Always, Form, login::ccc),
    row("CDUP", LoggedIn, Form, folders::cdup),
    row("CLNT", Always, Meant, about::clnt),
    row("CWD", LoggedIn, Meant, folders::cwd),
    row("DELE", LoggedIn, Meant, folders::dele),
    row("EPRT", LoggedIn, Form, passive::eprt),
    row("EPSV", LoggedIn, Form, passive::epsv),
    row("FEAT", Always, Form, about::feat),
    row("HELP", Always, Form, about::help),
    row("HOST", Always, Meant, about::host),
    row("LANG", Always, Form, about::lang),
    row("LIST", LoggedIn, Meant, transfer::list),
    row("MDTM", LoggedIn, Meant, folders::mdtm),
    row("MFMT", LoggedIn, Meant, folders::mfmt),
    row("MKD", LoggedIn, Meant, folders::mkd),
    row("MLSD", LoggedIn, Meant, transfer::mlsd),
    row("MLST", LoggedIn, Meant, folders::mlst),
    row("MODE", LoggedIn, Form, about::mode),
    row("NLST", LoggedIn, Meant, transfer::nlst),
    row("NOOP", Always, Form, about::noop),
    row("OPTS", Always, Form, about::opts),
    row("PASS", Always, Form, login::pass),
    row("PASV", LoggedIn, Form, passive::pasv),
    row("PBSZ", Always, Form, login::pbsz),
    row("PORT", LoggedIn, Form, passive::port),
    row("PROT", Always, Form, login::prot),
    row("PWD", LoggedIn, Form, folders::pwd),
    row("QUIT", Always, Form, login::quit),
    row("REIN", Always, Form, login::rein),
    row("REST", LoggedIn, Form, transfer::rest),
    row("RETR", LoggedIn, Meant, transfer::retr),
    row("RMD", LoggedIn, Meant, folders::rmd),
    row("RNFR", LoggedIn, Meant, folders::rnfr),
    row("RNTO", LoggedIn, Meant, folders::rnto),
    row("SITE", LoggedIn, Meant, folders::site),
    row("SIZE", LoggedIn, Meant, folders::size),
    row("SMNT", LoggedIn, Meant, about::not_implemented),
    row("STAT", Always, Form, about::stat),
    row("STOR", LoggedIn, Meant, transfer::stor),
    row("STOU", LoggedIn, Meant, transfer::stou),
    row("STRU", LoggedIn, Form, about::stru),
    row("SYST", Always, Form, about::syst),
    row("TYPE", LoggedIn, Form, about::type_),
    row("USER", Always, Form, login::user),
    row("UTF8", Always, Form, about::utf8),
    // Names of before RFC 959.
    row("XCUP", LoggedIn, Form, folders::cdup),
    row("XCWD", LoggedIn, Meant, folders::cwd),
    row("XMKD", LoggedIn, Meant, folders::mkd),
    row("XPWD", LoggedIn, Form, folders::pwd),
    row("XRMD", LoggedIn, Meant, folders::rmd),
];

impl Session {
    /// Does what a command wants.
    pub(super) fn obey(&mut self, command: &Command, cx: &Cx<'_>, out: &mut Out) {
        let Some(row) = COMMANDS.iter().find(|row| row.verb == command.verb) else {
            self.broke("an unknown command", out);
            out.send(format!("500 {} not understood\r\n", command.verb));
            return;
        };
        if row.meaning == Meant {
            note(command, out);
        }
        if row.when == LoggedIn && !matches!(self.login, Login::In(_)) {
            self.broke("a command before the login", out);
            out.send("530 Please login with USER and PASS\r\n");
            return;
        }
        (row.obey)(self, command, cx, out);
    }
}

fn note(command: &Command, out: &mut Out) {
    let command = command.text();
    out.note(Event::Command(Box::new(ServiceCommand { protocol: "ftp", command })));
}
