//! How MariaDB is installed, started and asked.

use std::process::Command;

use super::{PASSWORD, Server, Words, as_nobody};

pub(super) fn install(server: &Server) -> Command {
    let mut command = as_nobody("mariadb-install-db");
    command.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
    command
        .args(["--innodb-log-file-size=16M"])
        .arg(format!("--tmpdir={}", server.folder.path().display()))
        .arg(format!("--datadir={}", server.files().display()));
    command
}

pub(super) fn server(server: &Server) -> Command {
    let mut command = as_nobody("mariadbd");
    command.args(["--no-defaults", "--skip-name-resolve", "--innodb-log-file-size=16M"]);
    command.args(["--innodb-buffer-pool-size=64M", "--performance-schema=off"]);
    command.args([
        format!("--datadir={}", server.files().display()),
        format!("--tmpdir={}", server.folder.path().display()),
        format!("--socket={}", server.socket().display()),
        format!("--pid-file={}", server.folder.path().join("pid").display()),
        format!("--bind-address={}", server.address),
        format!("--port={}", server.port),
    ]);
    command
}

/// `-e` comes last: the statement follows.
pub(super) fn client(server: &Server, database: &str) -> Command {
    let mut command = as_nobody("mariadb");
    command.args(["--no-defaults", "--user=root", "--batch", "--skip-column-names"]);
    command.arg(format!("--socket={}", server.socket().display()));
    command.args(["--default-character-set=utf8mb4", "--max-allowed-packet=1G"]);
    if !database.is_empty() {
        command.arg(format!("--database={database}"));
    }
    command.arg("-e");
    command
}

pub(super) fn encryption(server: &Server) -> Vec<String> {
    let file = |name| server.folder.path().join(name).display().to_string();
    vec![
        format!("--ssl-key={}", file("key.pem")),
        format!("--ssl-cert={}", file("certificate.pem")),
        "--require-secure-transport".to_owned(),
    ]
}

pub(super) fn words() -> Words {
    Words {
        scheme: "mysql",
        identified: format!("IDENTIFIED BY '{PASSWORD}'"),
        owned_by: String::new(),
    }
}
