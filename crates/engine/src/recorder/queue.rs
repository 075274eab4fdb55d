//! The bounded queue between one worker and the writer.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::Thread;

use model::Record;

use super::Pace;

/// What a record weighs beside its payload bytes.
const RECORD_WEIGHT: usize = 512;

/// Most records for which room is made beforehand.
const MOST_ROOM: usize = 8_192;

/// Records on their way to the writer, bounded by what they weigh in memory.
///
/// The bound is on reading, not on handing in: a worker that was told there is room reads once
/// and hands in what came, so the queue never holds more than the limit and one read.
#[derive(Debug)]
pub(crate) struct Queue {
    limit: usize,
    pace: Arc<Pace>,
    waiting: Mutex<Waiting>,
    /// The writer, woken when the first record arrives.
    writer: OnceLock<Thread>,
}

#[derive(Debug, Default)]
struct Waiting {
    records: Vec<Record>,
    weight: usize,
    readers: Vec<Waker>,
}

impl Queue {
    /// A queue that lets workers read on while it weighs less than `limit` bytes, and from streams
    /// while it weighs less than the pace allows.
    pub(crate) fn new(limit: usize, pace: Arc<Pace>) -> Self {
        Self { limit, pace, waiting: Mutex::default(), writer: OnceLock::new() }
    }

    /// Names the thread to wake when there is something to write.
    pub(crate) fn written_by(&self, writer: Thread) {
        // A queue has one writer for life; a second call would be a mistake of ours, harmless.
        let _ = self.writer.set(writer);
    }

    /// Hands one record in.
    pub(crate) fn put(&self, record: Record) {
        let mut waiting = self.lock();
        waiting.weight += weight(&record);
        waiting.records.push(record);
        let first = waiting.records.len() == 1;
        drop(waiting);
        if let (true, Some(writer)) = (first, self.writer.get()) {
            writer.unpark();
        }
    }

    /// Ready when a stream may be read; else wakes the task when it may.
    pub(crate) fn poll_room_for_streams(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_room(self.pace.share().min(self.limit), cx)
    }

    /// The same for packets. What they may let wait does not follow the pace: who sends them is not
    /// slowed by waiting, and what does not fit into the kernel's own queue is lost.
    pub(crate) fn poll_room_for_packets(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_room(self.limit, cx)
    }

    fn poll_room(&self, limit: usize, cx: &mut Context<'_>) -> Poll<()> {
        let mut waiting = self.lock();
        if waiting.weight < limit {
            return Poll::Ready(());
        }
        waiting.readers.push(cx.waker().clone());
        drop(waiting);
        if let Some(writer) = self.writer.get() {
            writer.unpark();
        }
        Poll::Pending
    }

    /// Whether somebody waits for room: a reason to write at once.
    pub(crate) fn is_waited_for(&self) -> bool {
        !self.lock().readers.is_empty()
    }

    /// Whether there is nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().records.is_empty()
    }

    /// Takes all there is, and its weight.
    pub(crate) fn take(&self) -> (Vec<Record>, usize) {
        let mut waiting = self.lock();
        // Room for as many again: the next ones come as fast.
        let room = Vec::with_capacity(waiting.records.len().min(MOST_ROOM));
        let records = mem::replace(&mut waiting.records, room);
        let weight = mem::take(&mut waiting.weight);
        let readers = mem::take(&mut waiting.readers);
        drop(waiting);
        readers.into_iter().for_each(Waker::wake);
        (records, weight)
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn weight(record: &Record) -> usize {
    match record {
        Record::ArtifactPart(part) => RECORD_WEIGHT + part.bytes.len(),
        Record::Payload(payload) => RECORD_WEIGHT + payload.bytes.len(),
        _ => RECORD_WEIGHT,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    use model::{RunClosed, RunId, Timestamp};

    use super::*;

    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn record() -> Record {
        let run = RunId::from_bytes([0; 16]);
        Record::RunClosed(RunClosed { run, stopped: Timestamp::from_micros(0) })
    }

    #[test]
    fn a_full_queue_stops_reading_until_it_is_emptied() {
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&woken));
        let mut cx = Context::from_waker(&waker);
        let pace = Arc::new(Pace::new(2 * RECORD_WEIGHT, 1));
        let queue = Queue::new(3 * RECORD_WEIGHT, pace);
        queue.put(record());
        assert!(queue.poll_room_for_streams(&mut cx).is_ready());
        queue.put(record());
        assert!(queue.poll_room_for_streams(&mut cx).is_pending());
        assert!(queue.poll_room_for_packets(&mut cx).is_ready());
        queue.put(record());
        assert!(queue.poll_room_for_packets(&mut cx).is_pending());
        assert!(queue.is_waited_for());
        assert_eq!((queue.take().0.len(), woken.0.load(Ordering::Relaxed)), (3, 2));
        assert!(queue.poll_room_for_streams(&mut cx).is_ready());
    }
}
