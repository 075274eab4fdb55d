//! Victims that speak TLS, of every age, on in-memory streams.

use model::{Basis, Direction, Ending, Event, KeyKind, Layer, Record, TlsEstablished};
use openssl::ssl::{Ssl, SslContext, SslMethod, SslOptions, SslStream, SslVerifyMode, SslVersion};
use openssl::x509::X509;
use openssl::x509::store::X509StoreBuilder;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

use super::*;
use crate::limits::Limits;
use crate::testing::{LIMITS, QUEUE_BYTES, Stage, authority, end, events, tcp_to};
use crate::tls::Pipe;

/// A victim with a TLS library of its own.
pub(super) struct TlsVictim {
    pub(super) tls: SslStream<Pipe>,
    pub(super) wire: DuplexStream,
}

impl TlsVictim {
    async fn push(&mut self) {
        let outgoing = self.tls.get_mut().take_outgoing();
        // Who has hung up does not hear it any more.
        let _ = self.wire.write_all(&outgoing).await;
    }

    /// Waits for bytes of the gateway; false at the end.
    pub(super) async fn pull(&mut self) -> bool {
        let mut buffer = [0; 4_096];
        let count = self.wire.read(&mut buffer).await.unwrap();
        self.tls.get_mut().put_incoming(&buffer[..count]);
        count > 0
    }

    pub(super) async fn shake_hands(&mut self) -> Result<(), openssl::ssl::Error> {
        loop {
            let done = self.tls.connect();
            self.push().await;
            match done {
                Err(error) if error.code() == openssl::ssl::ErrorCode::WANT_READ => {
                    if !self.pull().await {
                        return Err(error);
                    }
                }
                done => return done,
            }
        }
    }

    /// Says something inside, and hears the answer up to the end.
    pub(super) async fn ask(&mut self, question: &[u8]) -> Vec<u8> {
        self.tls.ssl_write(question).unwrap();
        self.push().await;
        let mut answer = Vec::new();
        let mut buffer = [0; 4_096];
        loop {
            match self.tls.ssl_read(&mut buffer) {
                Ok(count) => answer.extend_from_slice(&buffer[..count]),
                Err(error) if error.code() == openssl::ssl::ErrorCode::WANT_READ => {
                    if !self.pull().await {
                        return answer;
                    }
                }
                Err(_) => return answer,
            }
        }
    }
}

/// A victim that trusts the authority of the tests, set up further by `set`.
fn victim(set: impl FnOnce(&mut Ssl)) -> (Stage, TlsVictim, tokio::task::JoinHandle<()>) {
    victim_of(4_444, set)
}

/// The same of a server at `port`.
pub(super) fn victim_of(
    port: u16,
    set: impl FnOnce(&mut Ssl),
) -> (Stage, TlsVictim, tokio::task::JoinHandle<()>) {
    let stage = Stage::with(Limits { stored_bytes_per_flow: 1 << 20, ..LIMITS }, QUEUE_BYTES);
    let mut store = X509StoreBuilder::new().unwrap();
    store.add_cert(X509::from_pem(&authority().root_pem().unwrap()).unwrap()).unwrap();
    let mut context = SslContext::builder(SslMethod::tls_client()).unwrap();
    context.set_security_level(0);
    context.set_min_proto_version(Some(SslVersion::SSL3)).unwrap();
    context.set_cipher_list("ALL:@SECLEVEL=0").unwrap();
    context.set_options(SslOptions::IGNORE_UNEXPECTED_EOF);
    context.set_cert_store(store.build());
    context.set_verify(SslVerifyMode::PEER);
    let mut ssl = Ssl::new(&context.build()).unwrap();
    ssl.param_mut().set_time(stage.around.recorder.now().as_secs());
    set(&mut ssl);
    let (wire, ours) = duplex(1 << 16);
    let session = Session::open(&stage.around, tcp_to(port)).expect("a permit");
    let driven = tokio::spawn(drive(ours, session));
    let tls = SslStream::new(ssl, Pipe::default()).unwrap();
    (stage, TlsVictim { tls, wire }, driven)
}

