//! HTTP requests over connections that are kept, by wrk.

use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::{find, output};
use crate::stage::{GATEWAY, Plan, Stage};

/// Connections that are kept.
pub(crate) const CONNECTIONS: u64 = 64;

/// What was done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done {
    pub(crate) requests: u64,
    pub(crate) took: Duration,
}

/// Asks the server at the gateway's own address for `/`.
pub(crate) fn run(plan: &Plan, stage: &Stage) -> Result<Done> {
    let wrk = find("wrk", "wrk")?;
    let seconds = format!("{}s", plan.time.as_secs());
    let address = format!("http://{GATEWAY}/");
    let load = ["-t", "1", "-c", &CONNECTIONS.to_string(), "-d", &seconds, &address];
    let said = output(&stage.network.victim, &wrk, &load)?;
    for trouble in ["Non-2xx", "Socket errors"] {
        if said.contains(trouble) {
            bail!("not every request was answered:\n{said}");
        }
    }
    read(&said).with_context(|| format!("wrk did not say what it did:\n{said}"))
}

/// Reads `  183092 requests in 5.00s, 210.00MB read`.
fn read(said: &str) -> Option<Done> {
    let line = said.lines().find(|line| line.contains(" requests in "))?;
    let (requests, rest) = line.trim().split_once(" requests in ")?;
    let rate = said.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:"))?;
    let (requests, rate) = (requests.parse().ok()?, rate.trim().parse::<f64>().ok()?);
    // It rounds the time it says there; not the rate.
    rest.starts_with(|first: char| first.is_ascii_digit())
        .then(|| Done { requests, took: Duration::from_secs_f64(requests as f64 / rate) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_read() {
        let said = "  100 requests in 5.00s, 2.00MB read\nRequests/sec:     20.00\n";
        let done = read(said).unwrap();
        assert_eq!((done.requests, done.took), (100, Duration::from_secs(5)));
        assert!(read("nothing").is_none());
    }
}
