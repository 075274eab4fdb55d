//! dnsmasq, answering every name and writing every question to a file.

use anyhow::Result;

use crate::process::{Running, find};
use crate::ready::answers_questions;
use crate::stage::{GATEWAY, Stage};

/// Starts it at the gateway's own address.
pub(crate) fn start(stage: &Stage) -> Result<Running> {
    let dnsmasq = find("dnsmasq", "dnsmasq-base")?;
    let arguments = [
        "--keep-in-foreground",
        "--conf-file=/dev/null",
        "--no-resolv",
        "--no-hosts",
        "--user=root",
        "--pid-file=",
        "--bind-interfaces",
        &format!("--listen-address={GATEWAY}"),
        "--address=/#/203.0.113.7",
        "--log-queries",
        &format!("--log-facility={}", stage.file("questions.log").display()),
    ];
    let mut server = Running::start(&stage.network.gateway, stage.folder(), &dnsmasq, &arguments)?;
    server.wait_until("dnsmasq answers", || {
        stage.as_victim(|| Ok(answers_questions(Stage::on_gateway(53))?))
    })?;
    Ok(server)
}