pub(super) fn named(name: &str) -> impl FnOnce(&mut Ssl) {
    move |ssl| {
        ssl.set_hostname(name).unwrap();
        ssl.param_mut().set_host(name).unwrap();
    }
}

fn established(records: &[Record]) -> &TlsEstablished {
    let find = |event: &&Event| matches!(event, Event::TlsEstablished(_));
    match events(records).into_iter().find(find) {
        Some(Event::TlsEstablished(established)) => established,
        other => panic!("no handshake: {other:?}"),
    }
}

/// The bytes of one lane, put together.
pub(super) fn lane(records: &[Record], layer: Layer, direction: Direction) -> Vec<u8> {
    let mut all = Vec::new();
    for record in records {
        if let Record::Payload(payload) = record
            && (payload.layer, payload.direction) == (layer, direction)
        {
            assert_eq!(payload.offset, all.len() as u64, "a gap or an overlap");
            all.extend_from_slice(&payload.bytes);
        }
    }
    all
}

const QUESTION: &[u8] = b"GET /a.txt HTTP/1.1\r\nHost: www.a.test\r\nConnection: close\r\n\r\n";

#[tokio::test(start_paused = true)]
async fn a_name_on_an_odd_port_gets_a_certificate_it_can_trust() {
    let (stage, mut victim, driven) = victim(named("www.a.test"));
    victim.shake_hands().await.unwrap();
    let answer = victim.ask(QUESTION).await;
    driven.await.unwrap();
    let records = stage.records();
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"), "{answer:?}");
    assert_eq!(lane(&records, Layer::Inner, Direction::FromVictim), QUESTION);
    assert_eq!(lane(&records, Layer::Inner, Direction::ToVictim), answer);
    let established = established(&records);
    assert_eq!((established.version, established.key), ("TLSv1.3", KeyKind::EcdsaP256));
    assert_eq!(established.certificate_for, "www.a.test");
    let http = Event::Recognised { protocol: "http", by: Basis::Content };
    assert!(events(&records).contains(&&http));
    assert!(events(&records).iter().any(|event| matches!(event, Event::TlsSecrets { .. })));
    let end = end(&records);
    let wire = lane(&records, Layer::Wire, Direction::FromVictim);
    assert_eq!((end.protocol, end.bytes_from_victim), (Some("http"), wire.len() as u64));
}

