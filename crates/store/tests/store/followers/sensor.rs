//! A sensor: a database of its own with a writer, and a follower beside it.

use std::convert::Infallible;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
#[expect(clippy::disallowed_types, reason = "it has to be a process of its own to be killed")]
use std::process::Command;
use std::process::Stdio;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use model::{Followed, Record, Timestamp};
use store::follow::{Following, Patience, Surroundings, Target};
use store::{FollowerRow, Reader, Writer};

use super::load::Load;
use super::{breathe, fresh};
use crate::support::{Fresh, write};

pub(super) struct Sensor {
    fresh: Fresh,
    writer: Option<Writer>,
    load: Load,
    follower: Option<Follower>,
    latest: Option<Followed>,
    /// Complaints so far.
    heard: u64,
}

struct Follower {
    reports: Receiver<Followed>,
    stop: Option<SyncSender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(2),
    answer: Duration::from_secs(4),
    silence: Duration::from_secs(2),
    first_retry: Duration::from_millis(20),
    longest_retry: Duration::from_millis(200),
    between_looks: Duration::from_millis(2),
};

impl Sensor {
    /// A new one, that is followed.
    pub(super) fn start(number: u8, url: &str) -> Self {
        Self::silent(number).taken_up(url)
    }

    /// A new one, that nobody follows.
    pub(super) fn silent(number: u8) -> Self {
        let fresh = fresh();
        let mut writer = fresh.writer();
        let load = Load::of_sensor(number);
        let _ = write(&mut writer, &[load.run()]);
        Self { fresh, writer: Some(writer), load, follower: None, latest: None, heard: 0 }
    }

    /// The same with a new follower, which goes on where the last one was.
    pub(super) fn taken_up(mut self, url: &str) -> Self {
        self.follower = None;
        self.latest = None;
        self.follower = Some(Follower::start(url, self.path()));
        self
    }

    /// The same, as if nothing had been sent.
    pub(super) fn forget_what_was_sent(mut self, url: &str) -> Self {
        self.follower = None;
        let cursor = String::new();
        if let Some(latest) = self.latest.take() {
            let _ = write(
                self.writer.as_mut().unwrap(),
                &[Record::Followed(Followed { cursor, ..latest })],
            );
        }
        self.taken_up(url)
    }

    /// The same, after another process was the writer for a while.
    pub(super) fn with_another_writer(mut self, meanwhile: impl FnOnce(&Path)) -> Self {
        self.writer = None;
        meanwhile(&self.path());
        self.writer = Some(self.fresh.writer());
        self
    }

    pub(super) fn path(&self) -> PathBuf {
        self.fresh.path()
    }

    /// Records some, and keeps what the follower had to report.
    pub(super) fn record(&mut self, make: fn(&mut Load) -> Vec<Record>) {
        let records = make(&mut self.load);
        let _ = write(self.writer.as_mut().unwrap(), &records);
        self.keep_reports();
    }

    pub(super) fn record_for(&mut self, times: u32, make: fn(&mut Load) -> Vec<Record>) {
        for _ in 0..times {
            self.record(make);
            breathe();
        }
    }

    fn keep_reports(&mut self) {
        let Some(follower) = &self.follower else { return };
        while let Ok(report) = follower.reports.try_recv() {
            let _ = write(self.writer.as_mut().unwrap(), &[Record::Followed(report.clone())]);
            self.latest = Some(report);
        }
    }

    /// Until nothing is left, by what is kept in the database.
    pub(super) fn wait_until_followed(&mut self) {
        let reader = self.fresh.reader();
        let is_done = |sensor: &mut Self| {
            sensor.keep_reports();
            let rows = reader.followers().unwrap();
            sensor.latest.is_some() && rows.iter().any(|row| row.lag == 0)
        };
        self.wait(is_done);
        self.heard = self.latest.as_ref().map_or(0, |latest| latest.retries);
    }

    /// Until the follower complains of this; capture goes on meanwhile.
    pub(super) fn wait_for_complaint(&mut self, words: &str) {
        self.wait(|sensor| {
            sensor.keep_reports();
            let Some(latest) = &sensor.latest else { return false };
            let error = latest.failed.as_ref().map(|failed| failed.error.as_str());
            latest.retries > sensor.heard && error.is_some_and(|error| error.contains(words))
        });
        self.record(Load::several);
    }

    /// The first complaint.
    pub(super) fn complaint(&mut self) -> String {
        self.wait_for_complaint("");
        let failed = self.latest.as_ref().and_then(|latest| latest.failed.as_ref());
        failed.unwrap().error.clone()
    }

    /// What `show databases` says went wrong last.
    pub(super) fn kept_complaint(&self) -> String {
        let failed = self.kept().followed.failed;
        failed.unwrap().error
    }

    /// What `show databases` says.
    pub(super) fn kept(&self) -> FollowerRow {
        self.fresh.reader().followers().unwrap().swap_remove(0)
    }

    fn wait(&mut self, mut holds: impl FnMut(&mut Self) -> bool) {
        let mut looks = 0;
        while !holds(self) {
            assert!(looks < 12_000, "waited in vain; latest: {:?}", self.latest);
            looks += 1;
            breathe();
        }
    }
}

impl Follower {
    fn start(url: &str, path: PathBuf) -> Self {
        let (sender, reports) = sync_channel(10_000);
        let (stop, stopped) = sync_channel(1);
        let target: Target = url.parse().unwrap();
        let thread = thread::spawn(move || {
            let reader = Reader::open(path).unwrap();
            let surroundings = Surroundings { now, chance: || 0.5 };
            let following = Following::new(&target, &reader, PATIENCE, surroundings, stopped);
            following.unwrap().run(&mut |followed| {
                let _ = sender.send(followed);
            });
        });
        Self { reports, stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        drop(self.stop.take());
        let stopped = self.thread.take().map(JoinHandle::join);
        assert!(thread::panicking() || !matches!(stopped, Some(Err(_))), "a follower panicked");
    }
}

#[expect(clippy::disallowed_methods, reason = "the real time, as the program has it")]
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp::from_micros(since.as_micros() as i64)
}

/// Runs `examples/follow.rs` until it has sent a little more, and kills it.
pub(super) fn crash_and_go_on(database: &Path, url: &str) {
    let tests = std::env::current_exe().unwrap().canonicalize().unwrap();
    let example = tests.ancestors().nth(2).unwrap().join("examples/follow");
    #[expect(clippy::disallowed_types, reason = "it has to be a process of its own to be killed")]
    let mut process =
        Command::new(example).arg(database).arg(url).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    assert_eq!(lines.take(2).filter_map(Result::ok).count(), 2);
    process.kill().unwrap();
    process.wait().unwrap();
}
