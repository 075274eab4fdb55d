//! A daemon on one connection: versions, a module, a password that is wrong.

use model::{Credentials, Event, Limit, ServiceCommand};

use crate::base64::encoded;
use crate::broken_rules::BrokenRules;
use crate::derived::{Purpose, derived};
use crate::inbox::Line;
use crate::one_by_one::Server;
use crate::{Cx, Inbox, Next, Out};

#[derive(Default)]
pub(super) struct Daemon {
    state: State,
    broken_rules: BrokenRules,
}

/// What is to come next.
#[derive(Default)]
enum State {
    #[default]
    Version,
    Module,
    /// A user and a digest, for this module.
    Login(String),
}

/// What there is to be copied.
const MODULES: [(&str, &str); 3] =
    [("backup", "nightly backups"), ("www", "web content"), ("data", "")];

impl Server for Daemon {
    fn greet(&mut self, _: &Cx<'_>, out: &mut Out) {
        out.send("@RSYNCD: 31.0\n");
    }

    /// Reads a line; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        match inbox.take_line(cx.rules.line_bytes) {
            Line::Whole(line) => {
                let line = String::from_utf8_lossy(&line).into_owned();
                self.state = match std::mem::take(&mut self.state) {
                    State::Version => self.version(&line, out),
                    State::Module => module(&line, cx, out),
                    State::Login(module) => login(&line, &module, cx, out),
                };
                true
            }
            Line::Overlong(_) => {
                out.note(Event::LimitReached(Limit::LineBytes));
                out.hand_over(Next::Close);
                false
            }
            Line::Partial => false,
        }
    }

    fn cut(&mut self, out: &mut Out) {
        self.broken_rules.note("rsync", "the stream ends inside a line", out);
    }
}

impl Daemon {
    fn version(&mut self, line: &str, out: &mut Out) -> State {
        if !line.starts_with("@RSYNCD: ") {
            self.broken_rules.note("rsync", "no version", out);
            out.send("@ERROR: protocol startup error\n");
            out.hand_over(Next::Close);
        }
        State::Module
    }
}

/// A list of modules, or one of them, for which a password is wanted.
fn module(line: &str, cx: &Cx<'_>, out: &mut Out) -> State {
    let command = if line.is_empty() { "#list".to_owned() } else { line.to_owned() };
    out.note(Event::Command(Box::new(ServiceCommand { protocol: "rsync", command })));
    if matches!(line, "" | "#list") {
        let modules = MODULES.iter().map(|(name, about)| format!("{name:<15}\t{about}\n"));
        out.send(modules.collect::<String>() + "@RSYNCD: EXIT\n");
        out.hand_over(Next::Close);
    } else if MODULES.iter().any(|(name, _)| *name == line) {
        out.send(format!("@RSYNCD: AUTHREQD {}\n", challenge(cx)));
    } else {
        out.send(format!("@ERROR: Unknown module '{line}'\n"));
        out.hand_over(Next::Close);
    }
    State::Login(line.to_owned())
}

/// The digest is of the password and of what we asked, and is noted with it; without the files
/// themselves nobody can be let in.
fn login(line: &str, module: &str, cx: &Cx<'_>, out: &mut Out) -> State {
    let (user, digest) = line.split_once(' ').unwrap_or((line, ""));
    let given = Credentials {
        protocol: "rsync",
        mechanism: "challenge".to_owned(),
        user: Some(user.to_owned()),
        secret: format!("{digest}:{}", challenge(cx)),
    };
    out.note(Event::Credentials(given.into()));
    out.send(format!("@ERROR: auth failed on module {module}\n"));
    out.hand_over(Next::Close);
    State::Module
}

fn challenge(cx: &Cx<'_>) -> String {
    let [first, second] = derived(&cx.persona.seed, Purpose::Challenge, &cx.flow.id.to_string());
    encoded(&[first.to_be_bytes(), second.to_be_bytes()].concat()).trim_end_matches('=').to_owned()
}
