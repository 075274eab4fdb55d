//! The process in which followers work: it stays in the network we were started in, and says how
//! far they have come.
//!
//! ```text
//!   here ── fork ──▶ courier: reads password files; says that it is fit, or why not
//!     ── "go" ─────▶ opens the database, gives up root, a thread per follower
//!     ◀── reports ── one JSON line each, for the ledger
//!     ── hang-up ──▶ every follower tries to finish
//! ```

mod report;
mod work;

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use engine::Ledger;
use kernel::courier::{Courier, Side, split};
use store::follow::Patience;

use crate::config::Config;
use work::Work;

/// How long followers have for what is left when everything else has stopped. What they do not
/// manage is carried over after the next start.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Followers that were told what to do, or nobody if there is no other database.
#[derive(Debug)]
pub(crate) struct Followers {
    courier: Option<Courier>,
}

/// Followers whose reports are written down.
#[derive(Debug)]
pub(crate) struct Reporting {
    courier: Option<Courier>,
    reader: Option<Reader>,
}

#[derive(Debug)]
struct Reader {
    thread: JoinHandle<()>,
    /// Its other end is gone when the last report was read.
    ended: Receiver<()>,
    /// Whether that is to be expected now.
    finishing: Arc<AtomicBool>,
}

impl Followers {
    /// Splits a process off, if there is anything to do for it. To be called before there is a
    /// second thread and before the database is opened: SQLite must not be open in two copies.
    ///
    /// `account` is whose it is to be once it has opened what it needs.
    pub(crate) fn start(config: &Config, database: &Path, account: Option<&str>) -> Result<Self> {
        let targets = &config.databases;
        if targets.is_empty() {
            return Ok(Self { courier: None });
        }
        for target in targets.iter().filter(|target| target.is_in_the_clear()) {
            tracing::warn!(
                database = %target,
                "what is written to this database crosses a network unencrypted; `tls=require` \
                 changes that"
            );
        }
        match split().context("cannot split off the process that writes to other databases")? {
            Side::Courier(stream) => {
                let answer = config.limits.database_answer;
                let patience = Patience { answer, ..Patience::default() };
                let work = Work { targets: targets.clone(), patience, database, account };
                process::exit(work.run(stream))
            }
            Side::Here(courier) => {
                is_fit(courier.stream())?;
                Ok(Self { courier: Some(courier) })
            }
        }
    }

    /// Lets them begin: the database is there now. What they report goes into the ledger.
    pub(crate) fn begin(self, ledger: Ledger) -> Result<Reporting> {
        let Some(courier) = self.courier else {
            return Ok(Reporting { courier: None, reader: None });
        };
        const ATTEMPT: &str = "cannot tell the followers to begin";
        let mut stream = courier.stream();
        stream.write_all(b"go\n").context(ATTEMPT)?;
        let reports = stream.try_clone().context(ATTEMPT)?;
        let (alive, ended) = sync_channel(1);
        let finishing = Arc::new(AtomicBool::new(false));
        let is_expected = Arc::clone(&finishing);
        let thread = thread::Builder::new().name("ledger".to_owned()).spawn(move || {
            let _alive = alive;
            report::read_all(reports, &ledger);
            if !is_expected.load(Ordering::Acquire) {
                tracing::error!(
                    "the process that writes to other databases has ended; what is recorded stays \
                     here, and is carried over after the next start"
                );
            }
        });
        let reader = Some(Reader { thread: thread.context(ATTEMPT)?, ended, finishing });
        Ok(Reporting { courier: Some(courier), reader })
    }
}

impl Reporting {
    /// Waits for their last words, but not for long. Call it when all is committed.
    pub(crate) fn finish(mut self) {
        let (Some(courier), Some(reader)) = (self.courier.take(), self.reader.take()) else {
            return;
        };
        reader.finishing.store(true, Ordering::Release);
        courier.hang_up();
        // Nothing is ever sent: it ends with an error, in time or not.
        let _ = reader.ended.recv_timeout(LAST_WORDS);
        drop(courier);
        if reader.thread.join().is_err() {
            tracing::error!("the thread that reads what followers report panicked");
        }
    }
}

/// The first line of the courier: empty if it is fit for work.
fn is_fit(stream: &UnixStream) -> Result<()> {
    let mut complaint = String::new();
    // A reader of its own: it takes nothing beyond the line, because nothing is sent before "go".
    BufReader::new(stream).read_line(&mut complaint).context("cannot hear from followers")?;
    match complaint.strip_suffix('\n') {
        Some("") => Ok(()),
        Some(complaint) => bail!("{complaint}"),
        None => bail!("the process that writes to other databases ended before it began"),
    }
}
