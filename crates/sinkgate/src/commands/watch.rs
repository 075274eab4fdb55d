//! `sinkgate watch`.

use std::io;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::Result;
use engine::Clock;
use readers::watch::{Form, Watch};

use super::look;
use crate::cli;
use crate::paths::Paths;

/// How long to wait for news: what is committed is on the screen before anybody notices.
const PAUSE: Duration = Duration::from_millis(100);

/// Follows the database until we are interrupted.
pub(crate) fn run(asked: &cli::Watch, paths: &Paths) -> Result<ExitCode> {
    let reader = look::reader(asked.db.as_ref(), paths)?;
    let form = if asked.json { Form::Json } else { Form::Words(look::view().style) };
    let mut watch = Watch::new(reader, look::filter(&asked.filter)?, form)?;
    let mut out = io::stdout().lock();
    loop {
        if watch.poll(Clock::Real.now(), &mut out)? == 0 {
            thread::park_timeout(PAUSE);
        }
    }
}
