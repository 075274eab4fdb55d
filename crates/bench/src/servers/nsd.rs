//! NSD, an authoritative name server, with a zone in which every name exists.

use std::fs;

use anyhow::{Context, Result};

use crate::process::{Running, find};
use crate::ready::answers_questions;
use crate::stage::{GATEWAY, Stage};

/// Starts it at the gateway's own address.
pub(crate) fn start(stage: &Stage) -> Result<Running> {
    let nsd = find("nsd", "nsd")?;
    let folder = stage.folder().display().to_string();
    let settings = SETTINGS.replace("FOLDER", &folder).replace("ADDRESS", &GATEWAY.to_string());
    fs::write(stage.file("nsd.conf"), settings).context("cannot write nsd.conf")?;
    fs::write(stage.file("com.zone"), ZONE).context("cannot write the zone")?;
    let arguments = ["-d", "-c", &format!("{folder}/nsd.conf")];
    let mut server = Running::start(&stage.network.gateway, stage.folder(), &nsd, &arguments)?;
    server.wait_until("NSD answers", || {
        stage.as_victim(|| Ok(answers_questions(Stage::on_gateway(53))?))
    })?;
    Ok(server)
}

/// Without a limit on the rate of answers, which it has by default (200 per second and source).
const SETTINGS: &str = r#"
server:
    ip-address: ADDRESS
    server-count: 1
    rrl-ratelimit: 0
    username: ""
    chroot: ""
    database: ""
    zonesdir: "FOLDER"
    zonelistfile: "FOLDER/zone.list"
    xfrdfile: ""
    xfrdir: "FOLDER"
    pidfile: ""
    verbosity: 0
remote-control:
    control-enable: no
zone:
    name: com
    zonefile: com.zone
"#;

const ZONE: &str = "\
$ORIGIN com.
$TTL 300
@ IN SOA ns.com. admin.com. 1 3600 600 86400 300
@ IN NS ns.com.
ns IN A 203.0.113.53
* IN A 203.0.113.7
";
