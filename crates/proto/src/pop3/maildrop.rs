//! What a client may fetch once it has logged in (RFC 1939 §5).

use super::message::Command;
use super::reply::{line, list, text};
use crate::Cx;
use crate::mailbox::{Letter, Mailbox};

/// A user's mailbox, as one session sees it.
#[derive(Debug)]
pub(super) struct Maildrop {
    validity: u32,
    mails: Vec<Mail>,
}

#[derive(Debug)]
struct Mail {
    /// What it is called in this session.
    number: usize,
    letter: Letter,
    /// Whether the client wants it deleted; until the end of the session it can be brought back.
    is_marked: bool,
}

/// A command and what is answered.
type Obey = fn(&mut Maildrop, &Command) -> String;

/// Every command that is obeyed after a login.
pub(super) const COMMANDS: &[(&str, Obey)] = &[
    ("DELE", Maildrop::dele),
    ("LIST", Maildrop::list),
    ("NOOP", |_, _| line("+OK")),
    ("RETR", Maildrop::retr),
    ("RSET", Maildrop::rset),
    ("STAT", Maildrop::stat),
    ("TOP", Maildrop::top),
    ("UIDL", Maildrop::uidl),
];

impl Maildrop {
    pub(super) fn open(user: &str, cx: &Cx<'_>) -> Self {
        let Mailbox { validity, letters } = Mailbox::open(user, cx);
        let numbered = (1..).zip(letters);
        let mail = |(number, letter)| Mail { number, letter, is_marked: false };
        Self { validity, mails: numbered.map(mail).collect() }
    }

    /// Whether the client wants anything deleted.
    pub(super) fn has_marks(&self) -> bool {
        self.mails.iter().any(|mail| mail.is_marked)
    }

    /// What is not marked.
    fn left(&self) -> impl Iterator<Item = &Mail> {
        self.mails.iter().filter(|mail| !mail.is_marked)
    }

    /// The mail of the number that a command begins with, or what is wrong with it.
    fn mail(&mut self, command: &Command) -> Result<&mut Mail, String> {
        let word = command.words().next().unwrap_or_default();
        let number: usize =
            word.parse().map_err(|_| line(&format!("-ERR Invalid message number: {word}")))?;
        let place = number.checked_sub(1);
        match place.and_then(|place| self.mails.get_mut(place)) {
            None => Err(line(&format!("-ERR There's no message {number}."))),
            Some(mail) if mail.is_marked => Err(line("-ERR Message is deleted.")),
            Some(mail) => Ok(mail),
        }
    }

    fn dele(&mut self, command: &Command) -> String {
        match self.mail(command) {
            Ok(mail) => {
                mail.is_marked = true;
                line("+OK Marked to be deleted.")
            }
            Err(refusal) => refusal,
        }
    }

    fn list(&mut self, command: &Command) -> String {
        if command.words().next().is_some() {
            return self.about_one(command, |_, letter| letter.text.len().to_string());
        }
        let lines = self.left().map(|mail| format!("{} {}", mail.number, mail.letter.text.len()));
        list(&format!("+OK {} messages:", self.left().count()), lines)
    }

    fn uidl(&mut self, command: &Command) -> String {
        if command.words().next().is_some() {
            return self.about_one(command, unique_id);
        }
        let about =
            |mail: &Mail| format!("{} {}", mail.number, unique_id(self.validity, &mail.letter));
        let lines = self.left().map(about);
        list("+OK", lines)
    }

    /// The answer to LIST and UIDL of a single mail.
    fn about_one(&mut self, command: &Command, word: fn(u32, &Letter) -> String) -> String {
        let validity = self.validity;
        match self.mail(command) {
            Ok(mail) => line(&format!("+OK {} {}", mail.number, word(validity, &mail.letter))),
            Err(refusal) => refusal,
        }
    }

    fn retr(&mut self, command: &Command) -> String {
        match self.mail(command) {
            Ok(Mail { letter, .. }) => {
                text(&format!("+OK {} octets", letter.text.len()), &letter.text)
            }
            Err(refusal) => refusal,
        }
    }

    /// Brings back what was marked.
    fn rset(&mut self, _: &Command) -> String {
        self.mails.iter_mut().for_each(|mail| mail.is_marked = false);
        line("+OK")
    }

    fn stat(&mut self, _: &Command) -> String {
        let bytes: usize = self.left().map(|mail| mail.letter.text.len()).sum();
        line(&format!("+OK {} {bytes}", self.left().count()))
    }

    /// The head of a mail and so many lines of what follows it.
    fn top(&mut self, command: &Command) -> String {
        let letter = match self.mail(command) {
            Ok(mail) => &mail.letter,
            Err(refusal) => return refusal,
        };
        let lines = command.words().nth(1).and_then(|word| word.parse().ok());
        let Some(lines) = lines else { return line("-ERR Invalid line count.") };
        let (head, body) = letter.text.split_once("\r\n\r\n").unwrap_or((&letter.text, ""));
        let body: String = body.split_inclusive('\n').take(lines).collect();
        text("+OK", &format!("{head}\r\n\r\n{body}"))
    }
}

/// Sixteen digits: which mail it is, and in which mailbox.
fn unique_id(validity: u32, letter: &Letter) -> String {
    format!("{:08x}{validity:08x}", letter.number)
}
