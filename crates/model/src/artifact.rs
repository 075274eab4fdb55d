//! A file taken from a flow.
//!
//! A machine streams what it finds and holds none of it: a start, pieces in order, an end.

use std::fmt;

use bytes::Bytes;

use crate::{ArtifactId, Direction, FlowId, RunId, Timestamp};

/// How a machine names a file among those of its flow. It never gives a number twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArtifactNumber(pub u32);

impl fmt::Display for ArtifactNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// A step of taking a file from a flow. Files of one flow may overlap in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keep {
    /// A file begins.
    Start(ArtifactStart),
    /// The next bytes of a file that has begun and not ended.
    Bytes(ArtifactNumber, Bytes),
    /// A file that has begun ends.
    End(ArtifactNumber, Completeness),
}

/// What is known of a file when it begins. Names and types are a peer's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtifactStart {
    /// Its number among the files of the flow.
    pub number: ArtifactNumber,
    /// What part of what protocol it is.
    pub source: ArtifactSource,
    /// Who sent it.
    pub direction: Direction,
    /// What the peer called it.
    pub name: Option<String>,
    /// What type the peer said it has.
    pub media_type: Option<String>,
    /// The file of the same flow that this is a part or a decoded copy of.
    pub part_of: Option<ArtifactNumber>,
}

/// What part of what protocol a file is. A closed list: a new one is a new variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArtifactSource {
    /// A file that was put on an FTP server.
    FtpUpload,
    /// A file in a form that was sent with an HTTP request.
    HttpFormFile,
    /// The body of an HTTP request, as it was sent; chunks are put together.
    HttpRequestBody,
    /// The same, its content coding taken off.
    HttpRequestDecoded,
    /// A file inside a mail, its encoding taken off.
    MailAttachment,
    /// A mail, fields and all.
    MailMessage,
    /// A message that was published at a broker.
    MqttMessage,
    /// What was sent to a printer.
    PrintJob,
    /// What was written to a file in a shell.
    ShellFile,
    /// A value that a client stored in a database.
    StoredValue,
    /// A file that was put on a TFTP server.
    TftpUpload,
}

impl ArtifactSource {
    /// All of them, in the order of their words.
    pub const ALL: [Self; 11] = [
        Self::FtpUpload,
        Self::HttpFormFile,
        Self::HttpRequestBody,
        Self::HttpRequestDecoded,
        Self::MailAttachment,
        Self::MailMessage,
        Self::MqttMessage,
        Self::PrintJob,
        Self::ShellFile,
        Self::StoredValue,
        Self::TftpUpload,
    ];

    /// The word that is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FtpUpload => "ftp-upload",
            Self::HttpFormFile => "http-form-file",
            Self::HttpRequestBody => "http-request-body",
            Self::HttpRequestDecoded => "http-request-decoded",
            Self::MailAttachment => "mail-attachment",
            Self::MailMessage => "mail-message",
            Self::MqttMessage => "mqtt-message",
            Self::PrintJob => "print-job",
            Self::ShellFile => "shell-file",
            Self::StoredValue => "stored-value",
            Self::TftpUpload => "tftp-upload",
        }
    }
}

/// Whether a file came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Completeness {
    /// All of it came.
    Whole,
    /// The end is missing.
    Cut(Cut),
}

/// Why the end of a file is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cut {
    /// What wraps it is broken: a chunk, a compressed stream, a boundary.
    Broken,
    /// The flow ended first.
    FlowEnded,
    /// A limit of ours was reached; an event says which.
    Limit,
    /// The peer took it back.
    Withdrawn,
}

impl Completeness {
    /// All of them, in the order of their words.
    pub const ALL: [Self; 5] = [
        Self::Cut(Cut::Broken),
        Self::Cut(Cut::FlowEnded),
        Self::Cut(Cut::Limit),
        Self::Whole,
        Self::Cut(Cut::Withdrawn),
    ];

    /// The word that is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Cut(Cut::Broken) => "broken",
            Self::Cut(Cut::FlowEnded) => "flow-ended",
            Self::Cut(Cut::Limit) => "limit",
            Self::Cut(Cut::Withdrawn) => "withdrawn",
        }
    }
}

/// Bytes of a file. Those of one file are handed over in order, all before the [`Artifact`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtifactPart {
    /// The file.
    pub artifact: ArtifactId,
    /// The run it belongs to.
    pub run: RunId,
    /// The flow it was taken from.
    pub flow: FlowId,
    /// When these bytes were handed on.
    pub time: Timestamp,
    /// How many bytes came before.
    pub offset: u64,
    /// The bytes.
    pub bytes: Bytes,
}

/// A file that has ended, with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its name among all of the world.
    pub id: ArtifactId,
    /// The flow it was taken from.
    pub flow: FlowId,
    /// When it began.
    pub opened: Timestamp,
    /// When it ended.
    pub closed: Timestamp,
    /// What part of what protocol it is.
    pub source: ArtifactSource,
    /// Who sent it.
    pub direction: Direction,
    /// What the peer called it.
    pub name: Option<String>,
    /// What type the peer said it has.
    pub media_type: Option<String>,
    /// What its first bytes say it is.
    pub file_type: Option<&'static str>,
    /// How many bytes came, stored or not.
    pub bytes: u64,
    /// Hashes of all of them.
    pub hashes: Hashes,
    /// The file of the same flow that this is a part or a decoded copy of.
    pub part_of: Option<ArtifactId>,
    /// Whether it came to its end.
    pub completeness: Completeness,
}

/// What collections of files know a file by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hashes {
    /// SHA-256.
    pub sha256: [u8; 32],
    /// SHA-1.
    pub sha1: [u8; 20],
    /// MD5.
    pub md5: [u8; 16],
}
