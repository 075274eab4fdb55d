//! The bounded queue between one worker and the writer.

use std::mem;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::Thread;

use model::Record;

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
    /// A queue that lets workers read on while it weighs less than `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, waiting: Mutex::default(), writer: OnceLock::new() }
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

    /// Ready when there is room; else wakes the task when there is.
    pub(crate) fn poll_room(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut waiting = self.lock();
        if waiting.weight < self.limit {
            return Poll::Ready(());
        }
        waiting.readers.push(cx.waker().clone());
        Poll::Pending
    }

    /// Whether there is nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().records.is_empty()
    }

    /// Takes all there is.
    pub(crate) fn take(&self) -> Vec<Record> {
        let mut waiting = self.lock();
        // Room for as many again: the next ones come as fast.
        let room = Vec::with_capacity(waiting.records.len().min(MOST_ROOM));
        let records = mem::replace(&mut waiting.records, room);
        waiting.weight = 0;
        let readers = mem::take(&mut waiting.readers);
        drop(waiting);
        readers.into_iter().for_each(Waker::wake);
        records
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn weight(record: &Record) -> usize {
    match record {
        Record::Payload(payload) => RECORD_WEIGHT + payload.bytes.len(),
        _ => RECORD_WEIGHT,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
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
        let queue = Queue::new(2 * RECORD_WEIGHT);
        queue.put(record());
        assert!(queue.poll_room(&mut cx).is_ready());
        queue.put(record());
        assert!(queue.poll_room(&mut cx).is_pending());
        assert_eq!((queue.take().len(), woken.0.load(Ordering::Relaxed)), (2, 1));
        assert!(queue.poll_room(&mut cx).is_ready());
    }
}
