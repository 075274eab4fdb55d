//! What is sent later, or slowly.

use std::num::NonZeroU32;
use std::time::Duration;

use bytes::Bytes;

use super::Answer;
use crate::Out;

/// Bytes that wait until it is time.
#[derive(Debug, Default)]
pub(crate) struct Pacing {
    waiting: Bytes,
    delay: Duration,
    throttle: Option<NonZeroU32>,
}

/// Whether all is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paced {
    All,
    Waits,
}

/// How often a throttled answer goes on.
const TICKS_PER_SECOND: u32 = 10;

impl Pacing {
    /// Bytes to be sent as `answer` asks, on a stream.
    pub(crate) fn of(answer: &Answer, bytes: Bytes) -> Self {
        Self { waiting: bytes, delay: answer.delay, throttle: answer.throttle }
    }

    /// The same for a datagram, which comes whole or not at all.
    pub(super) fn of_datagram(answer: &Answer, bytes: Bytes) -> Self {
        Self { throttle: None, ..Self::of(answer, bytes) }
    }

    /// How many bytes wait.
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Adds bytes to those that wait.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.waiting = [&self.waiting[..], bytes].concat().into();
    }

    /// Sends what may be sent now. If that is not all, we want to be woken, and then this is to be
    /// called again.
    pub(crate) fn go_on(&mut self, out: &mut Out) -> Paced {
        let delay = std::mem::take(&mut self.delay);
        if !delay.is_zero() {
            out.wake_after(delay);
            return Paced::Waits;
        }
        if self.waiting.is_empty() {
            return Paced::All;
        }
        let Some(rate) = self.throttle else {
            out.send(std::mem::take(&mut self.waiting));
            return Paced::All;
        };
        let share = usize::try_from(rate.get().div_ceil(TICKS_PER_SECOND)).unwrap_or(usize::MAX);
        out.send(self.waiting.split_to(share.min(self.waiting.len())));
        // Also after the last of them: what is said next has to keep the rate, too.
        out.wake_after(Duration::from_secs(1) / TICKS_PER_SECOND);
        Paced::Waits
    }
}
