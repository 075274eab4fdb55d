//! Commands that fetch files. Nobody is called: what was asked for is noted, and a file of that name
//! is there afterwards, as any of our servers would have sent it.

use std::net::Ipv4Addr;

use model::{Download, Event};

use super::Place::{Bin, UserBin};
use super::{Call, Command, command};
use crate::files;
use crate::shell::bytes::shown;
use crate::shell::tree::{Content, absolute, name};

pub(super) const COMMANDS: &[Command] = &[
    command("curl", UserBin, curl),
    command("ftpget", UserBin, ftp_get),
    command("tftp", UserBin, tftp),
    command("wget", Bin, wget),
];

/// What is asked for.
struct Url {
    scheme: String,
    host: String,
    port: Option<String>,
    path: String,
}

impl Url {
    fn read(text: &str) -> Self {
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        let (authority, path) = match rest.find(['/', '?', '#']) {
            Some(place) => rest.split_at(place),
            None => (rest, "/"),
        };
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let (host, port) = match host.rsplit_once(':') {
            Some((name, port)) if port.chars().all(|one| one.is_ascii_digit()) => {
                (name, Some(port.to_owned()))
            }
            _ => (host, None),
        };
        let (scheme, host) = (scheme.to_ascii_lowercase(), host.to_owned());
        Self { scheme, host, port, path: path.to_owned() }
    }

    fn port(&self) -> &str {
        self.port.as_deref().unwrap_or(match self.scheme.as_str() {
            "ftp" => "21",
            "https" => "443",
            "tftp" => "69",
            _ => "80",
        })
    }

    /// What a file is called that is fetched from there.
    fn file(&self) -> String {
        let path = self.path.split(['?', '#']).next().unwrap_or_default();
        let file = name(path);
        if file.is_empty() { "index.html".to_owned() } else { file.to_owned() }
    }
}

impl Call<'_, '_> {
    /// Notes what is asked for, and gives what is there.
    fn fetched(&mut self, url: &str, file: &str) -> Vec<u8> {
        let (protocol, program) = (self.run.protocol, self.name);
        self.run.mark_ours(self.io.output);
        let url = shown(url);
        self.run.out.note(Event::Download(Box::new(Download { protocol, program, url })));
        let content = files::for_name(file, self.run.cx.persona);
        content.map_or_else(|| self.run.device.program(), |content| content.bytes.into_owned())
    }

    /// Puts what was fetched where it belongs.
    fn saved(&mut self, path: &str, content: Vec<u8>) -> u8 {
        let full = self.path(path);
        // What is not there need not go.
        let _ = self.run.remove_file(&full);
        let put = self.run.files().put(&full, Content::Bytes(content), 0o644);
        put.map_or_else(
            |trouble| {
                self.complain(&format!("can't open '{path}': {}", trouble.text()));
                1
            },
            |()| 0,
        )
    }

    /// The address of a host: its own, or one of the usual kind that is always the same.
    pub(super) fn address_of(&self, host: &str) -> String {
        if host.parse::<std::net::IpAddr>().is_ok() {
            return host.to_owned();
        }
        let [.., second, third, fourth] =
            self.run.device.number(&format!("host {host}")).to_be_bytes();
        Ipv4Addr::new(NETWORK, second, third, 1 + fourth % 254).to_string()
    }
}

/// First byte of a network full of hosted servers.
const NETWORK: u8 = 185;

fn wget(call: &mut Call<'_, '_>) -> u8 {
    let (letters, operands) = call.split_with("OPTtUoY");
    let (output, folder) = (call.value('O'), call.value('P'));
    let Some(written) = operands.first() else {
        return call
            .usage("[-c|--continue] [-s|--spider] [-q|--quiet] [-O|--output-document FILE]");
    };
    let url = Url::read(written);
    let full = if written.contains("://") { written.clone() } else { format!("http://{written}") };
    let file = url.file();
    let content = call.fetched(&full, &file);
    let size = content.len();
    let path = match (output, folder) {
        (Some(output), _) => output,
        (None, Some(folder)) => absolute(&call.path(&folder), &file),
        (None, None) => file,
    };
    let is_quiet = letters.contains('q');
    if !is_quiet {
        let address = call.address_of(&url.host);
        let line = format!("Connecting to {} ({address}:{})\n", url.host, url.port());
        call.run.write(call.io.errors, &crate::shell::bytes::bytes(&line));
    }
    let is_shown = path == "-";
    let status = if is_shown {
        call.say_bytes(&content);
        0
    } else {
        call.saved(&path, content)
    };
    if !is_quiet && status == 0 {
        let label: String = name(&path).chars().take(20).collect();
        let line = format!("{label:<20} 100% |{}| {size:>5}  0:00:00 ETA\n", "*".repeat(31));
        call.run.write(call.io.errors, &crate::shell::bytes::bytes(&line));
    }
    status
}

