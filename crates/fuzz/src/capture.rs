//! Captures that answers are taken from: whoever hands one over may be a victim's friend.

use std::sync::Arc;
use std::time::Duration;

use model::Transport;
use proto::http::Request;
use proto::responses::{
    Act, Afterwards, Answer, CaptureError, Facts, Found, Moment, Recording, Rule, Table,
};

/// A capture, whatever is in it, is refused or answers requests.
pub fn capture(input: &[u8]) {
    match Recording::read(input) {
        Ok(recording) => is_asked(recording),
        Err(CaptureError::Packets(why)) => assert!(!why.is_empty(), "it says why"),
        Err(CaptureError::Empty | CaptureError::Har(_)) => {}
    }
}

/// Asks a rule that replays; its answer may be there or not.
fn is_asked(recording: Recording) {
    let answer = Answer {
        act: Act::Replay(Arc::new(recording)),
        moment: Moment::Spoken,
        delay: Duration::ZERO,
        throttle: None,
        afterwards: Afterwards::KeepOpen,
    };
    let table = Table::new(vec![Rule { name: "replay".to_owned(), criteria: Vec::new(), answer }]);
    let (method, target) = ("GET".to_owned(), "/gate?id=1".to_owned());
    let request = Request { method, target, ..Request::default() };
    let facts = Facts {
        transport: Transport::Tcp,
        victim: [192, 0, 2, 1].into(),
        address: [198, 51, 100, 1].into(),
        port: 80,
        name: None,
        first: None,
        protocol: Some("http"),
        request: Some(&request),
    };
    let found = table.find(&facts);
    assert!(!matches!(found, Found::NotYet(_)), "all of a request is known");
}
