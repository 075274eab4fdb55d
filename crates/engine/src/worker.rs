//! One thread that serves victims, with its own sockets and its own queue to the recorder.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::datagrams::Datagrams;
use crate::doors::{Door, TapDoor};
use crate::intake::{Waited, take_until_stopped};
use crate::listen::Listen;
use crate::surroundings::Surroundings;
use crate::tapped::Tapped;

/// How long flows that are open when we stop have for what has arrived already.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Held by whatever still works for a worker; nothing is ever sent.
pub(crate) type Alive = mpsc::Sender<Infallible>;

/// A worker, before it starts.
#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) around: Surroundings,
    pub(crate) doors: Vec<Door>,
    pub(crate) tap: Option<TapDoor>,
}

impl Worker {
    /// Serves until we are stopping and everything that had arrived is recorded.
    pub(crate) fn run(self) -> io::Result<()> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        // When the runtime goes, flows that are still open go with it, and record their end.
        runtime.block_on(self.serve())
    }

    async fn serve(self) -> io::Result<()> {
        let (alive, mut last_gone) = mpsc::channel(1);
        let mut serving = JoinSet::new();
        for door in self.doors {
            let listen = Listen {
                listener: TcpListener::from_std(door.tcp)?,
                how: door.how,
                around: self.around.kept_by(&alive),
            };
            serving.spawn(listen.until_stopped());
            let datagrams = Datagrams::new(door.replier, self.around.clone());
            let socket = Waited::new(door.udp)?;
            serving.spawn(take_until_stopped(socket, datagrams, self.around.clone()));
        }
        if let Some(TapDoor { tap, replier }) = self.tap {
            let tapped = Tapped::new(replier, self.around.clone());
            serving.spawn(take_until_stopped(Waited::new(tap)?, tapped, self.around.clone()));
        }
        drop(alive);
        serving.join_all().await;
        if timeout(LAST_WORDS, last_gone.recv()).await.is_err() {
            tracing::warn!("some flows still had something to say when we stopped");
        }
        Ok(())
    }
}
