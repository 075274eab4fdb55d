//! What an event says, as people read it.

use serde_json::{Map, Value};

/// The details of an event in words; as they are stored, if its kind is not known here.
pub(crate) fn sentence(kind: &str, details: &str) -> String {
    let object: Map<String, Value> = serde_json::from_str(details).unwrap_or_default();
    let said = |key: &str| object.get(key).map(plain).unwrap_or_default();
    match kind {
        "http.request" => {
            let target = format!("{} {}{}", said("method"), said("host"), said("target"));
            let status = said("status");
            // A rule of the analyst's may have answered with something else, or not at all.
            let status = if status == "0" { "no response".to_owned() } else { status };
            format!("{target} → {status}")
        }
        "credentials.given" => {
            format!(
                "{} {}: {} {}",
                said("protocol"),
                said("mechanism"),
                said("user"),
                said("secret")
            )
        }
        "download.asked" => format!("{} {}", said("program"), said("url")),
        "telnet.option" => format!("{} {}", said("option"), said("value")),
        "service.command" => format!("{}: {}", said("protocol"), said("command")),
        "mqtt.message" => {
            let length = format!("{}, {} bytes", said("topic"), said("bytes"));
            if said("text").is_empty() { length } else { format!("{length}: {}", said("text")) }
        }
        "syslog.message" => {
            let head = list(&[&said("facility"), &said("severity"), &said("host")]);
            format!("{head}: {} {}", said("program"), said("text"))
        }
        "irc.command" => chat(&object),
        "mail.message" => mail(&object),
        "protocol.broke" => format!("{}: {}", said("protocol"), said("rule")),
        "flow.recognised" => format!("{}, by its {}", said("protocol"), said("by")),
        "netfilter.garbled" => format!("{}: {}", said("why"), said("line")),
        "netfilter.log" => packet(&object),
        "proxy.request" => way(&object),
        "tls.hello" => list(&[&said("server_name"), &said("ja4"), &said("ja3")]),
        "tls.established" => {
            let certificate = format!("certificate for {}", said("certificate_for"));
            list(&[&said("version"), &said("cipher"), &said("alpn"), &certificate])
        }
        "tls.failed" => list(&[&said("reason"), &said("meaning")]),
        "tls.secrets" => "kept for the export".to_owned(),
        "response.program" => list(&[&said("rule"), &said("outcome"), &said("complaint")]),
        "response.rule" => said("rule"),
        "websocket.message" => {
            let length = format!("{}, {} bytes", said("opcode"), said("bytes"));
            if said("text").is_empty() { length } else { format!("{length}: {}", said("text")) }
        }
        "limit.reached" => limit(&said("limit"), &said("full")),
        _ => details.to_owned(),
    }
}

/// What is there of several things.
fn list(words: &[&str]) -> String {
    words.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(", ")
}

fn limit(setting: &str, full: &str) -> String {
    match full {
        "" => setting.to_owned(),
        "disk" => "the disk is full: payload is counted, not stored".to_owned(),
        _ => format!("{setting}: payload is counted, not stored"),
    }
}

/// A logged packet: between whom, and what it was.
fn packet(object: &Map<String, Value>) -> String {
    let said = |key: &str| object.get(key).map(plain).unwrap_or_default();
    let flags = object.get("flags").and_then(Value::as_array);
    let flags: Vec<String> = flags.into_iter().flatten().map(plain).collect();
    let kind =
        if said("type").is_empty() { String::new() } else { format!("type {}", said("type")) };
    let cut = if said("truncated").is_empty() { "" } else { "(cut off)" };
    let ends = format!("{} → {}", end(object, "src"), end(object, "dst"));
    let words = [said("protocol"), ends, flags.join(" "), kind, cut.to_owned()];
    words.iter().filter(|word| !word.is_empty()).cloned().collect::<Vec<_>>().join(" ")
}

