//! nginx, serving one small file and writing its access log.

use std::fs;

use anyhow::{Context, Result};

use crate::process::{Running, find};
use crate::ready::accepts;
use crate::stage::{GATEWAY, Stage};

/// Starts it at the gateway's own address, with a file of `size` bytes.
pub(crate) fn start(stage: &Stage, size: usize) -> Result<Running> {
    let nginx = find("nginx", "nginx-light")?;
    let folder = stage.folder().display().to_string();
    let settings = SETTINGS.replace("FOLDER", &folder).replace("ADDRESS", &GATEWAY.to_string());
    fs::write(stage.file("nginx.conf"), settings).context("cannot write nginx.conf")?;
    fs::create_dir_all(stage.file("pages")).context("cannot make a folder for the page")?;
    fs::write(stage.file("pages/index.html"), vec![b'x'; size]).context("cannot write the page")?;
    let arguments = ["-e", "stderr", "-c", &format!("{folder}/nginx.conf")];
    let mut server = Running::start(&stage.network.gateway, stage.folder(), &nginx, &arguments)?;
    server.wait_until("nginx accepts", || {
        stage.as_victim(|| Ok(accepts(Stage::on_gateway(80), b"")?))
    })?;
    Ok(server)
}

/// As Debian has it, but in the foreground, with one worker, and with connections that are kept
/// for longer than 1,000 requests.
const SETTINGS: &str = "
daemon off;
user root;
worker_processes 1;
pid FOLDER/nginx.pid;
events { worker_connections 1024; }
http {
    sendfile on;
    tcp_nopush on;
    types { text/html html; }
    access_log FOLDER/access.log;
    keepalive_requests 100000000;
    server {
        listen ADDRESS:80;
        root FOLDER/pages;
    }
}
";
