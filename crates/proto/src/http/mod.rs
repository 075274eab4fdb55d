//! HTTP (RFC 9110), as a lenient server that has every page.
//!
//! What is answered is the same in all versions: [`respond()`] takes a [`Request`] and gives a
//! [`Response`]. HTTP/1 (RFC 9112) finds its requests and writes its answers here; whoever drives
//! another version does that itself:
//!
//! ```text
//!   fields are there     Names::note         the flow gets a name
//!   a piece of a body    Request::add_body   its beginning is at hand, the rest counted
//!                        Upload::add         all of it is kept as a file
//!   the body has ended   respond             the answer, noted
//! ```

mod authority;
mod body;
mod conditions;
mod connectivity;
mod content;
mod credentials;
mod date;
mod decoded;
mod doh;
mod file;
mod form;
mod kept;
mod machine;
mod message;
mod names;
mod own;
mod pac;
mod parts;
mod probe;
mod ranges;
mod request;
mod respond;
mod response;
mod to_http2;
mod tunnel;
mod upload;
mod wire;
mod wish;

pub use connectivity::{Check, connectivity_checks};
pub use credentials::Authentication;
pub use kept::FileNumbers;
pub use names::Names;
pub use request::Request;
pub use respond::{challenge_tunnel, note_tunnel, note_unanswered, refuse, respond};
pub use response::Response;
pub use upload::Upload;

pub(crate) use date::http_date;
pub(crate) use respond::note_switch;

use respond::answered;

use crate::{Carrier, First, Place, Protocol};

use machine::Http;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "http",
    carrier: Carrier::Stream,
    ports: &[80, 591, 3128, 5000, 5985, 7001, 8000, 8008, 8080, 8081, 8088, 8118, 8888, 9080],
    first: First::Client,
    place: Place::Marked,
    probe: probe::probe,
    start: || Box::new(Http::default()),
};
