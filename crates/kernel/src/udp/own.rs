//! The address of this machine that a victim would see.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use super::Ends;

/// The address that this machine has towards the victim: what an answer to a question to everybody
/// comes from. Nothing is sent to find out.
///
/// # Errors
/// When no route leads to the victim.
pub fn own_address(ends: Ends) -> io::Result<IpAddr> {
    let (any, victim): (IpAddr, SocketAddr) = match ends.victim.address() {
        SocketAddr::V4(four) => (Ipv4Addr::UNSPECIFIED.into(), four.into()),
        SocketAddr::V6(mut six) => {
            six.set_scope_id(ends.link);
            (Ipv6Addr::UNSPECIFIED.into(), six.into())
        }
    };
    let socket = UdpSocket::bind((any, 0))?;
    socket.connect(victim)?;
    Ok(socket.local_addr()?.ip())
}

#[cfg(test)]
mod tests {
    use model::{OrigDst, Victim};

    use super::*;

    #[test]
    fn it_is_the_one_the_route_gives() {
        let victim = Victim::new(([127, 0, 0, 1], 137).into());
        let orig_dst = OrigDst::new(([127, 255, 255, 255], 137).into());
        let own = own_address(Ends { victim, orig_dst, link: 0 }).unwrap();
        assert_eq!(own, IpAddr::from(Ipv4Addr::LOCALHOST));
    }
}
