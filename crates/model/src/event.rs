//! Something understood from the bytes.

use std::borrow::Cow;

use serde::Serialize;

use crate::{DnsQuery, FlowName, GivenAddress, HttpRequest, Limit};

/// What was understood. A closed list: a new kind is a new variant, and the compiler shows every
/// place that has to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A name was given addresses of its own, which it keeps. Stored in a table of its own.
    AddressGiven(GivenAddress),
    /// The peer broke a rule of the protocol it speaks.
    Broke {
        /// The protocol, by its registry name.
        protocol: &'static str,
        /// The rule, in words.
        rule: Cow<'static, str>,
    },
    /// A DNS question with its answer. Stored in a table of its own.
    Dns(DnsQuery),
    /// An HTTP request was answered.
    HttpRequest(HttpRequest),
    /// A limit of ours was reached.
    LimitReached(Limit),
    /// The flow has a name. Stored in a table of its own.
    Named(FlowName),
    /// It is known what the flow speaks.
    Recognised {
        /// The protocol, by its registry name.
        protocol: &'static str,
        /// How we know.
        by: Basis,
    },
}

/// How we know what a flow speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// From its first bytes.
    Content,
    /// From the port alone: the victim was silent.
    Port,
}

impl Event {
    /// The kind, as stored and as shown: `protocol.what`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::AddressGiven(_) => "dns.address-given",
            Self::Broke { .. } => "protocol.broke",
            Self::Dns(_) => "dns.query",
            Self::HttpRequest(_) => "http.request",
            Self::LimitReached(_) => "limit.reached",
            Self::Named(_) => "flow.named",
            Self::Recognised { .. } => "flow.recognised",
        }
    }
}
