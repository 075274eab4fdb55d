//! What is known of the client, and how its commands are found.

use super::call::Call;
use super::message::Heard;
use super::reply::{Answer, Reply, Version};
use super::space::{Place, Space};
use super::{connection, hashes, keys, lists, script, server, sets, texts};
use crate::broken_rules::BrokenRules;
use crate::{Cx, Next, Out};

/// A client.
#[derive(Debug, Default)]
pub(super) struct Session {
    pub(super) version: Version,
    pub(super) database: u8,
    pub(super) space: Space,
    /// What it calls itself.
    pub(super) name: Vec<u8>,
    /// Commands that wait for EXEC.
    pub(super) queue: Option<Vec<Vec<Vec<u8>>>>,
    /// What it listens to: the word it asked with, and the channel or pattern.
    pub(super) subscriptions: Vec<Vec<u8>>,
    pub(super) server: server::State,
    /// Whether it waits for an element of a list.
    pub(super) waits: bool,
    broken_rules: BrokenRules,
}

/// A command that is obeyed.
pub(super) struct Command {
    pub(super) name: &'static str,
    /// How many words it has, itself among them; at least so many, if negative (as the server itself
    /// lists it).
    pub(super) words: i64,
    pub(super) obey: fn(&mut Session, &mut Call<'_>) -> Answer,
}

/// A row of the tables of commands.
pub(super) const fn command(
    name: &'static str,
    words: i64,
    obey: fn(&mut Session, &mut Call<'_>) -> Answer,
) -> Command {
    Command { name, words, obey }
}

/// Every command that is obeyed, by topic.
static TOPICS: &[&[Command]] = &[
    connection::COMMANDS,
    hashes::COMMANDS,
    keys::COMMANDS,
    lists::COMMANDS,
    script::COMMANDS,
    server::COMMANDS,
    sets::COMMANDS,
    texts::COMMANDS,
];

/// Every command that is obeyed.
pub(super) fn commands() -> impl Iterator<Item = &'static Command> {
    TOPICS.iter().copied().flatten()
}

impl Session {
    /// Answers what was heard.
    pub(super) fn answer(&mut self, heard: Heard, cx: &Cx<'_>, out: &mut Out) {
        match heard {
            Heard::Command(words) => {
                let reply = self.obey(&words, cx, out);
                self.say(&reply, out);
                if words.first().is_some_and(|verb| verb.eq_ignore_ascii_case(b"quit")) {
                    out.hand_over(Next::Close);
                }
            }
            Heard::Unreadable(rule, text) => {
                self.broke(rule, out);
                out.send(text);
                out.hand_over(Next::Close);
            }
            Heard::Nothing | Heard::Partial => {}
        }
    }

    /// The time is over that the client wanted to wait.
    pub(super) fn wait_is_over(&mut self, out: &mut Out) {
        if std::mem::take(&mut self.waits) {
            self.say(&Reply::NoArray, out);
        }
    }

    fn obey(&mut self, words: &[Vec<u8>], cx: &Cx<'_>, out: &mut Out) -> Reply {
        let mut call = Call { cx, out, words };
        call.note();
        let Some(command) = find(&call) else {
            return self.unknown(&mut call);
        };
        if !command.takes(words.len()) {
            return call.wrong_count();
        }
        if let Some(queue) = &mut self.queue
            && !connection::ENDS_OF_QUEUE.contains(&command.name)
        {
            return connection::enqueue(queue, &mut call);
        }
        self.run(command, &mut call)
    }

    /// Does one command, at once.
    pub(super) fn run(&mut self, command: &Command, call: &mut Call<'_>) -> Reply {
        (command.obey)(self, call).unwrap_or_else(|refusal| refusal)
    }

    /// A command that only a module has, or nobody.
    fn unknown(&mut self, call: &mut Call<'_>) -> Reply {
        if let Some(reply) = self.server.module_reply(call) {
            return reply;
        }
        self.broke("an unknown command", call.out);
        let arguments: String = call
            .rest(1)
            .iter()
            .map(|word| format!("`{}`, ", String::from_utf8_lossy(word)))
            .scan(0, |length, word| {
                *length += word.len();
                (*length < 128).then_some(word)
            })
            .collect();
        let verb: String = call.text(0).chars().take(128).collect();
        Reply::Error(format!("ERR unknown command `{verb}`, with args beginning with: {arguments}"))
    }

    /// Where a key is.
    pub(super) fn place<'a>(&self, key: &'a [u8], call: &Call<'_>) -> Place<'a> {
        Place { database: self.database, key, now: call.cx.now }
    }

    pub(super) fn say(&self, reply: &Reply, out: &mut Out) {
        let mut bytes = Vec::new();
        reply.write(self.version, &mut bytes);
        if !bytes.is_empty() {
            out.send(bytes);
        }
    }

    /// Notes a broken rule, once.
    pub(super) fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("redis", rule, out);
    }
}

/// The command of this name.
pub(super) fn find(call: &Call<'_>) -> Option<&'static Command> {
    let name = call.word(0);
    commands().find(|command| command.name.as_bytes().eq_ignore_ascii_case(name))
}

impl Command {
    fn takes(&self, words: usize) -> bool {
        let words = i64::try_from(words).unwrap_or(i64::MAX);
        if self.words < 0 { words >= -self.words } else { words == self.words }
    }
}

/// The commands whose words are passwords: those are noted as logins.
const LOGINS: &[&[u8]] = &[b"AUTH", b"HELLO"];

impl Call<'_> {
    /// Writes the command down.
    fn note(&mut self) {
        if LOGINS.iter().any(|login| self.word(0).eq_ignore_ascii_case(login)) {
            return;
        }
        let text = crate::command_text::quoted(self.words);
        crate::command_text::note("redis", text, self.cx, self.out);
    }
}
