//! How PostgreSQL is installed, started and asked.

use std::process::Command;

use super::{PASSWORD, Server, USER, Words, as_nobody};

pub(super) fn install(server: &Server) -> Command {
    let mut command = as_nobody("initdb");
    command.args(["--username=postgres", "--auth-local=trust", "--auth-host=scram-sha-256"]);
    command.args(["--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "-D"]).arg(server.files());
    command.current_dir("/");
    command
}

pub(super) fn server(server: &Server) -> Command {
    let mut command = as_nobody("postgres");
    command.arg("-D").arg(server.files()).arg("-k").arg(server.folder.path());
    command.arg("-p").arg(server.port.to_string()).arg("-h").arg(&server.address);
    command.args(["-c", "logging_collector=off"]).current_dir("/");
    // Whoever connects from another machine has to give the password, too.
    let rules = "local all all trust\nhost all all all scram-sha-256\n";
    std::fs::write(server.files().join("pg_hba.conf"), rules).unwrap();
    command
}

/// `-c` comes last: the statement follows.
pub(super) fn client(server: &Server, database: &str) -> Command {
    let mut command = as_nobody("psql");
    command.args(["--no-psqlrc", "--username=postgres", "--no-align", "--tuples-only", "--quiet"]);
    command.args(["--field-separator=\t", "--set=ON_ERROR_STOP=1", "-h"]).arg(server.folder.path());
    command.arg("-p").arg(server.port.to_string()).arg("-d");
    command.arg(if database.is_empty() { "postgres" } else { database }).arg("-c");
    command.current_dir("/");
    command
}

pub(super) fn encryption(server: &Server) -> Vec<String> {
    let file = |name| server.folder.path().join(name).display().to_string();
    let settings = [
        "ssl=on".to_owned(),
        format!("ssl_key_file={}", file("key.pem")),
        format!("ssl_cert_file={}", file("certificate.pem")),
    ];
    settings.into_iter().flat_map(|setting| ["-c".to_owned(), setting]).collect()
}

pub(super) fn words() -> Words {
    Words {
        scheme: "postgres",
        identified: format!("PASSWORD '{PASSWORD}'"),
        owned_by: format!(" OWNER {USER}"),
    }
}
