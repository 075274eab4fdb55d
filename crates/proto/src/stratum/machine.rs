//! A pool on one connection.

use std::time::Duration;

use model::{Credentials, Event, Limit, ServiceCommand};
use serde_json::{Value, json};

use super::job::{bitcoin, digits, ethereum, monero};
use super::message::{Request, notice, notice_by_2};
use crate::broken_rules::BrokenRules;
use crate::inbox::Line;
use crate::one_by_one::Server;
use crate::{Cx, Inbox, Out};

#[derive(Default)]
pub(super) struct Pool {
    /// What the miner mines, once it has logged in.
    coin: Option<Coin>,
    /// How many jobs were handed out.
    jobs: u32,
    /// Whether the rest of a line that is too long is to come.
    is_skipping: bool,
    broken_rules: BrokenRules,
}

/// Whose form of the protocol it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coin {
    Bitcoin,
    Ethereum,
    Monero,
}

/// How long it is from one job to the next.
const BETWEEN_JOBS: Duration = Duration::from_secs(60);

impl Server for Pool {
    /// Answers a line; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        if self.is_skipping {
            self.is_skipping = !inbox.skip_line();
            return !self.is_skipping;
        }
        match inbox.take_line(cx.rules.line_bytes) {
            Line::Whole(line) => self.hear(&line, cx, out),
            Line::Overlong(_) => {
                out.note(Event::LimitReached(Limit::LineBytes));
                self.is_skipping = true;
            }
            Line::Partial => return false,
        }
        true
    }

    fn cut(&mut self, out: &mut Out) {
        self.broke("the stream ends inside a line", out);
    }

    fn wake(&mut self, cx: &Cx<'_>, out: &mut Out) {
        self.hand_out(cx, out);
    }
}

impl Pool {
    fn hear(&mut self, line: &[u8], cx: &Cx<'_>, out: &mut Out) {
        let Some(request) = Request::read(line) else {
            return self.broke("a line that is no request", out);
        };
        let command = request.command();
        out.note(Event::Command(Box::new(ServiceCommand { protocol: "stratum", command })));
        match METHODS.iter().find(|(known, _)| *known == request.method) {
            Some((_, obey)) => obey(self, &request, cx, out),
            None => out.send(request.refused(20, "Other/Unknown")),
        }
    }

    /// Whether a wallet may mine here.
    fn admits(&self, given: Credentials, cx: &Cx<'_>, out: &mut Out) -> bool {
        let is_right = cx.rules.stratum.accept.admits(&given, cx);
        out.note(Event::Credentials(given.into()));
        is_right
    }

    /// The next job, and when the one after it comes.
    fn next_job(&mut self, coin: Coin, cx: &Cx<'_>, out: &mut Out) -> Value {
        self.coin = Some(coin);
        self.jobs += 1;
        out.wake_after(BETWEEN_JOBS);
        match coin {
            Coin::Bitcoin => bitcoin(self.jobs, cx),
            Coin::Ethereum => ethereum(self.jobs, cx),
            Coin::Monero => monero(self.jobs, cx),
        }
    }

    /// A new block was found elsewhere: there is another job.
    fn hand_out(&mut self, cx: &Cx<'_>, out: &mut Out) {
        let Some(coin) = self.coin else { return };
        let job = self.next_job(coin, cx, out);
        out.send(match coin {
            Coin::Bitcoin => notice("mining.notify", &job),
            Coin::Ethereum => format!("{}\n", json!({"id": 0, "jsonrpc": "2.0", "result": job})),
            Coin::Monero => notice_by_2("job", &job),
        });
    }

    fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("stratum", rule, out);
    }
}

/// A method and what is done about it.
type Obey = fn(&mut Pool, &Request, &Cx<'_>, &mut Out);

const METHODS: &[(&str, Obey)] = &[
    ("eth_getWork", hand_work),
    ("eth_submitHashrate", agree),
    ("eth_submitLogin", submit_login),
    ("eth_submitWork", agree),
    ("getjob", hand_job),
    ("keepalived", |_, request, _, out| {
        out.send(request.answered_by_2(&json!({"status": "KEEPALIVED"})));
    }),
    ("login", login),
    ("mining.authorize", authorize),
    ("mining.configure", |_, request, _, out| {
        out.send(request.answered(&json!({"version-rolling": false})));
    }),
    ("mining.extranonce.subscribe", agree),
    ("mining.submit", agree),
    ("mining.subscribe", subscribe),
    ("submit", |_, request, _, out| out.send(request.answered_by_2(&json!({"status": "OK"})))),
];

/// Whatever it was, it was right: every share counts.
fn agree(_: &mut Pool, request: &Request, _: &Cx<'_>, out: &mut Out) {
    out.send(request.answered(&json!(true)));
}

/// Of Bitcoin: what the miner hears, and the first half of its number.
fn subscribe(_: &mut Pool, request: &Request, cx: &Cx<'_>, out: &mut Out) {
    let name = digits(&format!("subscription {}", cx.flow.id), 16, cx);
    let number = digits(&format!("extra {}", cx.flow.id), 4, cx);
    let heard = json!([["mining.set_difficulty", name], ["mining.notify", name]]);
    out.send(request.answered(&json!([heard, number, 4])));
}

fn authorize(pool: &mut Pool, request: &Request, cx: &Cx<'_>, out: &mut Out) {
    if !pool.admits(given("authorize", request, "pass"), cx, out) {
        return out.send(request.refused(24, "Unauthorized worker"));
    }
    out.send(request.answered(&json!(true)));
    out.send(notice("mining.set_difficulty", &json!([65_536])));
    let job = pool.next_job(Coin::Bitcoin, cx, out);
    out.send(notice("mining.notify", &job));
}

/// Of Monero: a login, answered with the first job.
fn login(pool: &mut Pool, request: &Request, cx: &Cx<'_>, out: &mut Out) {
    if !pool.admits(given("login", request, "pass"), cx, out) {
        return out.send(request.refused_by_2("Invalid address used for login"));
    }
    let mut job = pool.next_job(Coin::Monero, cx, out);
    let id = digits(&format!("session {}", cx.flow.id), 16, cx);
    if let Some(job) = job.as_object_mut() {
        job.insert("id".to_owned(), json!(id));
    }
    let extensions = ["algo", "nicehash", "connect", "tls", "keepalive"];
    let result = json!({"id": id, "job": job, "extensions": extensions, "status": "OK"});
    out.send(request.answered_by_2(&result));
}

fn hand_job(pool: &mut Pool, request: &Request, cx: &Cx<'_>, out: &mut Out) {
    let job = pool.next_job(Coin::Monero, cx, out);
    out.send(request.answered_by_2(&job));
}

fn submit_login(pool: &mut Pool, request: &Request, cx: &Cx<'_>, out: &mut Out) {
    let is_right = pool.admits(given("submit-login", request, "pass"), cx, out);
    out.send(request.answered_by_2(&json!(is_right)));
}

fn hand_work(pool: &mut Pool, request: &Request, cx: &Cx<'_>, out: &mut Out) {
    let job = pool.next_job(Coin::Ethereum, cx, out);
    out.send(request.answered_by_2(&job));
}

/// The wallet, or the account at the pool, and what is given with it.
fn given(mechanism: &str, request: &Request, secret: &str) -> Credentials {
    Credentials {
        protocol: "stratum",
        mechanism: mechanism.to_owned(),
        user: request.text(0, "login"),
        secret: request.text(1, secret).unwrap_or_default(),
    }
}
