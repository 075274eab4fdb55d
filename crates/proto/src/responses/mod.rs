//! Answers of the analyst's own: rules that say which flow or request gets which answer.
//!
//! ```text
//!  a flow opens        ports and addresses are known   ┐
//!  its first bytes     what it speaks is known         ├─▶ Facts ─▶ Table::find ─▶ Rule ─▶ Answer
//!  an HTTP request     path, method, fields are known  ┘
//! ```
//!
//! The first rule that matches wins. As long as an earlier rule could still match once more is
//! known, a later one has to wait.

mod block;
mod capture;
mod content;
mod criterion;
mod http_answer;
mod judgement;
mod machine;
mod pacing;
mod pattern;
mod recording;
mod rule;
mod script;
mod table;
mod template;

pub use block::Block;
pub use capture::CaptureError;
pub use content::Content;
pub use criterion::{Criterion, Facts};
pub use machine::custom;
pub use pattern::{First, Pattern, PatternError, Wildcard};
pub use recording::{Exchange, Recording};
pub use rule::{Act, Afterwards, Answer, HttpAnswer, Moment, Program, Rule, Scope};
pub use script::{Expected, Step};
pub use table::{Found, Missed, Table};
pub use template::{Template, TemplateError, VARIABLES};

pub(crate) use http_answer::{response, rule_for};
pub(crate) use pacing::{Paced, Pacing};
pub(crate) use template::Known;
