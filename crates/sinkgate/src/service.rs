//! From a configuration to a gateway at work.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result};
use engine::{
    Clock, Doors, Gateway, IdSource, Limits, LogSettings, ProgramLimits, REMEMBERED_FLOWS,
    Settings, TlsSettings, ToldTime,
};
use kernel::confined::{Confinement, Network};
use model::{Run, RunId, SensorId, Timestamp};
use proto::dns::Answers;
use proto::logins::Tries;
use proto::responses::Table;
use proto::{AuthoritySite, DecoderRoom, Responses, ftp};
use store::{Keep, Reader, Writer, WriterSettings};

use crate::config::{self, Config, OwnAnswers};
use crate::installation::Installation;
use crate::reload;

/// Everything needed before the first victim is served, but for the sockets.
#[derive(Debug)]
pub(crate) struct Service {
    settings: Settings,
    writer: Writer,
    own: Option<OwnAnswers>,
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
        let now = Clock::Real.now();
        let told = ToldTime::new(config.time.start, config.time.speed, now);
        let site = authority.site(told.at(now))?.also_at(config.tls.trust_host.clone());
        let (own, table) = own_answers(&config.responses)?;
        let settings = Settings {
            run: new_run(subject, now),
            told,
            persona,
            responses: Responses { own: Arc::new(table), ..responses(config, database, site)? },
            tls: TlsSettings {
                authority,
                client_certificates: config.tls.client_certificates,
                leaves: config.tls.leaves,
            },
            limits: limits(&config.limits, &config.exec),
            queue_bytes: usize::try_from(config.storage.queue_bytes).unwrap_or(usize::MAX),
            gather: config.storage.commit_interval,
            keep: keep(config),
        };
        Ok(Self { settings, writer, own })
    }

    /// The run that will be recorded.
    pub(crate) fn run(&self) -> RunId {
        self.settings.run.id
    }

    /// Starts to serve.
    pub(crate) fn start(self, doors: Doors) -> Result<Gateway> {
        let gateway = Gateway::start(self.settings, doors, self.writer);
        let gateway = gateway.context("cannot start the gateway")?;
        if let Some(own) = self.own {
            reload::keep_up(own, gateway.answering()).context("cannot watch `responses.file`")?;
        }
        Ok(gateway)
    }
}

/// How many workers a setting of 0 means: one per core.
pub(crate) fn workers(config: &config::Gateway) -> usize {
    match config.workers {
        0 => thread::available_parallelism().map_or(1, usize::from),
        set => set,
    }
}

fn new_run(subject: String, started: Timestamp) -> Run {
    let ids = IdSource::new();
    Run {
        id: RunId::from_uuid(ids.next(started)),
        sensor: SensorId::from_uuid(ids.next(started)),
        started,
        subject,
    }
}

/// The analyst's own answers, if there are any, and where they are from.
fn own_answers(set: &config::Responses) -> Result<(Option<OwnAnswers>, Table)> {
    let Some(file) = &set.file else { return Ok((None, Table::default())) };
    let (own, table) = OwnAnswers::load(file)?;
    Ok((Some(own), table))
}

/// The answers, with every address given in earlier runs of this database.
fn responses(config: &Config, database: &Path, site: AuthoritySite) -> Result<Responses> {
    let dns = Answers::new(&config.dns.settings()).context("cannot use the static names")?;
    for given in Reader::open(database)?.given_addresses()? {
        dns.restore(&given);
    }
    let bytes = |limit: u64| usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(Responses {
        own: Arc::default(),
        dns: Arc::new(dns),
        line_bytes: bytes(config.limits.line_bytes),
        head_bytes: bytes(config.limits.head_bytes),
        form_bytes: bytes(config.limits.form_bytes),
        decoded_bytes: config.limits.decoded_bytes,
        chargen_bytes: config.limits.chargen_bytes,
        decoder_room: DecoderRoom::new(config.limits.decoder_memory),
        tries: Tries::new(config.limits.login_counts),
        http2_streams: config.limits.http2_streams,
        http_authentication: config.http.authentication,
        ftp: ftp_settings(&config.ftp)?,
        adb: config.adb,
        amqp: config.amqp.clone(),
        berkeley: config.berkeley.clone(),
        imap: config.imap.clone(),
        irc: config.irc.clone(),
        ldap: config.ldap.clone(),
        memcached: config.memcached.clone(),
        mongodb: config.mongodb.clone(),
        mqtt: config.mqtt.clone(),
        mysql: config.mysql.clone(),
        pop3: config.pop3.clone(),
        postgres: config.postgres.clone(),
        redis: config.redis.clone(),
        rtsp: config.rtsp.clone(),
        shell: config.shell,
        sip: config.sip.clone(),
        smtp: config.smtp.clone(),
        stratum: config.stratum.clone(),
        telnet: config.telnet.clone(),
        vnc: config.vnc.clone(),
        authority: Arc::new(site),
    })
}

/// What file servers are like, with the analyst's own files.
fn ftp_settings(set: &config::Ftp) -> Result<ftp::Settings> {
    let file = |path: &PathBuf| {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        anyhow::Ok(ftp::OwnFile { name, bytes: bytes.into() })
    };
    Ok(ftp::Settings {
        accept: set.accept.clone(),
        changes: set.changes,
        data_wait: set.data_wait,
        files: set.files.iter().map(file).collect::<Result<_>>()?,
        kept_bytes: usize::try_from(set.kept_bytes).unwrap_or(usize::MAX),
    })
}

fn limits(set: &config::Limits, exec: &config::Exec) -> Limits {
    Limits {
        open_flows: set.open_flows,
        open_flows_per_victim: set.open_flows_per_victim,
        expected_flows_per_victim: set.expected_flows_per_victim,
        stored_bytes_per_flow: set.stored_bytes_per_flow,
        artifact_bytes: set.artifact_bytes,
        artifacts_per_flow: set.artifacts_per_flow,
        undecided: set.undecided,
        greeting: set.greeting,
        guessed_greeting: set.guessed_greeting,
        idle_tcp: set.idle_tcp,
        idle_udp: set.idle_udp,
        life_time: set.life_time,
        programs: ProgramLimits {
            at_once: exec.programs,
            time: exec.time,
            waiting_datagrams: exec.waiting_datagrams,
            confinement: Confinement {
                memory: exec.memory,
                network: if exec.network { Network::Ours } else { Network::Nothing },
            },
        },
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
