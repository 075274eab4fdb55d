//! Who a client is, and what protects it: USER and PASS (RFC 959), AUTH, PBSZ, PROT and CCC (RFC 4217).

use model::{Credentials, Event, Layer};

use super::message::Command;
use super::session::{Login, Session};
use crate::{Companion, Cx, Next, Out, Wrap};

/// USER. Who is logged in may do so anew.
pub(super) fn user(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) {
    let user = command.about.trim();
    if user.is_empty() {
        out.send("500 USER: command requires a parameter\r\n");
        return;
    }
    out.send(if is_anonymous(user) {
        "331 Anonymous login ok, send your complete email address as your password\r\n".to_owned()
    } else {
        format!("331 Password required for {user}\r\n")
    });
    session.login = Login::Named(user.to_owned());
}

/// PASS. A password without a user is noted as well.
pub(super) fn pass(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let secret = command.about.clone();
    let user = match std::mem::take(&mut session.login) {
        Login::Named(user) => Some(user),
        Login::In(user) => {
            session.login = Login::In(user);
            None
        }
        Login::Nobody => None,
    };
    let given = Credentials { protocol: "ftp", mechanism: "pass".to_owned(), user, secret };
    let Some(user) = given.user.clone() else {
        session.broke("a password without a user", out);
        out.note(Event::Credentials(given.into()));
        out.send("503 Login with USER first\r\n");
        return;
    };
    let is_right = cx.rules.ftp.accept.admits(&given, cx);
    out.note(Event::Credentials(given.into()));
    if !is_right {
        out.send("530 Login incorrect.\r\n");
        return;
    }
    out.send(if is_anonymous(&user) {
        "230 Anonymous access granted, restrictions apply\r\n".to_owned()
    } else {
        format!("230 User {user} logged in\r\n")
    });
    session.login = Login::In(user);
}

fn is_anonymous(user: &str) -> bool {
    ["anonymous", "ftp"].iter().any(|name| user.eq_ignore_ascii_case(name))
}

/// REIN: as if nothing had been.
pub(super) fn rein(session: &mut Session, _: &Command, _: &Cx<'_>, out: &mut Out) {
    out.companion(Companion::Leave);
    session.begin_anew();
    out.send("220 Service ready for new user\r\n");
}

/// QUIT. What is on its way arrives first (RFC 959 §4.1.1).
pub(super) fn quit(session: &mut Session, _: &Command, _: &Cx<'_>, out: &mut Out) {
    if session.data.is_busy() {
        session.is_leaving = true;
    } else {
        session.leave(out);
    }
}

impl Session {
    pub(super) fn leave(&mut self, out: &mut Out) {
        out.send("221 Goodbye.\r\n");
        out.hand_over(Next::Close);
    }
}

/// AUTH: what follows is TLS, and inside it we begin anew, without a greeting.
pub(super) fn auth(_: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let mechanism = command.word();
    match mechanism.as_str() {
        "TLS" | "TLS-C" | "TLS-P" | "SSL" if cx.layer == Layer::Wire => {
            out.send(format!("234 AUTH {mechanism} successful\r\n"));
            out.hand_over(Next::StartTls { inside: &super::PROTOCOL });
        }
        "TLS" | "TLS-C" | "TLS-P" | "SSL" => {
            out.send("503 Security exchange already complete\r\n");
        }
        _ => out.send(format!("504 AUTH {mechanism} unsupported\r\n")),
    }
}

/// PBSZ: TLS protects bytes of any number at once.
pub(super) fn pbsz(_: &mut Session, _: &Command, cx: &Cx<'_>, out: &mut Out) {
    out.send(if cx.layer == Layer::Wire {
        "503 PBSZ not allowed on insecure control connection\r\n"
    } else {
        "200 PBSZ 0 successful\r\n"
    });
}

/// PROT: whether data connections are wrapped in TLS.
pub(super) fn prot(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let level = command.word();
    out.send(match level.as_str() {
        _ if cx.layer == Layer::Wire => {
            "503 PROT not allowed on insecure control connection\r\n".to_owned()
        }
        "C" => {
            session.wrap = Some(Wrap::None);
            "200 Protection set to Clear\r\n".to_owned()
        }
        "P" => {
            session.wrap = Some(Wrap::Tls);
            "200 Protection set to Private\r\n".to_owned()
        }
        "E" | "S" => format!("536 PROT {level} unsupported\r\n"),
        _ => format!("504 PROT {level} unsupported\r\n"),
    });
}

/// CCC: to go on in the clear.
pub(super) fn ccc(_: &mut Session, _: &Command, cx: &Cx<'_>, out: &mut Out) {
    out.send(if cx.layer == Layer::Wire {
        "533 CCC not allowed on insecure control connection\r\n"
    } else {
        "534 Unwilling to accept security parameters\r\n"
    });
}
