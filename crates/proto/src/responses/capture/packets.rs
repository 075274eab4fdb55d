//! TCP segments out of a file of packets.

use std::io::Cursor;
use std::net::{IpAddr, SocketAddr};

use etherparse::{NetSlice, SlicedPacket, TransportSlice};
use pcap_parser::data::{PacketData, get_packetdata};
use pcap_parser::{Block, Linktype, PcapBlockOwned, PcapError, create_reader};

/// One segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) from: SocketAddr,
    pub(super) to: SocketAddr,
    pub(super) sequence: u32,
    /// Whether it asks for a connection, or agrees to one.
    pub(super) is_syn: bool,
    pub(super) is_ack: bool,
    pub(super) bytes: Vec<u8>,
}

/// How much of a file is looked at in one go; a packet has to fit.
const WINDOW: usize = 1 << 20;

/// Every TCP segment of a file, in its order; or what is wrong with the file. Packets that cannot
/// be read are passed over.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Segment>, String> {
    let mut reader = create_reader(WINDOW, Cursor::new(bytes)).map_err(said)?;
    let mut links = Vec::new();
    let mut segments = Vec::new();
    loop {
        match reader.next() {
            Ok((length, block)) => {
                segments.extend(segment(&block, &mut links));
                reader.consume(length);
            }
            Err(PcapError::Incomplete(_)) => reader.refill().map_err(said)?,
            // A capture that was cut off is as good as it is long.
            Err(PcapError::Eof | PcapError::UnexpectedEof) => return Ok(segments),
            Err(error) => return Err(said(error)),
        }
    }
}

fn said<I: std::fmt::Debug>(error: PcapError<I>) -> String {
    match error {
        PcapError::HeaderNotRecognized => "it begins like none".to_owned(),
        error => format!("{error:?}"),
    }
}

/// The segment in a block, if there is one; `links` has what the interfaces are.
fn segment(block: &PcapBlockOwned<'_>, links: &mut Vec<Linktype>) -> Option<Segment> {
    let (data, link, length) = match block {
        PcapBlockOwned::LegacyHeader(header) => {
            links.push(header.network);
            return None;
        }
        PcapBlockOwned::Legacy(packet) => (packet.data, links.first()?, packet.caplen),
        PcapBlockOwned::NG(Block::SectionHeader(_)) => {
            links.clear();
            return None;
        }
        PcapBlockOwned::NG(Block::InterfaceDescription(interface)) => {
            links.push(interface.linktype);
            return None;
        }
        PcapBlockOwned::NG(Block::EnhancedPacket(packet)) => {
            (packet.data, links.get(usize::try_from(packet.if_id).ok()?)?, packet.caplen)
        }
        PcapBlockOwned::NG(Block::SimplePacket(packet)) => {
            (packet.data, links.first()?, packet.origlen)
        }
        PcapBlockOwned::NG(_) => return None,
    };
    let length = usize::try_from(length).ok()?.min(data.len());
    tcp(get_packetdata(data, *link, length)?)
}

fn tcp(data: PacketData<'_>) -> Option<Segment> {
    let packet = match data {
        PacketData::L2(frame) => SlicedPacket::from_ethernet(frame),
        PacketData::L3(_, packet) => SlicedPacket::from_ip(packet),
        PacketData::L4(..) | PacketData::Unsupported(_) => return None,
    };
    let packet = packet.ok()?;
    let Some(TransportSlice::Tcp(header)) = &packet.transport else { return None };
    let (from, to): (IpAddr, IpAddr) = match packet.net.as_ref()? {
        NetSlice::Ipv4(ip) => {
            (ip.header().source_addr().into(), ip.header().destination_addr().into())
        }
        NetSlice::Ipv6(ip) => {
            (ip.header().source_addr().into(), ip.header().destination_addr().into())
        }
        NetSlice::Arp(_) => return None,
    };
    Some(Segment {
        from: (from, header.source_port()).into(),
        to: (to, header.destination_port()).into(),
        sequence: header.sequence_number(),
        is_syn: header.syn(),
        is_ack: header.ack(),
        bytes: header.payload().to_vec(),
    })
}