fn curl(call: &mut Call<'_, '_>) -> u8 {
    let (letters, operands) = call.split_with("oAHdmXeub");
    let output = call.value('o');
    let Some(written) = operands.first().cloned() else {
        let hint = "curl: try 'curl --help' or 'curl --manual' for more information\n";
        call.run.write(call.io.errors, hint.as_bytes());
        return 2;
    };
    let file = Url::read(&written).file();
    let full = if written.contains("://") { written } else { format!("http://{written}") };
    let content = call.fetched(&full, &file);
    let path = output.or_else(|| letters.contains('O').then(|| file.clone()));
    let Some(path) = path else {
        call.say_bytes(&content);
        return 0;
    };
    if !letters.contains('s') {
        let size = content.len();
        let meter = format!(
            "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n\
             \x20                                Dload  Upload   Total   Spent    Left  Speed\n\
             100 {size:>5}  100 {size:>5}    0     0   {size:>5}      0 --:--:-- --:--:-- --:--:-- {size:>5}\n"
        );
        call.run.write(call.io.errors, meter.as_bytes());
    }
    call.saved(&path, content)
}

/// `-g -r REMOTE [-l LOCAL] HOST [PORT]`, or `HOST -c get REMOTE`.
fn tftp(call: &mut Call<'_, '_>) -> u8 {
    let (letters, operands) = call.split_with("rlbc");
    let asked = call.words.iter().position(|word| word == "get");
    let by_command = asked.and_then(|place| call.words.get(place + 1).cloned());
    let remote = call.value('r').or(by_command).or_else(|| call.value('l'));
    let (Some(host), Some(remote)) = (operands.first().cloned(), remote) else {
        return call.usage("[OPTIONS] HOST [PORT]");
    };
    let port = operands.get(1).filter(|word| word.parse::<u16>().is_ok());
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    if letters.contains('p') {
        return 0;
    }
    let url = format!("tftp://{host}{port}/{}", remote.trim_start_matches('/'));
    let content = call.fetched(&url, name(&remote));
    let local = call.value('l').unwrap_or_else(|| name(&remote).to_owned());
    if local == "-" {
        call.say_bytes(&content);
        return 0;
    }
    call.saved(&local, content)
}

/// `[-u USER] [-p PASSWORD] [-P PORT] HOST [LOCAL] REMOTE`.
fn ftp_get(call: &mut Call<'_, '_>) -> u8 {
    let (_, operands) = call.split_with("upP");
    let (host, local, remote) = match operands.as_slice() {
        [host, local, remote, ..] => (host, local, remote),
        [host, remote] => (host, remote, remote),
        _ => return call.usage("[OPTIONS] HOST [LOCAL_FILE] REMOTE_FILE"),
    };
    let login = match (call.value('u'), call.value('p')) {
        (Some(user), Some(password)) => format!("{user}:{password}@"),
        (Some(user), None) => format!("{user}@"),
        (None, _) => String::new(),
    };
    let port = call.value('P').map(|port| format!(":{port}")).unwrap_or_default();
    let url = format!("ftp://{login}{host}{port}/{}", remote.trim_start_matches('/'));
    let content = call.fetched(&url, name(remote));
    call.saved(name(local), content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        for (text, host, port, file) in [
            ("http://a.test/bins/x.sh?y", "a.test", "80", "x.sh"),
            ("a.test:8080", "a.test", "8080", "index.html"),
            ("https://u:p@a.test/", "a.test", "443", "index.html"),
            ("ftp://1.2.3.4/a/b", "1.2.3.4", "21", "b"),
            ("http://a.test?x", "a.test", "80", "index.html"),
        ] {
            let url = Url::read(text);
            assert_eq!((url.host.as_str(), url.port(), url.file().as_str()), (host, port, file));
        }
    }
}
