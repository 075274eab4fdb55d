//! Many connections and many questions at once, each with a content of its own.

#![expect(clippy::disallowed_types, reason = "these are the victim's sockets")]

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use kernel::namespace::Namespace;

/// When a question without an answer is asked again.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// How long a connection may keep us waiting; only a gateway that was killed does.
const PATIENCE: Duration = Duration::from_secs(5);

/// What was said, and what came back.
#[derive(Clone, Debug)]
pub struct Talk {
    /// Which of them it was.
    pub number: u32,
    /// What came back.
    pub answer: Vec<u8>,
    /// When it was there.
    pub at: Instant,
}

/// How much is going on at once.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// How many threads of the victim send.
    threads: u32,
    /// Questions of one thread on their way at once.
    window: usize,
}

impl Load {
    /// As much as this machine can do; few enough questions at once for the smallest receive
    /// buffer.
    pub const FULL: Self = Self { threads: 4, window: 32 };

    /// Always something, and processors left.
    pub const STEADY: Self = Self { threads: 1, window: 1 };

    /// Opens connections `0..count`, each to a [`destination`] of its own; says `content`, then
    /// that it is done, and hears the other side out. Gives those that went well until the first
    /// that did not: when the gateway is killed, that is the end.
    pub fn connections(
        self,
        victim: &Namespace,
        count: u32,
        content: impl Fn(u32) -> Vec<u8> + Sync,
    ) -> Vec<Talk> {
        let talk = |number| {
            let mut stream = TcpStream::connect_timeout(&destination(number), PATIENCE)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.write_all(&content(number))?;
            stream.shutdown(Shutdown::Write)?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer)?;
            Ok(Talk { number, answer, at: now() })
        };
        self.shared_out(victim, count, |numbers| {
            numbers.map_while(|number| io::Result::ok(talk(number))).collect()
        })
    }

    /// Asks `0..count` questions for addresses, each for [`name`], until every one has its answer
    /// or `is_over`. The answers are by question.
    pub fn questions(
        self,
        victim: &Namespace,
        count: u32,
        is_over: impl Fn() -> bool + Sync,
    ) -> Vec<Talk> {
        self.shared_out(victim, count, |numbers| {
            let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
            socket.connect("9.9.9.9:53").unwrap();
            socket.set_read_timeout(Some(ASK_AGAIN)).unwrap();
            let (waiting, answered) = (BTreeMap::new(), Vec::new());
            let asking = Asking { socket, window: self.window, waiting, answered };
            asking.ask(numbers, &is_over)
        })
    }

    /// Shares the numbers out among threads of the victim.
    fn shared_out(
        self,
        victim: &Namespace,
        count: u32,
        talks: impl Fn(&mut dyn Iterator<Item = u32>) -> Vec<Talk> + Sync,
    ) -> Vec<Talk> {
        let next = AtomicU32::new(0);
        let work = || {
            victim.enter_on_this_thread().unwrap();
            let numbers = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
            talks(&mut numbers.take_while(|number| *number < count))
        };
        thread::scope(|scope| {
            let threads: Vec<_> = (0..self.threads).map(|_| scope.spawn(work)).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        })
    }
}

/// Where connection `number` goes: every one to a port of its own, none that is spoken for.
#[must_use]
pub fn destination(number: u32) -> SocketAddr {
    ([203, 0, 113, 9], 10_000 + u16::try_from(number % 50_000).unwrap()).into()
}

/// The name question `number` is about.
#[must_use]
pub fn name(number: u32) -> String {
    format!("host-{number}.load.example")
}

struct Asking {
    socket: UdpSocket,
    window: usize,
    /// By the number in the message, which has only 16 bits.
    waiting: BTreeMap<u16, u32>,
    answered: Vec<Talk>,
}

impl Asking {
    fn ask(
        mut self,
        numbers: &mut dyn Iterator<Item = u32>,
        is_over: &dyn Fn() -> bool,
    ) -> Vec<Talk> {
        let mut buffer = [0; 2_048];
        while !is_over() {
            while self.waiting.len() < self.window
                && let Some(number) = numbers.next()
            {
                self.send(number);
            }
            if self.waiting.is_empty() {
                break;
            }
            match self.socket.recv(&mut buffer) {
                Ok(length) => self.hear(buffer.get(..length).unwrap()),
                Err(_) => self.waiting.values().for_each(|number| drop(self.try_send(*number))),
            }
        }
        self.answered
    }

    fn send(&mut self, number: u32) {
        self.waiting.insert(id(number), number);
        drop(self.try_send(number));
    }

    fn try_send(&self, number: u32) -> io::Result<usize> {
        self.socket.send(&question(number))
    }

    fn hear(&mut self, answer: &[u8]) {
        let id = answer.first_chunk().map_or(0, |id| u16::from_be_bytes(*id));
        if let Some(number) = self.waiting.remove(&id) {
            self.answered.push(Talk { number, answer: answer.to_vec(), at: now() });
        }
    }
}

/// A question for the A records of [`name`], as it is on the wire.
#[must_use]
pub fn question(number: u32) -> Vec<u8> {
    let mut message = id(number).to_be_bytes().to_vec();
    message.extend(b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00");
    for label in name(number).split('.') {
        message.push(label.len() as u8);
        message.extend(label.as_bytes());
    }
    message.extend(b"\x00\x00\x01\x00\x01");
    message
}

/// Questions on their way at once are close together, so these numbers do not meet.
fn id(number: u32) -> u16 {
    number as u16
}

/// The time, for the tests of what must be on disk by now.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "victims have a clock of their own")]
pub fn now() -> Instant {
    Instant::now()
}