#[tokio::test(start_paused = true)]
async fn the_oldest_versions_are_still_spoken() {
    for (version, name) in [
        (SslVersion::SSL3, "SSLv3"),
        (SslVersion::TLS1, "TLSv1"),
        (SslVersion::TLS1_1, "TLSv1.1"),
        (SslVersion::TLS1_2, "TLSv1.2"),
    ] {
        let (stage, mut victim, driven) = victim(|ssl| {
            ssl.set_max_proto_version(Some(version)).unwrap();
        });
        victim.shake_hands().await.unwrap();
        assert!(victim.ask(QUESTION).await.starts_with(b"HTTP/1.1 200 OK\r\n"));
        driven.await.unwrap();
        assert_eq!(established(&stage.records()).version, name);
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_name_the_certificate_is_for_the_address() {
    let (stage, mut victim, driven) = victim(|ssl| {
        ssl.param_mut().set_ip([93, 184, 216, 34].into()).unwrap();
    });
    victim.shake_hands().await.unwrap();
    victim.ask(QUESTION).await;
    driven.await.unwrap();
    assert_eq!(established(&stage.records()).certificate_for, "93.184.216.34");
}

#[tokio::test(start_paused = true)]
async fn a_victim_that_knows_only_rsa_gets_an_rsa_certificate() {
    let (stage, mut victim, driven) = victim(|ssl| {
        ssl.set_hostname("old.test").unwrap();
        ssl.set_max_proto_version(Some(SslVersion::TLS1)).unwrap();
        ssl.set_cipher_list("RC4-SHA:DES-CBC3-SHA").unwrap();
    });
    victim.shake_hands().await.unwrap();
    victim.ask(QUESTION).await;
    driven.await.unwrap();
    let records = stage.records();
    let established = established(&records);
    assert_eq!(established.key, KeyKind::Rsa2048);
    assert_eq!(established.cipher, "RC4-SHA");
}

#[tokio::test(start_paused = true)]
async fn a_victim_that_does_not_trust_us_says_so_and_we_know_what_it_means() {
    let (stage, mut victim, driven) = victim(|ssl| {
        ssl.set_hostname("pinned.test").unwrap();
        ssl.set_verify_cert_store(X509StoreBuilder::new().unwrap().build()).unwrap();
        ssl.set_verify(SslVerifyMode::PEER);
    });
    victim.shake_hands().await.unwrap_err();
    drop(victim);
    driven.await.unwrap();
    let records = stage.records();
    let failed = events(&records).into_iter().find_map(|event| match event {
        Event::TlsFailed(failure) => Some(failure),
        _ => None,
    });
    assert_eq!(failed.expect("a failure").alert, Some(48), "unknown_ca");
    assert!(!lane(&records, Layer::Wire, Direction::FromVictim).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_broken_hello_is_recorded_and_answered_with_an_alert() {
    let stage = Stage::new();
    let (mut victim, ours) = duplex(1 << 16);
    let session = Session::open(&stage.around, tcp_to(443)).expect("a permit");
    let driven = tokio::spawn(drive(ours, session));
    let broken = b"\x16\x03\x01\x00\x06\x01\x00\x00\x02\x03\x03";
    victim.write_all(broken).await.unwrap();
    victim.shutdown().await.unwrap();
    let mut answer = Vec::new();
    victim.read_to_end(&mut answer).await.unwrap();
    driven.await.unwrap();
    let records = stage.records();
    assert_eq!(answer.first(), Some(&0x15), "an alert: {answer:?}");
    assert_eq!(lane(&records, Layer::Wire, Direction::FromVictim), broken);
    assert_eq!(lane(&records, Layer::Wire, Direction::ToVictim), answer);
    assert_eq!(end(&records).ending, Ending::WeClosed);
}

#[tokio::test(start_paused = true)]
async fn tls_in_a_tunnel_inside_tls_is_opened_too() {
    let (stage, mut victim, driven) = victim(named("proxy.test"));
    victim.shake_hands().await.unwrap();
    victim.tls.ssl_write(b"CONNECT inner.test:443 HTTP/1.1\r\n\r\n").unwrap();
    victim.push().await;
    let mut opened = vec![0; 64];
    let opened = loop {
        match victim.tls.ssl_read(&mut opened) {
            Ok(count) => break &opened[..count],
            Err(_) => assert!(victim.pull().await),
        }
    };
    assert!(opened.starts_with(b"HTTP/1.1 200 "));
    let mut inner = SslContext::builder(SslMethod::tls_client()).unwrap();
    inner.set_verify(SslVerifyMode::NONE);
    let mut inner = SslStream::new(Ssl::new(&inner.build()).unwrap(), Pipe::default()).unwrap();
    while inner.connect().is_err() {
        let outgoing = inner.get_mut().take_outgoing();
        if !outgoing.is_empty() {
            victim.tls.ssl_write(&outgoing).unwrap();
            victim.push().await;
        }
        let mut buffer = [0; 4_096];
        match victim.tls.ssl_read(&mut buffer) {
            Ok(count) => inner.get_mut().put_incoming(&buffer[..count]),
            Err(_) => assert!(victim.pull().await),
        }
    }
    inner.ssl_write(QUESTION).unwrap();
    let outgoing = inner.get_mut().take_outgoing();
    victim.ask(&outgoing).await;
    driven.await.unwrap();
    let records = stage.records();
    assert_eq!(lane(&records, Layer::Nested, Direction::FromVictim), QUESTION);
}
