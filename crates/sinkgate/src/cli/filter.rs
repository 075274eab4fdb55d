//! The filters that `show` and `watch` share. Rows have to pass all that are given.

use std::net::IpAddr;

use clap::Args;

use super::{Pattern, Since};

/// Which rows are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Filters")]
pub(crate) struct Filter {
    /// Only this run: its id, or the beginning of it
    #[arg(long, value_name = "RUN")]
    pub(crate) run: Option<String>,

    /// Only this flow: its id, or the beginning of it
    #[arg(long, value_name = "FLOW")]
    pub(crate) flow: Option<String>,

    /// Only this victim's address
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) victim: Option<IpAddr>,

    /// Only what went to this name; `*` stands for any characters
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// Only what was meant for this port
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,

    /// Only this protocol: tcp, udp, icmp, or what was recognised, such as http
    #[arg(long, value_name = "PROTO")]
    pub(crate) proto: Option<String>,

    /// Only from then on: 10m, 2h, 2026-11-24, 2026-11-24T09:30:00Z
    #[arg(long, value_name = "WHEN")]
    pub(crate) since: Option<Since>,

    /// Only flows that carried these bytes: text, or hex:4d5a90
    #[arg(long, value_name = "BYTES")]
    pub(crate) grep: Option<Pattern>,
}
