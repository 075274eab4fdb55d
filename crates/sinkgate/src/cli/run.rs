//! `sinkgate run`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

/// Be the gateway of a real or virtual network.
///
/// Sets one nftables table and two routing rules, gives up root, and answers whatever arrives on
/// the victims' interfaces until it is stopped. Forwarding from those interfaces is dropped by a
/// rule of its own, which stays if sinkgate crashes: then there is no network, never a leak.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Run {
    /// Interface that victims are on; may be repeated
    #[arg(short, long = "interface", value_name = "IFACE", required_unless_present_any = ["no_rules", "down"])]
    pub(crate) interfaces: Vec<String>,

    /// Address and port to listen on; may be repeated [default: gateway.port on every address]
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) listen: Vec<SocketAddr>,

    /// Set no rules: REDIRECT rules of your own bring the packets
    #[arg(long, conflicts_with_all = ["interfaces", "print_rules"])]
    pub(crate) no_rules: bool,

    /// Print the rules that would be set, and stop
    #[arg(long)]
    pub(crate) print_rules: bool,

    /// Remove what a crash or stop left in place, and stop
    #[arg(long, conflicts_with_all = ["interfaces", "listen", "no_rules", "print_rules", "db"])]
    pub(crate) down: bool,

    /// Carry everything to this database, too; may be repeated. mysql://USER@HOST/DATABASE or
    /// postgres://USER@HOST/DATABASE
    #[arg(long, value_name = "URL", conflicts_with = "down")]
    pub(crate) database: Vec<String>,

    /// File with rules for answers of your own (responses.toml)
    #[arg(long, value_name = "FILE", conflicts_with = "down")]
    pub(crate) responses: Option<PathBuf>,

    /// Database to write; made if it is not there [default: /var/lib/sinkgate/sinkgate.db, without root gateway.db in the state folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) db: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  sudo sinkgate run -i virbr1                     victims are on one virtual network
  sudo sinkgate run -i eth1 -i wlan0              on two real ones
  sudo sinkgate run -i virbr1 --print-rules       look before you leap
  sinkgate run --listen 0.0.0.0:9999 --no-rules   behind iptables rules of your own
  sudo sinkgate run --down                        clean up";
