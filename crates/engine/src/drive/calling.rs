//! Connections that we open: to the victim of a flow that asks for it, and to nobody else.

use std::io;
use std::time::Duration;

use kernel::callers::Caller;
use model::{Event, Limit, OpenedBy, OrigDst, Transport, Victim};
use proto::Wanted;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};

use super::{Drive, LINGER};
use crate::companions::{Companion, Principal, pair};
use crate::session::{Session, Whom};
use crate::surroundings::Surroundings;

/// How long a victim has to answer a call.
const PATIENCE: Duration = Duration::from_secs(20);

/// Calls the victim of this flow, as the address it knows us by. If that comes to nothing the flow
/// hears that its companion has ended.
pub(super) fn call(session: &mut Session, wanted: Wanted) -> Companion {
    let flow = session.flow();
    let (companion, principal) = pair(flow.id, wanted.wrap, OpenedBy::Us);
    let (from, to) = (flow.orig_dst, flow.victim);
    match session.around().callers.take(from) {
        Some(caller) => {
            let around = session.around().clone();
            let call = Call { caller, from, to, port: wanted.port, around };
            tokio::spawn(call.serve(principal));
        }
        None => session.note(Event::LimitReached(Limit::Calls)),
    }
    companion
}

struct Call {
    caller: Caller,
    from: OrigDst,
    to: Victim,
    port: u16,
    /// With it the worker goes on as long as the call does.
    around: Surroundings,
}

impl Call {
    async fn serve(self, principal: Principal) {
        let stream = match timeout(PATIENCE, self.connected()).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return tracing::debug!(%error, "cannot call a victim"),
            Err(_) => return tracing::debug!("a victim does not answer a call"),
        };
        let Some(session) = Session::open(&self.around, self.whom(&stream)) else { return };
        let mut drive = Drive::new(stream, session);
        drive.attend(principal);
        let ending = drive.until_over().await;
        // To close it is not enough: the caller holds it as well.
        let _ = drive.stream.shutdown().await;
        drive.session.close(ending);
        drop(drive.stream);
        // What is on its way would be lost if the socket were taken off its peer now.
        sleep(LINGER).await;
    }

    async fn connected(&self) -> io::Result<TcpStream> {
        let (socket, to) = self.caller.socket(self.to, self.port)?;
        TcpSocket::from_std_stream(socket.into()).connect(to).await
    }

    /// The victim is where it was called; we are who it meant, at the port we call from.
    fn whom(&self, stream: &TcpStream) -> Whom {
        let port = stream.local_addr().map_or(0, |address| address.port());
        Whom {
            transport: Transport::Tcp,
            victim: Victim::new((self.to.ip(), self.port).into()),
            orig_dst: OrigDst::new((self.from.ip(), port).into()),
        }
    }
}
