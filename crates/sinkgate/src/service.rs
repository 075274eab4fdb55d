//! From a configuration to a gateway at work.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result};
use engine::{
    Clock, Doors, Gateway, IdSource, Limits, LogSettings, REMEMBERED_FLOWS, Settings, TlsSettings,
};
use model::{Run, RunId, SensorId};
use proto::dns::Answers;
use proto::{AuthoritySite, Responses, smtp};
use store::{Keep, Reader, Writer, WriterSettings};

use crate::config::{self, Config};
use crate::installation::Installation;

/// Everything needed before the first victim is served, but for the sockets.
#[derive(Debug)]
pub(crate) struct Service {
    settings: Settings,
    writer: Writer,
}

impl Service {
    /// Opens the database and reads what it keeps from earlier runs.
    pub(crate) fn prepare(
        config: &Config,
        database: &Path,
        state: &Path,
        subject: String,
    ) -> Result<Self> {
        make_folder_of(database)?;
        let max_bytes = Some(config.storage.max_bytes).filter(|bytes| *bytes > 0);
        let hears_logs = !config.syslog.listen.is_empty();
        let remembered_flows = if hears_logs { REMEMBERED_FLOWS } else { 0 };
        let writer = Writer::open(database, WriterSettings { max_bytes, remembered_flows })?;
        let Installation { persona, authority } = Installation::load(state, &config.persona)?;
        let site = authority.site(Clock::Real.now())?;
        let settings = Settings {
            run: new_run(subject),
            persona,
            responses: responses(config, database, site)?,
            tls: TlsSettings {
                authority,
                client_certificates: config.tls.client_certificates,
                leaves: config.tls.leaves,
            },
            limits: limits(&config.limits),
            queue_bytes: usize::try_from(config.storage.queue_bytes).unwrap_or(usize::MAX),
            gather: config.storage.commit_interval,
            keep: keep(config),
        };
        Ok(Self { settings, writer })
    }

    /// The run that will be recorded.
    pub(crate) fn run(&self) -> RunId {
        self.settings.run.id
    }

    /// Starts to serve.
    pub(crate) fn start(self, doors: Doors) -> Result<Gateway> {
        Gateway::start(self.settings, doors, self.writer).context("cannot start the gateway")
    }
}

/// How many workers a setting of 0 means: one per core.
pub(crate) fn workers(config: &config::Gateway) -> usize {
    match config.workers {
        0 => thread::available_parallelism().map_or(1, usize::from),
        set => set,
    }
}

fn new_run(subject: String) -> Run {
    let ids = IdSource::new();
    let started = Clock::Real.now();
    Run {
        id: RunId::from_uuid(ids.next(started)),
        sensor: SensorId::from_uuid(ids.next(started)),
        started,
        subject,
    }
}

/// The answers, with every address given in earlier runs of this database.
fn responses(config: &Config, database: &Path, site: AuthoritySite) -> Result<Responses> {
    let dns = Answers::new(&config.dns.settings()).context("cannot use the static names")?;
    for given in Reader::open(database)?.given_addresses()? {
        dns.restore(&given);
    }
    let bytes = |limit: u64| usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(Responses {
        dns,
        line_bytes: bytes(config.limits.line_bytes),
        head_bytes: bytes(config.limits.head_bytes),
        form_bytes: bytes(config.limits.form_bytes),
        http_authentication: config.http.authentication,
        smtp: smtp::Settings {
            offer: config.smtp.mechanisms,
            refused_logins: config.smtp.refused_logins,
            recipients: config.smtp.recipients,
        },
        authority: Arc::new(site),
    })
}

fn limits(set: &config::Limits) -> Limits {
    Limits {
        open_flows: set.open_flows,
        open_flows_per_victim: set.open_flows_per_victim,
        stored_bytes_per_flow: set.stored_bytes_per_flow,
        artifact_bytes: set.artifact_bytes,
        artifacts_per_flow: set.artifacts_per_flow,
        undecided: set.undecided,
        idle_tcp: set.idle_tcp,
        idle_udp: set.idle_udp,
        life_time: set.life_time,
    }
}

fn keep(config: &Config) -> Keep {
    Keep {
        age: config.storage.keep,
        bytes: Some(config.storage.keep_bytes).filter(|bytes| *bytes > 0),
        followers: config.databases.iter().map(ToString::to_string).collect(),
    }
}

/// Opens the log listener's sockets, too, if there is to be one.
pub(crate) fn with_log_listener(doors: Doors, config: &Config) -> Result<Doors> {
    let set = &config.syslog;
    if set.listen.is_empty() {
        return Ok(doors);
    }
    let settings = LogSettings {
        line_bytes: usize::try_from(config.limits.line_bytes).unwrap_or(usize::MAX),
        prefix: set.prefix.clone(),
        connections: set.connections,
        idle: set.idle,
        join_within: set.join_within,
        waiting_lines: set.waiting_lines,
    };
    doors.hear_logs(&set.listen, settings).context("cannot open the log listener (`syslog.listen`)")
}

fn make_folder_of(database: &Path) -> Result<()> {
    let Some(folder) = database.parent().filter(|folder| *folder != Path::new("")) else {
        return Ok(());
    };
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {} for the database", folder.display()))
}

/// The database as an absolute path: what is printed has to hold in another folder, too.
pub(crate) fn absolute(database: &Path) -> Result<PathBuf> {
    std::path::absolute(database).context("cannot tell which folder we are in")
}
