//! The words we share. Data only: no I/O, no async, no SQL.
//!
//! One word, one meaning: `docs/lexicon.md` lists them. Everything that crosses from one crate to
//! another is a value of a type in here.

mod address;
mod artifact;
mod counter;
mod credentials;
mod dns;
mod download;
mod event;
mod flow;
mod followed;
mod handshake;
mod hello;
mod http;
mod id;
mod irc;
mod mail;
mod mqtt;
mod netfilter;
mod payload;
mod persona;
mod program;
mod proxy;
mod record;
mod run;
mod service_command;
mod syslog;
mod telnet;
mod time;
mod websocket;

pub use address::{OrigDst, Transport, Victim};
pub use artifact::{
    Artifact, ArtifactNumber, ArtifactPart, ArtifactSource, ArtifactStart, Completeness, Cut,
    Hashes, Keep,
};
pub use counter::{Counter, CounterReading};
pub use credentials::Credentials;
pub use dns::{DnsQuery, GivenAddress};
pub use download::Download;
pub use event::{Basis, Event};
pub use flow::{Ending, Flow, FlowClosed, FlowName, Limit, NameSource, Unstored};
pub use followed::{FailedTry, Followed, Shortened};
pub use handshake::{ClientCertificate, KeyKind, TlsEstablished, TlsFailure};
pub use hello::{EncryptedHello, HelloForm, Resumption, TlsHello};
pub use http::HttpRequest;
pub use id::{ArtifactId, FlowId, RunId, SensorId};
pub use irc::IrcCommand;
pub use mail::MailMessage;
pub use mqtt::MqttMessage;
pub use netfilter::{NetfilterLog, Sender};
pub use payload::{Direction, Layer, Payload};
pub use persona::{CertificateAuthority, Persona};
pub use program::ProgramEnded;
pub use proxy::ProxyRequest;
pub use record::{EventRecord, Record};
pub use run::{Run, RunClosed};
pub use service_command::ServiceCommand;
pub use syslog::SyslogMessage;
pub use telnet::TelnetOption;
pub use time::Timestamp;
pub use websocket::WebsocketMessage;
