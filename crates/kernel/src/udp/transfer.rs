//! The two system calls that move many datagrams at once.

#![expect(unsafe_code, reason = "the wrappers at hand share one control message between datagrams")]

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr;

use nix::libc;

use super::control::{Control, ROOM};
use super::sockaddr::{LONGEST, RawAddress};

/// Most datagrams moved by one call. Beyond some 32 the price of the call itself is gone.
pub(super) const BATCH: usize = 32;

/// Room for the longest packet: an IPv6 header and 65,535 bytes.
const BUFFER: usize = 65_600;

/// Distance between two buffers. Not a power of two, or the first bytes of all of them would
/// compete for the same few lines of the processor's cache.
const STRIDE: usize = BUFFER + 17 * 64;

/// Room for one batch of received datagrams or packets, used again and again.
pub(crate) struct Inlet {
    /// Zeroed pages come from the kernel only when touched: small datagrams touch one page each,
    /// so this costs 128 KiB until somebody sends long ones.
    buffers: Vec<u8>,
    arrivals: [Arrival; BATCH],
}

/// What the kernel says of one received datagram.
#[derive(Clone, Copy, Default)]
pub(crate) struct Arrival {
    pub(crate) from: RawAddress,
    pub(super) control: Control,
    length: usize,
}

/// One datagram to send, in two pieces.
pub(super) struct Parcel<'a> {
    pub(super) to: RawAddress,
    pub(super) control: Control,
    /// Empty, or a header that goes before `bytes`.
    pub(super) head: [u8; 8],
    pub(super) head_length: usize,
    pub(super) bytes: &'a [u8],
}

impl Inlet {
    pub(crate) fn new() -> Self {
        Self { buffers: vec![0; STRIDE * BATCH], arrivals: [Arrival::default(); BATCH] }
    }

    /// Receives without waiting; gives how many datagrams came, at least one.
    pub(crate) fn receive(&mut self, socket: BorrowedFd<'_>) -> io::Result<usize> {
        let mut pieces = [EMPTY_PIECE; BATCH];
        let mut headers = [EMPTY_HEADER; BATCH];
        let places = self.buffers.chunks_exact_mut(STRIDE).zip(&mut self.arrivals);
        for (((buffer, arrival), piece), header) in places.zip(&mut pieces).zip(&mut headers) {
            *piece = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: BUFFER };
            let message = &mut header.msg_hdr;
            message.msg_name = arrival.from.bytes.as_mut_ptr().cast();
            message.msg_namelen = short(LONGEST);
            message.msg_iov = ptr::from_mut(piece);
            message.msg_iovlen = 1;
            message.msg_control = arrival.control.bytes.as_mut_ptr().cast();
            message.msg_controllen = ROOM;
        }
        // SAFETY: the headers point into `self` and `pieces`, which live until the end of this
        // function and are not touched meanwhile; every length is that of its buffer.
        let received = unsafe {
            libc::recvmmsg(
                socket.as_raw_fd(),
                headers.as_mut_ptr(),
                short(BATCH),
                libc::MSG_DONTWAIT,
                ptr::null_mut(),
            )
        };
        let received = counted(received)?;
        for (arrival, header) in self.arrivals.iter_mut().zip(&headers).take(received) {
            arrival.length = (header.msg_len as usize).min(BUFFER);
            arrival.control.length = header.msg_hdr.msg_controllen;
        }
        Ok(received)
    }

    /// What the last call received, with the bytes.
    pub(crate) fn arrivals(&self) -> impl Iterator<Item = (&Arrival, &[u8])> {
        self.arrivals
            .iter()
            .zip(self.buffers.chunks_exact(STRIDE))
            .map(|(arrival, buffer)| (arrival, buffer.get(..arrival.length).unwrap_or_default()))
    }
}

impl std::fmt::Debug for Inlet {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Inlet").finish_non_exhaustive()
    }
}

/// Sends without waiting; gives how many of the first [`BATCH`] were sent, at least one. An error
/// is about the first.
pub(super) fn send(socket: BorrowedFd<'_>, parcels: &mut [Parcel<'_>]) -> io::Result<usize> {
    let mut pieces = [[EMPTY_PIECE; 2]; BATCH];
    let mut headers = [EMPTY_HEADER; BATCH];
    let count = parcels.len().min(BATCH);
    for ((parcel, pieces), header) in parcels.iter_mut().zip(&mut pieces).zip(&mut headers) {
        *pieces = [
            libc::iovec {
                iov_base: parcel.head.as_mut_ptr().cast(),
                iov_len: parcel.head_length.min(parcel.head.len()),
            },
            // The kernel only reads what is sent; `iovec` has no form that says so.
            libc::iovec {
                iov_base: parcel.bytes.as_ptr().cast_mut().cast(),
                iov_len: parcel.bytes.len(),
            },
        ];
        let message = &mut header.msg_hdr;
        message.msg_name = parcel.to.bytes.as_mut_ptr().cast();
        message.msg_namelen = short(parcel.to.length);
        message.msg_iov = pieces.as_mut_ptr();
        message.msg_iovlen = pieces.len();
        message.msg_control = parcel.control.bytes.as_mut_ptr().cast();
        message.msg_controllen = parcel.control.length;
    }
    // SAFETY: the first `count` headers point into `parcels` and `pieces`, which live until the
    // end of this function; every length is that of its buffer, and the kernel writes only the
    // headers' `msg_len`.
    let sent = unsafe {
        libc::sendmmsg(
            socket.as_raw_fd(),
            headers.as_mut_ptr(),
            short(count),
            libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL,
        )
    };
    counted(sent)
}

fn counted(outcome: libc::c_int) -> io::Result<usize> {
    usize::try_from(outcome).map_err(|_| io::Error::last_os_error())
}

/// A length that is small by construction.
fn short(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(0)
}

const EMPTY_PIECE: libc::iovec = libc::iovec { iov_base: ptr::null_mut(), iov_len: 0 };

// SAFETY: all fields are integers and pointers, for which zero is a value.
const EMPTY_HEADER: libc::mmsghdr = unsafe { std::mem::zeroed() };