/// A mail: from whom to whom, what about, and what it brings.
fn mail(object: &Map<String, Value>) -> String {
    let said = |key: &str| object.get(key).map(plain).unwrap_or_default();
    let texts = |key: &str| {
        let texts = object.get(key).and_then(Value::as_array);
        texts.into_iter().flatten().map(plain).collect::<Vec<_>>()
    };
    let from = said("envelope_from");
    let from = if from.is_empty() { "<>".to_owned() } else { from };
    let ends = format!("{from} → {}", texts("envelope_to").join(", "));
    let mut words = vec![ends, said("subject")];
    words.extend(texts("attachments").iter().map(|name| match name.as_str() {
        "" => "a file without a name".to_owned(),
        name => format!("file {name}"),
    }));
    list(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// What was said or done in a chat, about whom or where.
fn chat(object: &Map<String, Value>) -> String {
    let said = |key: &str| object.get(key).map(plain).unwrap_or_default();
    let what = format!("{} {}", said("command"), said("target"));
    match object.get("text").map(plain) {
        Some(text) => format!("{what}: {text}"),
        None => what,
    }
}

/// What a proxy was asked for: by whom, and how it was answered.
fn way(object: &Map<String, Value>) -> String {
    let said = |key: &str| object.get(key).map(plain).unwrap_or_default();
    let to = address(object, "host", "port");
    let user = object.get("user").map(|user| format!(" as {}", plain(user)));
    let user = user.unwrap_or_default();
    let granted = object.get("granted").and_then(Value::as_bool);
    let answer = if granted == Some(true) { "granted" } else { "refused" };
    format!("{} {} {to}{user} → {answer}", said("protocol"), said("command"))
}

fn end(object: &Map<String, Value>, which: &str) -> String {
    address(object, which, &format!("{which}_port"))
}

fn address(object: &Map<String, Value>, host: &str, port: &str) -> String {
    let said = |key: &str| object.get(key).map(plain);
    let address = said(host).unwrap_or_else(|| "?".to_owned());
    match said(port) {
        Some(port) if address.contains(':') => format!("[{address}]:{port}"),
        Some(port) => format!("{address}:{port}"),
        None => address,
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: &str, details: &str, expected: &str) {
        assert_eq!(sentence(kind, details), expected);
    }

    #[test]
    fn tls_is_put_into_words() {
        for (kind, details, expected) in [
            (
                "tls.hello",
                r#"{"server_name":"a.example","ja4":"t13d","ja3":"e7d7"}"#,
                "a.example, t13d, e7d7",
            ),
            (
                "tls.established",
                r#"{"version":"TLSv1","cipher":"RC4-SHA","certificate_for":"a.example"}"#,
                "TLSv1, RC4-SHA, certificate for a.example",
            ),
            ("tls.failed", r#"{"reason":"unknown ca","alert":48}"#, "unknown ca"),
        ] {
            check(kind, details, expected);
        }
    }

    #[test]
    fn mail_is_put_into_words() {
        for (details, expected) in [
            (
                r#"{"envelope_from":"a@b.test","envelope_to":["c@d.test","e@f.test"],"subject":"hi","attachments":["x.zip",""]}"#,
                "a@b.test → c@d.test, e@f.test, hi, file x.zip, a file without a name",
            ),
            (r#"{"envelope_from":"","envelope_to":["c@d.test"]}"#, "<> → c@d.test"),
        ] {
            check("mail.message", details, expected);
        }
    }

    #[test]
    fn chats_are_put_into_words() {
        check("irc.command", r##"{"command":"JOIN","target":"#a"}"##, "JOIN #a");
        let said = r##"{"command":"PRIVMSG","target":"#a","text":"hi"}"##;
        check("irc.command", said, "PRIVMSG #a: hi");
    }

    #[test]
    fn commands_are_put_into_words() {
        let told = r#"{"protocol":"finger","command":"root"}"#;
        check("service.command", told, "finger: root");
        let published = r#"{"topic":"a/b","bytes":2,"text":"hi"}"#;
        check("mqtt.message", published, "a/b, 2 bytes: hi");
        let logged = r#"{"facility":"auth","severity":"crit","program":"su","text":"no"}"#;
        check("syslog.message", logged, "auth, crit: su no");
    }

    #[test]
    fn what_is_said_to_services_is_put_into_words() {
        let fetch = r#"{"protocol":"telnet","program":"wget","url":"http://a.test/x"}"#;
        check("download.asked", fetch, "wget http://a.test/x");
        let terminal = r#"{"option":"terminal-type","value":"xterm"}"#;
        check("telnet.option", terminal, "terminal-type xterm");
        let command = r#"{"protocol":"finger","command":"root"}"#;
        check("service.command", command, "finger: root");
    }

    #[test]
    fn events_are_put_into_words() {
        for (kind, details, expected) in [
            (
                "http.request",
                r#"{"method":"GET","target":"/a","host":"b.example","status":200}"#,
                "GET b.example/a → 200",
            ),
            (
                "credentials.given",
                r#"{"protocol":"http","mechanism":"basic","user":"jo","secret":"x"}"#,
                "http basic: jo x",
            ),
            ("protocol.broke", r#"{"protocol":"http","rule":"no host"}"#, "http: no host"),
            ("flow.recognised", r#"{"protocol":"dns","by":"port"}"#, "dns, by its port"),
            ("limit.reached", r#"{"limit":"limits.open_flows"}"#, "limits.open_flows"),
            (
                "limit.reached",
                r#"{"limit":"storage.max_bytes","full":"disk"}"#,
                "the disk is full: payload is counted, not stored",
            ),
            (
                "proxy.request",
                r#"{"protocol":"socks5","command":"connect","host":"a.example","port":25,"user":"bot","granted":true}"#,
                "socks5 connect a.example:25 as bot → granted",
            ),
            (
                "proxy.request",
                r#"{"protocol":"socks4","command":"bind","host":"::1","port":80,"user":"bot","granted":false}"#,
                "socks4 bind [::1]:80 as bot → refused",
            ),
            (
                "websocket.message",
                r#"{"opcode":"text","bytes":2,"text":"hi"}"#,
                "text, 2 bytes: hi",
            ),
            (
                "response.program",
                r#"{"rule":"c2","outcome":"exit status: 1","complaint":"oh"}"#,
                "c2, exit status: 1, oh",
            ),
            ("response.rule", r#"{"rule":"beacon"}"#, "beacon"),
            ("websocket.message", r#"{"opcode":"binary","bytes":9}"#, "binary, 9 bytes"),
            (
                "netfilter.log",
                r#"{"src":"10.0.0.7","dst":"192.0.2.1","protocol":"tcp","src_port":4000,"dst_port":80,"flags":["SYN"]}"#,
                "tcp 10.0.0.7:4000 → 192.0.2.1:80 SYN",
            ),
            (
                "netfilter.log",
                r#"{"src":"::1","protocol":"icmp6","type":128,"truncated":"IN=a"}"#,
                "icmp6 ::1 → ? type 128 (cut off)",
            ),
            (
                "netfilter.garbled",
                r#"{"why":"SRC is no address","line":"a b"}"#,
                "SRC is no address: a b",
            ),
            ("from.the-future", r#"{"a":1}"#, r#"{"a":1}"#),
        ] {
            check(kind, details, expected);
        }
    }
}
