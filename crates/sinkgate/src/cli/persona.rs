//! `sinkgate persona`, as typed.

use clap::Subcommand;

/// Who this installation pretends to be, for every protocol.
#[derive(Debug, Subcommand)]
pub(crate) enum PersonaCommand {
    /// Show its names, its servers and what they are built for
    #[command(
        after_help = "Examples:\n  sinkgate persona show\n  sinkgate persona show --set persona.template=windows-domain"
    )]
    Show,
    /// Become somebody else: a new seed and a new authority; the old ones are put aside
    New,
}
