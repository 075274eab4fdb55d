//! `sinkgate ca`, as typed.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

/// The lab's certificate authority, which signs a certificate for every name.
#[derive(Debug, Subcommand)]
pub(crate) enum CaCommand {
    /// Show whose it is, until when it holds, its fingerprints and where it is kept
    Show,
    /// Write its certificate, for a machine that shall trust it
    #[command(
        after_help = "Examples:\n  sinkgate ca export > lab-ca.pem\n  sinkgate ca export --form der --output lab-ca.cer\n\nHow each system is told to trust it is in docs/how-to/trust-the-authority.md."
    )]
    Export {
        /// How it is written
        #[arg(long, value_enum, default_value = "pem")]
        form: CaForm,
        /// The file to write it to [default: standard output]
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// How a certificate is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CaForm {
    /// Text, as most programs on Linux want it
    Pem,
    /// Binary, as Windows and Android want it
    Der,
}
