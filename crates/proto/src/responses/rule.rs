//! A rule: what it is for, and what it answers.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use model::Transport;

use super::criterion::{Criterion, Facts};
use super::judgement::Judgement;
use super::{Content, Recording, Step};
use crate::http::Request;
use crate::tls;

/// One rule of the analyst's.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What it is called in records.
    pub name: String,
    /// What has to be so, all of it.
    pub criteria: Vec<Criterion>,
    /// What is answered then.
    pub answer: Answer,
}

/// What a rule answers, and how.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What is done.
    pub act: Act,
    /// When it is done.
    pub moment: Moment,
    /// How long we wait before it.
    pub delay: Duration,
    /// How many bytes are sent in a second; all at once if nothing is said.
    pub throttle: Option<NonZeroU32>,
    /// What becomes of the connection after it.
    pub afterwards: Afterwards,
}

/// What is done.
#[derive(Clone, Debug)]
pub enum Act {
    /// Nothing is said; all that comes is recorded.
    Drop,
    /// What comes is sent back.
    Echo,
    /// A program answers.
    Exec(Program),
    /// An HTTP request gets this response.
    Http(HttpAnswer),
    /// A request that was captured gets the response it got then.
    Replay(Arc<Recording>),
    /// The connection is reset before a byte is read.
    Refuse,
    /// These bytes are sent.
    Say(Content),
    /// These steps are gone through.
    Script(Vec<Step>),
}

/// A program that answers flows, one process for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Where it is; without a slash it is looked for on the usual path.
    pub path: PathBuf,
    /// What it is started with.
    pub arguments: Vec<String>,
    /// The folder it runs in.
    pub folder: PathBuf,
}

/// A response to an HTTP request.
#[derive(Clone, Debug)]
pub struct HttpAnswer {
    /// The status.
    pub status: u16,
    /// Fields that take the place of ours, or are added.
    pub headers: Vec<(String, String)>,
    /// What kind of thing the body is, if no field says so.
    pub media_type: String,
    /// The body.
    pub body: Content,
}

/// When something is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Moment {
    /// As soon as the flow is open, like a server that greets.
    Open,
    /// Once the victim has spoken.
    #[default]
    Spoken,
}

/// What becomes of a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Afterwards {
    /// It is closed.
    Close,
    /// It stays as it is.
    #[default]
    KeepOpen,
    /// It is reset.
    Reset,
}

/// Of what a rule can take care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Of a flow as a whole, and of an HTTP request.
    Either,
    /// Of a flow as a whole, and of nothing less.
    Flow,
    /// Of an HTTP request, and of nothing else.
    Request,
}

impl Act {
    /// The response to a request, if it is one that every version of HTTP can give.
    pub(crate) fn response_to(&self, request: &Request) -> Option<&HttpAnswer> {
        match self {
            Self::Http(answer) => Some(answer),
            Self::Replay(recording) => recording.answer(request),
            _ => None,
        }
    }
}

impl Rule {
    /// Of what it can take care.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self.answer.act {
            Act::Http(_) | Act::Replay(_) => Scope::Request,
            Act::Echo | Act::Exec(_) | Act::Script(_) => Scope::Flow,
            Act::Drop | Act::Refuse | Act::Say(_) => Scope::Either,
        }
    }

    /// Whether it matches, as far as that is known.
    #[must_use]
    pub(super) fn judge(&self, facts: &Facts<'_>) -> Judgement {
        let judgements = self.criteria.iter().map(|criterion| criterion.judge(facts));
        judgements.fold(self.is_reachable(facts), Judgement::and)
    }

    /// The keys of what is not as it asks, or not known to be.
    #[must_use]
    pub fn against(&self, facts: &Facts<'_>) -> Vec<&'static str> {
        let unlike = self.criteria.iter().filter(|one| one.judge(facts) != Judgement::Yes);
        let against: Vec<_> = unlike.map(Criterion::key).collect();
        match self.is_reachable(facts) {
            Judgement::Yes => against,
            _ if !against.is_empty() => against,
            _ if self.is_early(facts) => vec!["first bytes"],
            _ => vec!["answer"],
        }
    }

    /// Whether more of the first bytes would tell whether it matches.
    #[must_use]
    pub fn waits_for_bytes(&self, facts: &Facts<'_>) -> bool {
        let mut criteria = self.criteria.iter();
        criteria
            .any(|one| matches!(one, Criterion::First(_)) && one.judge(facts) == Judgement::NotYet)
    }

    /// Whether all is as it asks, and it answers as soon as the victim has spoken.
    #[must_use]
    pub fn waits_for_the_victim(&self, facts: &Facts<'_>) -> bool {
        let is_so = |one: &Criterion| one.judge(facts) == Judgement::Yes;
        self.scope() != Scope::Request && self.criteria.iter().all(is_so) && self.is_early(facts)
    }

    /// Whether what it answers fits what there is to be answered.
    pub(super) fn is_reachable(&self, facts: &Facts<'_>) -> Judgement {
        match (self.scope(), facts.request) {
            (Scope::Request, None) => facts.may_become_http(),
            (Scope::Flow, Some(_)) => Judgement::No,
            (_, Some(request)) => Judgement::of(self.has_answer_to(request)),
            _ if self.is_early(facts) || self.is_said_inside(facts) => Judgement::NotYet,
            _ => Judgement::Yes,
        }
    }

    /// Whether it has something to answer this very request with.
    fn has_answer_to(&self, request: &Request) -> bool {
        match &self.answer.act {
            Act::Replay(recording) => recording.has(request),
            _ => true,
        }
    }

    /// Whether the victim has to speak before it answers, and has not: what it says may be TLS.
    fn is_early(&self, facts: &Facts<'_>) -> bool {
        let has_spoken = facts.first.is_some() || facts.request.is_some();
        facts.transport == Transport::Tcp && !has_spoken && !self.speaks_first()
    }

    fn speaks_first(&self) -> bool {
        match &self.answer.act {
            Act::Drop | Act::Exec(_) | Act::Refuse => true,
            Act::Echo | Act::Http(_) | Act::Replay(_) => false,
            Act::Say(_) => self.answer.moment == Moment::Open,
            Act::Script(steps) => !matches!(steps.first(), Some(Step::Expect(_))),
        }
    }

    /// Whether it is TLS that is to be answered, and what the rule says is meant for what is inside.
    fn is_said_inside(&self, facts: &Facts<'_>) -> bool {
        let says = !matches!(self.answer.act, Act::Drop | Act::Refuse);
        let means_tls = self.criteria.iter().any(Criterion::means_tls);
        says && !means_tls && facts.protocol == Some(tls::PROTOCOL.name)
    }
}
