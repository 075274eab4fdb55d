//! Records carried to other databases, while new ones come; against the server's own bulk loader.
//!
//! The only rows in which everything is on one core, that of the load: sensor, follower and
//! server. So the ratio says what a follower costs, and not how well two cores are shared.

use std::convert::Infallible;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use model::{Followed, Record, Timestamp};
use store::follow::{Following, Patience, Reset, Surroundings, Target, prepare};
use store::{Reader, Writer, WriterSettings};
use testkit::servers::{Kind, Server};

use super::Measured;
use crate::clock::Stopwatch;
use crate::cores::Cores;
use crate::database::Database;
use crate::loads::records;
use crate::others::undisturbed;
use crate::ready::rest;
use crate::report::say;
use crate::rounds::{Figure, Round};
use crate::servers::bulk_loader;
use crate::stage::Plan;

/// Connections recorded beforehand for each second that a load goes on; six rows each.
const CONNECTIONS_A_SECOND: u64 = 20_000;

/// Connections that are recorded together while the follower works, and how often.
const MEANWHILE: u64 = 20;
const PAUSE: Duration = Duration::from_millis(20);

/// Rows that may be missing there when the follower is told to finish.
const NEARLY: u64 = 2_000;

const DATABASE: &str = "evidence";

/// The tables that the rows of connections are in, besides those of the run.
const TABLES: [&str; 5] = ["flow", "payload", "dns_query", "flow_end", "event"];

pub(super) fn into_mariadb(plan: &Plan) -> Result<Measured> {
    measure(plan, Kind::MariaDb)
}

pub(super) fn into_postgres(plan: &Plan) -> Result<Measured> {
    measure(plan, Kind::Postgres)
}

/// The loader is given the rows that the follower has brought, so each round has both.
fn measure(plan: &Plan, kind: Kind) -> Result<Measured> {
    let rounds = (1..=plan.rounds).map(|number| {
        let round = undisturbed(|| one_round(plan, kind))?;
        let Round { ours, theirs } = round;
        say(format_args!("  {number}: follower {:.0}, loader {:.0}", ours.value, theirs.value));
        Ok(round)
    });
    rounds.collect::<Result<_>>().map(Measured::Compared)
}

fn one_round(plan: &Plan, kind: Kind) -> Result<Round> {
    let server = Server::start(kind).context("the database server is not installed")?;
    server.make_database(DATABASE);
    let ours = figure(|| followed(plan, &server))?;
    let theirs = figure(|| bulk_loader::rows_a_second(&server, DATABASE))?;
    Ok(Round { ours, theirs })
}

fn figure(measure: impl FnOnce() -> Result<f64>) -> Result<Figure> {
    let cores = Cores::now()?;
    let value = measure()?;
    Ok(Figure { value, busy: Cores::busy_since(cores)? })
}

/// Rows a second of a follower; every row is counted on both sides afterwards.
fn followed(plan: &Plan, server: &Server) -> Result<f64> {
    let folder = tempfile::tempdir().context("cannot make a folder")?;
    let path = folder.path().join("records.db");
    let mut recording = Recording::begin(&path, CONNECTIONS_A_SECOND * plan.time.as_secs())?;
    let target: Target = server.url(DATABASE).parse()?;
    prepare(&target, Reset::Keep)?;
    let reader = Reader::open(&path)?;
    let (stop, stopped) = sync_channel(1);
    let surroundings = Surroundings { now: || Timestamp::from_micros(0), chance: || 0.5 };
    let following = Following::new(&target, &reader, Patience::default(), surroundings, stopped)?;
    let (sender, reports) = sync_channel(1_024);
    let watch = Stopwatch::start();
    thread::scope(|threads| {
        let recorded =
            threads.spawn(|| recording.go_on_until_nearly_followed(&path, stop, reports));
        following.run(&mut |followed| {
            // Nobody listens any more: it is told to finish.
            let _ = sender.send(followed);
        });
        recorded.join().map_err(|_| anyhow::anyhow!("the recording panicked"))?
    })?;
    let took = watch.passed();
    let there = bulk_loader::rows(server, DATABASE, &TABLES)?;
    let here = Database::open(&path)?.rows(&TABLES)?;
    ensure!(here == there, "{here} rows were recorded, and {there} arrived");
    Ok(there as f64 / took.as_secs_f64())
}

/// A database being written.
struct Recording {
    writer: Writer,
    next: u64,
}

impl Recording {
    fn begin(path: &Path, connections: u64) -> Result<Self> {
        let mut writer = Writer::open(path, WriterSettings::default())?;
        let _ = writer.commit(&[Record::RunOpened(records::run())])?;
        let mut recording = Self { writer, next: 0 };
        while recording.next < connections {
            recording.commit(300.min(connections - recording.next))?;
        }
        Ok(recording)
    }

    /// Writes what comes, and what the follower reports, as the program does. Gives up `stop` when
    /// nearly everything is over there.
    fn go_on_until_nearly_followed(
        &mut self,
        path: &Path,
        stop: SyncSender<Infallible>,
        reports: Receiver<Followed>,
    ) -> Result<()> {
        let reader = Reader::open(path)?;
        let is_near = || -> Result<bool> {
            Ok(reader.followers()?.iter().any(|follower| follower.lag < NEARLY))
        };
        while !is_near()? {
            self.commit(MEANWHILE)?;
            if let Some(latest) = reports.try_iter().last() {
                let _ = self.writer.commit(&[Record::Followed(latest)])?;
            }
            rest(PAUSE);
        }
        drop(stop);
        Ok(())
    }

    fn commit(&mut self, connections: u64) -> Result<()> {
        let records = records::connections(self.next..self.next + connections);
        let _ = self.writer.commit(&records)?;
        self.next += connections;
        Ok(())
    }
}
