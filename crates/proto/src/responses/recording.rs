//! Answers taken from a capture, by request.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::HttpAnswer;
use crate::http::Request;

/// A request of a capture, with the response it got.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The method, in capital letters.
    pub method: String,
    /// Whom it was for: a name or an address without a port, lower case; nothing if it did not say.
    pub host: Option<String>,
    /// The path with its query.
    pub target: String,
    /// The response.
    pub answer: HttpAnswer,
}

/// The exchanges of a capture. Of several responses to the same request one is given after the
/// other, whoever asks, and the last again and again.
#[derive(Debug, Default)]
pub struct Recording {
    questions: Vec<Question>,
}

/// A request, with every response it got.
#[derive(Debug)]
struct Question {
    method: String,
    host: Option<String>,
    target: String,
    answers: Vec<HttpAnswer>,
    /// How often it was answered.
    answered: AtomicUsize,
}

/// How like a recorded request another one is; the greater the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    /// The path alone: its query is another one.
    Path,
    /// All but the host.
    Target,
    /// The path alone, of the same host.
    PathOfHost,
    /// All of it.
    All,
}

impl Recording {
    /// A recording of these, in the order they were captured.
    #[must_use]
    pub fn new(exchanges: Vec<Exchange>) -> Self {
        let mut questions: Vec<Question> = Vec::new();
        for Exchange { method, host, target, answer } in exchanges {
            let known = questions
                .iter_mut()
                .find(|one| one.method == method && one.host == host && one.target == target);
            match known {
                Some(question) => question.answers.push(answer),
                None => {
                    let answered = AtomicUsize::new(0);
                    questions.push(Question {
                        method,
                        host,
                        target,
                        answers: vec![answer],
                        answered,
                    });
                }
            }
        }
        Self { questions }
    }

    /// Whether there is a response to this request.
    #[must_use]
    pub(super) fn has(&self, request: &Request) -> bool {
        self.question(request).is_some()
    }

    /// The next response to it.
    #[must_use]
    pub(super) fn answer(&self, request: &Request) -> Option<&HttpAnswer> {
        let question = self.question(request)?;
        let last = question.answers.len().saturating_sub(1);
        // Flows need not agree on more than that each takes one.
        let turn = question.answered.fetch_add(1, Ordering::Relaxed).min(last);
        question.answers.get(turn)
    }

    /// The recorded request that is most like this one; the first of them.
    fn question(&self, request: &Request) -> Option<&Question> {
        let likenesses =
            self.questions.iter().filter_map(|one| Some((one.likeness(request)?, one)));
        // Of equals `max_by_key` gives the last.
        likenesses.rev().max_by_key(|(likeness, _)| *likeness).map(|(_, question)| question)
    }
}

impl Question {
    fn likeness(&self, request: &Request) -> Option<Likeness> {
        let path = |target: &str| target.split('?').next().unwrap_or_default().to_owned();
        if !self.method.eq_ignore_ascii_case(&request.method)
            || path(&self.target) != request.path()
        {
            return None;
        }
        let asked = request.host_alone().map(str::to_ascii_lowercase);
        let is_target =
            self.target.split_once('?').map_or("", |(_, query)| query) == request.query();
        Some(match (asked == self.host, is_target) {
            (true, true) => Likeness::All,
            (true, false) => Likeness::PathOfHost,
            (false, true) => Likeness::Target,
            (false, false) => Likeness::Path,
        })
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::responses::Content;

    fn exchange(host: &str, target: &str, body: &'static str) -> Exchange {
        let answer = HttpAnswer {
            status: 200,
            headers: Vec::new(),
            media_type: "text/plain".to_owned(),
            body: Content::Fixed(Bytes::from_static(body.as_bytes())),
        };
        let (method, host) = ("GET".to_owned(), Some(host.to_owned()));
        Exchange { method, host, target: target.to_owned(), answer }
    }

    fn said(recording: &Recording, host: &str, target: &str) -> String {
        let (method, host) = ("GET".to_owned(), Some(host.to_owned()));
        let request = Request { method, target: target.to_owned(), host, ..Request::default() };
        match recording.answer(&request).map(|answer| &answer.body) {
            Some(Content::Fixed(body)) => String::from_utf8_lossy(body).into_owned(),
            _ => "nothing".to_owned(),
        }
    }

    #[test]
    fn the_request_that_is_most_alike_is_answered() {
        let recording = Recording::new(vec![
            exchange("a.test", "/x?id=1", "one"),
            exchange("a.test", "/x?id=2", "two"),
            exchange("b.test", "/x?id=3", "three"),
        ]);
        for (host, target, expected) in [
            ("A.test:80", "/x?id=2", "two"),
            ("a.test", "/x?id=9", "one"),
            ("b.test", "/x?id=1", "three"),
            ("c.test", "/x?id=2", "two"),
            ("c.test", "/x", "one"),
            ("a.test", "/y", "nothing"),
        ] {
            assert_eq!(said(&recording, host, target), expected, "{host}{target}");
        }
    }

    #[test]
    fn responses_to_the_same_request_come_one_after_the_other() {
        let recording = Recording::new(vec![
            exchange("a.test", "/", "wait"),
            exchange("a.test", "/other", "other"),
            exchange("a.test", "/", "go"),
        ]);
        let said = [(); 3].map(|()| said(&recording, "a.test", "/"));
        assert_eq!(said, ["wait", "go", "go"]);
    }
}
