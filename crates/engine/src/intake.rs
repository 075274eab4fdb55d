//! The loop around a socket that takes packets in batches: wait, take, tidy up, stop.

use std::future::poll_fn;
use std::io;
use std::os::fd::{AsFd, AsRawFd, RawFd};
use std::pin::pin;
use std::time::Duration;

use model::Counter;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::mpsc::Receiver;
use tokio::task::yield_now;
use tokio::time::{MissedTickBehavior, interval};

use crate::drive::DRIVER_TURNS;
use crate::program::Late;
use crate::surroundings::Surroundings;

/// How often flows are looked at that have been silent too long.
const SWEEP_EVERY: Duration = Duration::from_millis(500);

/// What is done with packets of one kind of socket.
pub(crate) trait Intake {
    /// The socket.
    type Socket: AsFd;

    /// Counts what the kernel dropped before we took it.
    const LOST: Counter;

    /// Takes one batch without waiting, and deals with it. Gives how many packets the kernel has
    /// dropped since the socket was opened.
    fn take(&mut self, socket: &mut Self::Socket) -> io::Result<u64>;

    /// Where those who answer late tell what they did, if anybody does; to be taken once.
    fn take_late(&mut self) -> Option<Receiver<Late>> {
        None
    }

    /// Deals with one of those.
    fn late(&mut self, _late: Late) {}

    /// Ends flows that have been silent too long.
    fn sweep(&mut self);

    /// Ends all flows.
    fn stop(&mut self);
}

/// Takes until we are stopping, and then what waits.
pub(crate) async fn take_until_stopped<I: Intake>(
    mut socket: Waited<I::Socket>,
    mut intake: I,
    around: Surroundings,
) {
    let mut stop = pin!(around.stop.clone().wait());
    let mut sweeps = interval(SWEEP_EVERY);
    sweeps.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut late = intake.take_late();
    let mut lost = Lost { counter: I::LOST, total: 0 };
    loop {
        tokio::select! {
            biased;
            () = &mut stop => break,
            _ = sweeps.tick() => intake.sweep(),
            Some(late) = next(&mut late) => intake.late(late),
            taken = socket.take(&mut intake, &around) => lost.count(taken, &around),
        }
    }
    for _ in 0..DRIVER_TURNS {
        yield_now().await;
        while let Ok(total) = intake.take(&mut socket.0.get_mut().0) {
            lost.count(Ok(total), &around);
        }
    }
    intake.stop();
}

async fn next(late: &mut Option<Receiver<Late>>) -> Option<Late> {
    late.as_mut()?.recv().await
}

/// A socket that the runtime waits for.
pub(crate) struct Waited<S: AsFd>(AsyncFd<ByNumber<S>>);

/// The runtime wants to know a descriptor by its number.
struct ByNumber<S>(S);

impl<S: AsFd> AsRawFd for ByNumber<S> {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_fd().as_raw_fd()
    }
}

impl<S: AsFd> Waited<S> {
    /// Call it inside a runtime.
    #[expect(
        deprecated,
        reason = "its successor is unsafe, and asks for what holds here: the socket is owned, and \
                  its descriptor never changes"
    )]
    pub(crate) fn new(socket: S) -> io::Result<Self> {
        AsyncFd::with_interest(ByNumber(socket), Interest::READABLE).map(Self)
    }

    /// Takes one batch, once there is something *and* the recorder has room for it.
    async fn take<I>(&mut self, intake: &mut I, around: &Surroundings) -> io::Result<u64>
    where
        I: Intake<Socket = S>,
    {
        poll_fn(|cx| around.recorder.poll_room_for_packets(cx)).await;
        self.0.async_io_mut(Interest::READABLE, |socket| intake.take(&mut socket.0)).await
    }
}

struct Lost {
    counter: Counter,
    total: u64,
}

impl Lost {
    fn count(&mut self, taken: io::Result<u64>, around: &Surroundings) {
        match taken {
            Ok(total) => {
                around.recorder.count(self.counter, total.saturating_sub(self.total));
                self.total = total;
            }
            Err(error) => tracing::warn!(%error, "cannot take packets"),
        }
    }
}
