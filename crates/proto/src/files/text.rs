//! Texts that a program reads, or a person does.

use super::checksum::sha1;
use super::mark::Mark;

/// What archives hold.
pub(super) fn readme(mark: &Mark<'_>) -> Vec<u8> {
    let (title, version, hex) = (mark.title(), mark.version(), mark.hex("build"));
    let date = mark.time().date();
    format!(
        "{title} {version}\r\n{date}\r\nbuild {hex}\r\n\r\nPlease see the documentation for how to \
         install and use it.\r\n"
    )
    .into_bytes()
}

/// As short as what many services answer, and so the same everywhere.
pub(super) fn txt(_: &Mark<'_>) -> Vec<u8> {
    b"OK
"
    .to_vec()
}

pub(super) fn css(mark: &Mark<'_>) -> Vec<u8> {
    let (text, link) = (mark.colour("text").css(), mark.colour("link").css());
    format!(
        "body {{\n  margin: 0;\n  color: {text};\n  background: #fff;\n}}\n\na {{\n  color: {link};\n}}\n"
    )
    .into_bytes()
}

pub(super) fn js(mark: &Mark<'_>) -> Vec<u8> {
    format!(
        "(function () {{\n  \"use strict\";\n  var build = \"{}\";\n}})();\n",
        mark.hex("build")
    )
    .into_bytes()
}

pub(super) fn json(mark: &Mark<'_>) -> Vec<u8> {
    let (version, id) = (mark.version(), mark.guid("id"));
    format!("{{\"status\":\"ok\",\"version\":\"{version}\",\"id\":\"{id}\"}}\n").into_bytes()
}

pub(super) fn xml(mark: &Mark<'_>) -> Vec<u8> {
    let (version, id) = (mark.version(), mark.guid("id"));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response id=\"{id}\" version=\"{version}\">\n  \
         <status>ok</status>\n</response>\n"
    )
    .into_bytes()
}

pub(super) fn html(mark: &Mark<'_>) -> Vec<u8> {
    page(mark, "")
}

/// A page that Windows runs as a program; this one closes itself.
pub(super) fn hta(mark: &Mark<'_>) -> Vec<u8> {
    page(mark, "<script>\nwindow.close();\n</script>\n")
}

fn page(mark: &Mark<'_>, script: &str) -> Vec<u8> {
    let (title, version, id) = (mark.title(), mark.version(), mark.guid("id"));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>{title}</title>\n{script}</head>\n<body id=\"p-{id}\">\n<h1>{title}</h1>\n\
         <p>Version {version}</p>\n</body>\n</html>\n"
    )
    .into_bytes()
}

pub(super) fn csv(mark: &Mark<'_>) -> Vec<u8> {
    let rows = (1..=5).map(|row| {
        let amount = mark.number(&format!("row {row}")) % 1_000_000;
        format!(
            "{row},{},{}.{:02}\r\n",
            mark.guid(&format!("row {row}")),
            amount / 100,
            amount % 100
        )
    });
    format!("id,reference,amount\r\n{}", rows.collect::<String>()).into_bytes()
}

pub(super) fn markdown(mark: &Mark<'_>) -> Vec<u8> {
    let (title, version, hex) = (mark.title(), mark.version(), mark.hex("build"));
    format!(
        "# {title}\n\nVersion {version}, build `{hex}`.\n\n## Changes\n\n- Small corrections.\n"
    )
    .into_bytes()
}

pub(super) fn ini(mark: &Mark<'_>) -> Vec<u8> {
    let (version, id) = (mark.version(), mark.guid("id"));
    format!("[general]\r\nversion={version}\r\nid={id}\r\nenabled=1\r\n").into_bytes()
}

pub(super) fn log(mark: &Mark<'_>) -> Vec<u8> {
    let (time, process) = (mark.time(), 300 + mark.number("process") % 30_000);
    let (version, id) = (mark.version(), mark.guid("id"));
    let lines =
        [format!("started, version {version}"), format!("session {id}"), "ready".to_owned()];
    let lines = lines.map(|line| format!("{time} [{process}] INFO {line}\n"));
    lines.concat().into_bytes()
}

/// One message (RFC 5322).
pub(super) fn eml(mark: &Mark<'_>) -> Vec<u8> {
    let date = mark.time().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
    let (title, id) = (mark.title(), mark.guid("id"));
    format!(
        "From: Administrator <root@localhost>\r\nTo: root@localhost\r\nSubject: {title}\r\n\
         Date: {date}\r\nMessage-ID: <{id}@localhost>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nFor your records.\r\n"
    )
    .into_bytes()
}

pub(super) fn rtf(mark: &Mark<'_>) -> Vec<u8> {
    let (title, hex) = (mark.title(), mark.hex("build"));
    let time = mark.time();
    let (year, month, day) = (time.year(), time.month(), time.day());
    format!(
        "{{\\rtf1\\ansi\\deff0{{\\fonttbl{{\\f0 Arial;}}}}{{\\info{{\\title {title}}}\
         {{\\creatim\\yr{year}\\mo{month}\\dy{day}}}{{\\doccomm {hex}}}}}\r\n\
         \\f0\\fs24 {title}\\par\r\n}}\r\n"
    )
    .into_bytes()
}

/// A torrent without a tracker: peers would be found by asking around.
pub(super) fn torrent(mark: &Mark<'_>) -> Vec<u8> {
    let content = readme(mark);
    let (length, seconds) = (content.len(), mark.seconds());
    let head = format!(
        "d13:creation datei{seconds}e4:infod6:lengthi{length}e4:name10:readme.txt\
         12:piece lengthi16384e6:pieces20:"
    );
    [head.as_bytes(), &sha1(&content), b"ee"].concat()
}

/// Bytes without a form.
pub(super) fn data(mark: &Mark<'_>) -> Vec<u8> {
    (0..64).flat_map(|part| mark.bytes(&format!("part {part}"))).collect()
}
