//! The only crate with victims' sockets. Does what machines ask; records everything.
//!
//! ```text
//!  doors ─┬─ listen ──────▶ session (opened, recorded) ──▶ drive ─────────┐
//!         ├─ datagrams ──▶ session                     ──▶ conversation ──┼──▶ machine
//!         ├─ tapped ─────▶ session                     ──▶ exchange       │
//!         └─ logs ···· joins what a firewall wrote to those sessions       │
//!                                               every byte, every event  ▼
//!                                                                     recorder ──▶ store
//! ```

mod answering;
mod artifacts;
mod clock;
mod conversation;
mod counters;
mod datagrams;
mod doors;
mod drive;
mod exchange;
mod file_type;
mod gateway;
mod http2;
mod ids;
mod intake;
mod layers;
mod limits;
mod listen;
mod logs;
mod open;
mod positions;
mod program;
mod recorder;
mod session;
mod stop;
mod surroundings;
mod tapped;
#[cfg(test)]
mod testing;
mod tls;
mod told;
mod worker;

pub use answering::Answering;
pub use clock::Clock;
pub use counters::Counters;
pub use doors::{Doors, Entrance, everywhere};
pub use gateway::{Gateway, Ledger, Settings, Settled, TlsSettings};
pub use ids::IdSource;
pub use limits::{Limits, ProgramLimits};
pub use logs::{LogSettings, REMEMBERED_FLOWS};
pub use tls::{About, Authority, AuthorityError, ClientCertificates};
pub use told::{ToldStart, ToldTime};
