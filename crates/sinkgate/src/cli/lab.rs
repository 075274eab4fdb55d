//! `sinkgate lab`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

/// Run one program in a network whose only way out is the sinkhole.
///
/// The program gets a network of its own with routes for IPv4 and IPv6. Whatever it sends arrives
/// here and is recorded; nothing leaves the machine. Exit code and terminal are the program's.
///
/// This isolates the network, not the program: it can read and write your files as you can. Run
/// what you do not trust in a virtual machine, and be its gateway with `sinkgate run`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Lab {
    /// Run a shell instead of a command
    #[arg(short, long, conflicts_with = "command")]
    pub(crate) interactive: bool,

    /// File with rules for answers of your own (responses.toml)
    #[arg(long, value_name = "FILE")]
    pub(crate) responses: Option<PathBuf>,

    /// Database to write; made if it is not there [default: a new one in the state folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) db: Option<PathBuf>,

    /// Carry everything to this database, too; may be repeated. mysql://USER@HOST/DATABASE or
    /// postgres://USER@HOST/DATABASE
    #[arg(long, value_name = "URL")]
    pub(crate) database: Vec<String>,

    /// Print no summary at the end
    #[arg(short, long, conflicts_with = "json")]
    pub(crate) quiet: bool,

    /// Print the summary as JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// The program and its arguments; without one, a shell
    #[arg(last = true, value_name = "CMD")]
    pub(crate) command: Vec<OsString>,
}

/// Exit code when it was not the program that failed but we did.
pub(super) const OUR_FAILURE: u8 = 125;

const EXAMPLES: &str = "\
Examples:
  sinkgate lab -- curl http://example.com/
  sinkgate lab --db sample.db -- ./sample.bin --its-own-flags
  sinkgate lab                        a shell behind the sinkhole
  sinkgate lab --set dns.mode=self -- dig example.com

Exit code: the program's; 125 if sinkgate itself failed.
Summary and log go to standard error, so the program's output can be piped.";
