//! nginx, serving one small file and writing its access log, or TLS with one certificate.

use std::fs;

use anyhow::{Context, Result};

use crate::process::{Running, find, output};
use crate::ready::accepts;
use crate::stage::{GATEWAY, Stage};

/// Starts it at the gateway's own address, with a file of `size` bytes.
pub(crate) fn start(stage: &Stage, size: usize) -> Result<Running> {
    fs::create_dir_all(stage.file("pages")).context("cannot make a folder for the page")?;
    fs::write(stage.file("pages/index.html"), vec![b'x'; size]).context("cannot write the page")?;
    start_with(stage, PLAIN, 80)
}

/// Starts it there for TLS 1.3, with a certificate on P-256, as sinkgate's are.
pub(crate) fn start_tls(stage: &Stage) -> Result<Running> {
    let openssl = find("openssl", "openssl")?;
    let (key, certificate) = (stage.file("key.pem"), stage.file("certificate.pem"));
    let (key, certificate) = (key.display().to_string(), certificate.display().to_string());
    let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    let names = ["-subj", "/CN=www.example.com", "-addext", "subjectAltName=DNS:*.example.com"];
    let files = ["-keyout", &key, "-out", &certificate];
    let arguments = [&["req", "-x509"], &curve[..], &names, &files].concat();
    output(&stage.network.gateway, &openssl, &arguments)?;
    start_with(stage, TLS, 443)
}

fn start_with(stage: &Stage, server: &str, port: u16) -> Result<Running> {
    let nginx = find("nginx", "nginx-light")?;
    let folder = stage.folder().display().to_string();
    let settings = SETTINGS.replace("SERVER", server);
    let settings = settings.replace("FOLDER", &folder).replace("ADDRESS", &GATEWAY.to_string());
    fs::write(stage.file("nginx.conf"), settings).context("cannot write nginx.conf")?;
    let arguments = ["-e", "stderr", "-c", &format!("{folder}/nginx.conf")];
    let mut server = Running::start(&stage.network.gateway, stage.folder(), &nginx, &arguments)?;
    server.wait_until("nginx accepts", || {
        stage.as_victim(|| Ok(accepts(Stage::on_gateway(port), b"")?))
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
        SERVER
    }
}
";

const PLAIN: &str = "listen ADDRESS:80; root FOLDER/pages;";

/// No session is ever taken up again.
const TLS: &str = "
        listen ADDRESS:443 ssl;
        ssl_certificate FOLDER/certificate.pem;
        ssl_certificate_key FOLDER/key.pem;
        ssl_protocols TLSv1.3;
        ssl_session_cache off;
        ssl_session_tickets off;
";
