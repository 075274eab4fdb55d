//! TLS handshakes: connect, agree in full, hang up, wait for the other to.

use std::io::{ErrorKind, Read};
use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme};
use socket2::{Domain, Socket, Type};

use crate::clock::Stopwatch;
use crate::stage::Stage;

/// How many agree at once.
const THREADS: usize = 8;

/// Whom the load wants to speak to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// One name, again and again.
    One,
    /// Another each time.
    New,
}

/// What was done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done {
    /// Handshakes, each on a connection of its own and to its end.
    pub(crate) handshakes: u64,
    /// In this time.
    pub(crate) took: Duration,
}

/// Agrees with the server at the gateway's own address again and again for some time, at least once
/// in each thread, in the calling thread's namespace.
pub(crate) fn run(time: Duration, names: Names) -> Result<Done> {
    let load = Load { names, begun: AtomicU64::new(0), settings: settings()? };
    let watch = Stopwatch::start();
    thread::scope(|scope| {
        let start = |_| scope.spawn(|| load.go_on_while(|| watch.passed() < time));
        let threads: Vec<_> = (0..THREADS).map(start).collect();
        for thread in threads {
            thread.join().map_err(|_| anyhow!("a thread of the load panicked"))??;
        }
        anyhow::Ok(())
    })?;
    Ok(Done { handshakes: load.begun.into_inner(), took: watch.passed() })
}

/// Full handshakes of TLS 1.3 alone.
fn settings() -> Result<Arc<ClientConfig>> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_protocol_versions(&[&rustls::version::TLS13])?;
    let trust = Arc::new(Trusting);
    let mut settings =
        builder.dangerous().with_custom_certificate_verifier(trust).with_no_client_auth();
    settings.resumption = Resumption::disabled();
    Ok(Arc::new(settings))
}

struct Load {
    names: Names,
    begun: AtomicU64,
    settings: Arc<ClientConfig>,
}

impl Load {
    fn go_on_while(&self, goes_on: impl Fn() -> bool) -> Result<()> {
        loop {
            let number = self.begun.fetch_add(1, Ordering::Relaxed);
            self.agree(number).with_context(|| format!("handshake {number}"))?;
            if !goes_on() {
                return Ok(());
            }
        }
    }

    fn agree(&self, number: u64) -> Result<()> {
        let name = match self.names {
            Names::One => "www.example.com".to_owned(),
            Names::New => format!("n{number}.example.com"),
        };
        let mut talk = ClientConnection::new(Arc::clone(&self.settings), name.try_into()?)?;
        let mut socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.connect(&Stage::on_gateway(443).into()).context("cannot connect")?;
        while talk.is_handshaking() {
            talk.complete_io(&mut socket).context("cannot agree")?;
        }
        talk.send_close_notify();
        while talk.wants_write() {
            talk.write_tls(&mut socket)?;
        }
        hang_up(&mut socket).context("the other side did not hang up")
    }
}

/// Hangs up, and waits until the other side has: then it has seen the end of the handshake, too.
fn hang_up(socket: &mut Socket) -> std::io::Result<()> {
    socket.shutdown(Shutdown::Write)?;
    loop {
        match socket.read(&mut [0; 4_096]) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            // It had closed already.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// Believes everything: a load that checks signatures has more to do than who makes them, and would
/// be the bottleneck.
#[derive(Debug)]
struct Trusting;

impl ServerCertVerifier for Trusting {
    fn verify_server_cert(
        &self,
        _leaf: &CertificateDer<'_>,
        _others: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _status: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _leaf: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _leaf: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ECDSA_NISTP256_SHA256, SignatureScheme::RSA_PSS_SHA256]
    }
}
