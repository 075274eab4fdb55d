//! What a line of a shell says: lists of pipelines of commands (POSIX.1-2024, XCU §2.10, the small
//! part of it that droppers use).
//!
//! Text here has one character for each byte, so that whatever a peer wrote comes out as it went in.

/// Commands in order, each with what has to come before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct List(pub(super) Vec<(Joint, Pipeline)>);

/// How a pipeline is joined to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    Always,
    IfRight,
    IfWrong,
}

/// Commands each of which reads what the one before it wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pipeline {
    pub(super) sense: Sense,
    pub(super) commands: Vec<Command>,
}

/// Whether `!` stands before it, or `until` instead of `while`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    AsIs,
    Turned,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) kind: Kind,
    pub(super) redirections: Vec<Redirection>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    For { name: String, words: Vec<Word>, body: List },
    Group(List),
    If { branches: Vec<(List, List)>, otherwise: List },
    Simple { assignments: Vec<(String, Word)>, words: Vec<Word> },
    Subshell(List),
    While { sense: Sense, condition: List, body: List },
}

/// Where a stream of a command goes, or comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Redirection {
    /// 0, 1 or 2.
    pub(super) stream: u8,
    pub(super) to: To,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum To {
    Append(Word),
    /// Where the other stream goes now.
    As(u8),
    Read(Word),
    Text(Word),
    Write(Word),
}

/// A word, in pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word(pub(super) Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// What commands write.
    Output(List, Quoting),
    /// Text that may be a pattern of names.
    Plain(String),
    Quoted(String),
    Variable {
        name: String,
        fallback: String,
        quoting: Quoting,
    },
}

/// Whether what comes out is one word, whatever is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    Quoted,
    Split,
}
