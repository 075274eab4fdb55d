//! Socket options that neither socket library knows, by number.

#![expect(unsafe_code, reason = "getsockopt and setsockopt have no safe form for these numbers")]

use std::io;
use std::os::fd::AsFd;
use std::os::fd::AsRawFd;

use nix::libc;

/// Number of 32-bit words `SO_MEMINFO` gives (`SK_MEMINFO_VARS` in `linux/sock_diag.h`).
const MEMINFO_WORDS: usize = 9;

/// Which of them counts packets the socket's full queue turned away (`SK_MEMINFO_DROPS`).
const MEMINFO_DROPS: usize = 8;

/// Sets an option whose value is a C `int`.
pub(crate) fn set_int(
    socket: &impl AsFd,
    level: libc::c_int,
    name: libc::c_int,
    value: libc::c_int,
) -> io::Result<()> {
    set(socket, level, name, &value)
}

/// Sets an option whose value is the C structure `value`.
pub(crate) fn set<T>(
    socket: &impl AsFd,
    level: libc::c_int,
    name: libc::c_int,
    value: &T,
) -> io::Result<()> {
    // SAFETY: the pointer and the length describe `value`, which outlives the call; the kernel
    // only reads from it.
    let outcome = unsafe {
        libc::setsockopt(
            socket.as_fd().as_raw_fd(),
            level,
            name,
            std::ptr::from_ref(value).cast(),
            length_of::<T>(),
        )
    };
    if outcome == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// How many packets the kernel has dropped because the socket's queue was full. Wraps at 2³².
///
/// `SO_RXQ_OVFL` gives the same number, but only along with the *next* packet; this tells it at
/// once.
pub(crate) fn dropped_packets(socket: &impl AsFd) -> io::Result<u32> {
    let words = read::<MEMINFO_WORDS>(socket, libc::SOL_SOCKET, libc::SO_MEMINFO)?;
    Ok(words[MEMINFO_DROPS])
}

/// How many packets the kernel has dropped since this was asked last, because the queue of a
/// packet socket was full.
pub(crate) fn packets_lost_since_asked(socket: &impl AsFd) -> io::Result<u32> {
    // struct tpacket_stats: packets, drops.
    let [_, lost] = read(socket, libc::SOL_PACKET, libc::PACKET_STATISTICS)?;
    Ok(lost)
}

/// Reads an option whose value is some 32-bit words.
fn read<const WORDS: usize>(
    socket: &impl AsFd,
    level: libc::c_int,
    name: libc::c_int,
) -> io::Result<[u32; WORDS]> {
    let mut words = [0_u32; WORDS];
    let mut length = length_of::<[u32; WORDS]>();
    // SAFETY: the kernel writes at most `length` bytes, which is the size of `words`.
    let outcome = unsafe {
        libc::getsockopt(
            socket.as_fd().as_raw_fd(),
            level,
            name,
            words.as_mut_ptr().cast(),
            &raw mut length,
        )
    };
    if outcome == 0 { Ok(words) } else { Err(io::Error::last_os_error()) }
}

/// Adds up a counter of 32 bits that wraps.
#[derive(Debug, Default)]
pub(crate) struct Total {
    seen: u32,
    total: u64,
}

impl Total {
    /// Takes a new reading and gives the sum of all growth so far.
    pub(crate) fn update(&mut self, reading: u32) -> u64 {
        self.total += u64::from(reading.wrapping_sub(self.seen));
        self.seen = reading;
        self.total
    }
}

fn length_of<T>() -> libc::socklen_t {
    libc::socklen_t::try_from(size_of::<T>()).unwrap_or(libc::socklen_t::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_goes_on_where_the_counter_wraps() {
        let mut total = Total::default();
        assert_eq!(total.update(u32::MAX), u64::from(u32::MAX));
        assert_eq!(total.update(4), u64::from(u32::MAX) + 5);
    }
}
