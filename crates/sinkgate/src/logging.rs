//! Our own log on standard error: one line each, `key=value` or JSON.
//!
//! A value may hold what a peer sent, so every value that is not plain is quoted and its control
//! codes are escaped: a line stays a line, and a terminal is never told what to do (threat 10).

use std::error::Error;
use std::fmt::{self, Debug, Write as _};
use std::io;

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

use crate::config::{Log, LogFormat, LogLevel};

/// Starts logging, for the life of the process. A second call changes nothing.
pub(crate) fn start(log: &Log) {
    let lines = tracing_subscriber::fmt().with_writer(io::stderr).with_max_level(filter(log.level));
    let started = match log.format {
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
        LogFormat::KeyValue => {
            lines.with_ansi(false).fmt_fields(KeyValue).event_format(KeyValue).try_init()
        }
    };
    // Only a test that starts two programs in one process gets here twice.
    drop(started);
}

const fn filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
}

/// `time=… level=info from=engine message="…" flow=…`
struct KeyValue;

impl<S, N> FormatEvent<S, N> for KeyValue
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut out: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        out.write_str("time=")?;
        SystemTime.format_time(&mut out)?;
        let level = event.metadata().level().as_str().to_ascii_lowercase();
        write!(out, " level={level} from={}", event.metadata().target())?;
        let mut pairs = Pairs { out: out.by_ref(), result: Ok(()) };
        event.record(&mut pairs);
        pairs.result?;
        for span in context.event_scope().into_iter().flatten() {
            if let Some(fields) = span.extensions().get::<FormattedFields<N>>() {
                out.write_str(&fields.fields)?;
            }
        }
        writeln!(out)
    }
}

impl<'writer> FormatFields<'writer> for KeyValue {
    fn format_fields<R: tracing_subscriber::field::RecordFields>(
        &self,
        out: Writer<'writer>,
        fields: R,
    ) -> fmt::Result {
        let mut pairs = Pairs { out, result: Ok(()) };
        fields.record(&mut pairs);
        pairs.result
    }
}

/// Writes fields, each with a space before it.
struct Pairs<'writer> {
    out: Writer<'writer>,
    result: fmt::Result,
}

impl Pairs<'_> {
    fn pair(&mut self, field: &Field, value: &str) {
        self.result = self
            .result
            .and_then(|()| write!(self.out, " {}=", field.name()))
            .and_then(|()| self.out.write_str(&quoted(value)));
    }
}

impl Visit for Pairs<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.pair(field, &format!("{value:?}"));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.pair(field, &chain(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.pair(field, value);
    }
}

/// An error and its causes, in one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        // Writing to a String cannot fail.
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}

/// The text as it stands if it is one plain word, else in quotes with everything odd escaped.
fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"'=\\".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    // An apostrophe does no harm, and is in many a sentence.
    let escaped: Vec<String> =
        text.split('\'').map(|part| part.escape_debug().to_string()).collect();
    format!("\"{}\"", escaped.join("'"))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// What a piece of code logs.
    fn logged(code: impl FnOnce()) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let log = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            .fmt_fields(KeyValue)
            .event_format(KeyValue)
            .finish();
        tracing::subscriber::with_default(log, code);
        String::from_utf8(lines.0.lock().unwrap().clone()).unwrap()
    }

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_has_its_fields_and_those_of_its_span() {
        let line = logged(|| {
            let span = tracing::info_span!("flow", flow = 7, name = "two words");
            span.in_scope(|| tracing::info!(port = 80, "was opened"));
        });
        let (time, rest) = line.split_once(' ').unwrap();
        assert!(time.starts_with("time=20") && time.ends_with('Z'), "{time}");
        assert!(rest.starts_with("level=info from=sinkgate::logging::tests "), "{rest}");
        assert!(rest.contains("message=\"was opened\" port=80"), "{rest}");
        assert!(rest.ends_with(" flow=7 name=\"two words\"\n"), "{rest}");
    }

    #[test]
    fn threat_10_a_peer_cannot_write_to_the_terminal_or_start_a_line() {
        let line = logged(|| tracing::warn!(host = "\x1b[2J\u{9b}31m\nlevel=error", "named"));
        assert_eq!(line.lines().count(), 1);
        assert!(line.contains(r#"host="\u{1b}[2J\u{9b}31m\nlevel=error""#), "{line}");
    }

    #[test]
    fn an_error_is_written_with_its_causes() {
        let cause = io::Error::other("disk full");
        let error = anyhow::Error::new(cause).context("cannot commit");
        let line = logged(|| tracing::error!(error = error.as_ref() as &dyn Error, "stopping"));
        assert!(line.contains("error=\"cannot commit: disk full\""), "{line}");
    }
}
