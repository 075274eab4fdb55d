//! TCP: connections are accepted, whoever they were meant for, and each is driven on its own.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use kernel::sockets::{How, original_destination};
use model::{OrigDst, Transport, Victim};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::drive::{DRIVER_TURNS, drive};
use crate::session::{Session, Whom};
use crate::surroundings::Surroundings;

/// How long accepting rests when the system has no descriptor or memory left. Meanwhile
/// connections wait in the kernel's queue.
const REST: Duration = Duration::from_millis(100);

/// The accepting side of one door.
pub(crate) struct Listen {
    pub(crate) listener: TcpListener,
    pub(crate) how: How,
    /// Held by every connection that is driven.
    pub(crate) around: Surroundings,
}

impl Listen {
    /// Accepts until we are stopping, and then what waits.
    pub(crate) async fn until_stopped(self) {
        let mut stop = pin!(self.around.stop.clone().wait());
        loop {
            tokio::select! {
                biased;
                () = &mut stop => break,
                accepted = self.listener.accept() => self.take(accepted).await,
            }
        }
        let mut silent_turns = 0;
        while silent_turns < DRIVER_TURNS {
            match poll_fn(|cx| Poll::Ready(self.listener.poll_accept(cx))).await {
                Poll::Ready(accepted) => self.take(accepted).await,
                Poll::Pending => silent_turns += 1,
            }
            yield_now().await;
        }
    }

    async fn take(&self, accepted: io::Result<(TcpStream, SocketAddr)>) {
        match accepted {
            Ok((stream, from)) => self.begin(stream, from),
            // The victim was gone before we looked.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                tracing::warn!(%error, "cannot accept; connections wait in the kernel");
                sleep(REST).await;
            }
        }
    }

    fn begin(&self, stream: TcpStream, from: SocketAddr) {
        // Only a connection that was reset meanwhile has no address any more.
        let meant = original_destination(&stream, self.how)
            .unwrap_or_else(|_| OrigDst::new(SocketAddr::from(([0, 0, 0, 0], 0))));
        let whom = Whom { transport: Transport::Tcp, victim: Victim::new(from), orig_dst: meant };
        match Session::open(&self.around, whom) {
            Some(session) => drop(tokio::spawn(drive(stream, session))),
            // A reset: a server that is overloaded says no, too.
            None => drop(stream.set_zero_linger()),
        }
    }
}
