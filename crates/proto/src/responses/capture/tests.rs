//! Files as other programs write them.

use super::*;

/// A body as text.
fn body(exchange: &Exchange) -> String {
    match &exchange.answer.body {
        Content::Fixed(body) => String::from_utf8_lossy(body).into_owned(),
        Content::Template(_) => "a template".to_owned(),
    }
}

#[test]
fn an_archive_of_a_browser_is_read() {
    let archive = r#"{"log": {"version": "1.2", "creator": {"name": "x"}, "entries": [
        {"request": {"method": "get", "url": "https://A.test:8443?q=1#top", "headers": []},
         "response": {"status": 200, "headers": [
             {"name": "content-type", "value": "text/plain"},
             {"name": "Content-Encoding", "value": "gzip"}, {"name": "x-id", "value": "7"}],
          "content": {"size": 2, "text": "aGk=", "encoding": "base64"}}},
        {"request": {"method": "GET", "url": "https://b.test/"}, "response": {"status": 0}}]}}"#;
    let found = exchanges(archive.as_bytes()).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].method.as_str(), found[0].target.as_str()), ("GET", "/?q=1"));
    assert_eq!(found[0].host.as_deref(), Some("a.test"));
    assert_eq!(found[0].answer.headers, [("x-id".to_owned(), "7".to_owned())]);
    assert_eq!(
        (found[0].answer.media_type.as_str(), body(&found[0]).as_str()),
        ("text/plain", "hi")
    );
}

#[test]
fn what_cannot_be_used_says_why() {
    let error = |bytes: &[u8]| Recording::read(bytes).unwrap_err().to_string();
    assert_eq!(error(b"{}"), "it is no HTTP archive (HAR)");
    assert!(error(b"hello, world, this is no capture").ends_with("it begins like none"));
    assert!(error(br#"{"log": {"entries": []}}"#).starts_with("there is no HTTP request"));
}

/// Packets of one connection: a request and its response.
fn packets() -> Vec<Vec<u8>> {
    let packet = |from_client: bool, sequence: u32, is_syn: bool, bytes: &[u8]| {
        let (client, server) = (([10, 0, 0, 1], 4_000), ([10, 0, 0, 2], 8_080));
        let ((from, from_port), (to, to_port)) =
            if from_client { (client, server) } else { (server, client) };
        let builder = etherparse::PacketBuilder::ethernet2([1; 6], [2; 6]).ipv4(from, to, 64);
        let builder = builder.tcp(from_port, to_port, sequence, 1_024);
        let builder = if is_syn { builder.syn() } else { builder.ack(1) };
        let mut packet = Vec::new();
        builder.write(&mut packet, bytes).unwrap();
        packet
    };
    vec![
        packet(true, 100, true, b""),
        packet(true, 101, false, b"GET /gate HTTP/1.1\r\nHost: c2.test\r\n\r\n"),
        packet(false, 700, false, b"HTTP/1.1 201 Created\r\nContent-Length: 4\r\n"),
        packet(false, 741, false, b"Content-Type: text/plain\r\n\r\ntask"),
    ]
}

fn assert_gate(file: &[u8]) {
    let found = exchanges(file).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].target.as_str(), body(&found[0]).as_str()), ("/gate", "task"));
    assert_eq!(found[0].answer.status, 201);
}

#[test]
fn packets_are_read_in_the_old_form() {
    let mut file = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 1].map(u32::to_le_bytes).concat();
    for packet in packets() {
        let length = u32::try_from(packet.len()).unwrap();
        file.extend([0, 0, length, length].map(u32::to_le_bytes).concat());
        file.extend(packet);
    }
    assert_gate(&file);
    // A capture that was cut off is as good as it is long.
    file.extend(b"\x01\x02");
    assert_gate(&file);
}

#[test]
fn packets_are_read_in_the_new_form() {
    let block = |kind: u32, body: &[u8]| {
        let length = u32::try_from(body.len() + 12).unwrap().to_le_bytes();
        [&kind.to_le_bytes(), &length[..], body, &length].concat()
    };
    let section = [0x1a2b_3c4d_u32, 1, u32::MAX, u32::MAX].map(u32::to_le_bytes).concat();
    let interface = [1_u32, 65_535].map(u32::to_le_bytes).concat();
    let mut file = [block(0x0a0d_0d0a, &section), block(1, &interface)].concat();
    for packet in packets() {
        let length = u32::try_from(packet.len()).unwrap();
        let mut body = [0, 0, 0, length, length].map(u32::to_le_bytes).concat();
        body.extend(&packet);
        body.resize(body.len().next_multiple_of(4), 0);
        file.extend(block(6, &body));
    }
    assert_gate(&file);
}
