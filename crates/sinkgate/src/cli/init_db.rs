//! `sinkgate init-db`.

use std::path::Path;

use clap::Args;

/// Make the tables in another database, or bring them up to date.
///
/// Makes the database itself if it is not there and the account may do that, then the tables and the
/// three views of the recipe. Rows that are there stay. The account that `run` and `lab` write with
/// needs less: see docs/how-to/send-to-a-database.md.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct InitDb {
    /// Which database; may be repeated [default: those of the configuration]
    #[arg(long, value_name = "URL")]
    pub(crate) database: Vec<String>,

    /// Remove our tables first, with every row in them
    #[arg(long, conflicts_with = "print")]
    pub(crate) reset: bool,

    /// Do not ask before rows are removed
    #[arg(long, requires = "reset")]
    pub(crate) yes: bool,

    /// Print the SQL that would be run in an empty database, and stop
    #[arg(long)]
    pub(crate) print: bool,
}

impl InitDb {
    /// Files of our own kind that were named.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        self.database.iter().filter_map(|url| url.strip_prefix(SQLITE).map(Path::new))
    }

    /// All other databases that were named.
    pub(crate) fn others(&self) -> impl Iterator<Item = &String> {
        self.database.iter().filter(|url| !url.starts_with(SQLITE))
    }
}

/// What stands before the name of a file of our own kind.
const SQLITE: &str = "sqlite:";

const EXAMPLES: &str = "\
Examples:
  sinkgate init-db --database mysql://root@localhost/evidence
  sinkgate init-db --database postgres://admin@db.example/evidence?tls=require
  sinkgate init-db --database mysql://root@localhost/evidence --reset
  sinkgate init-db --database postgres://a@b/c --print     look before you leap

The password comes from the variable SINKGATE_DATABASE_PASSWORD or from ?password-file=FILE.";
