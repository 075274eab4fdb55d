//! Lines as kernels wrote them, and what may become of them on their way.

use proptest::prelude::*;

use super::*;

const PREFIX: &str = "INPUT:SINKHOLE:";

const SYN: &str = "[ 4152.482845] INPUT:SINKHOLE: IN=lo OUT= MAC=00:00:00:00:00:00:00:00:00:00:00:00:08:00 SRC=127.0.0.1 DST=127.0.0.1 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=60598 DF PROTO=TCP SPT=40624 DPT=7777 WINDOW=65495 RES=0x00 SYN URGP=0 ";
const SYN_SIX: &str = "[ 4152.483190] INPUT:SINKHOLE:IN=lo OUT= MAC=00:00:00:00:00:00:00:00:00:00:00:00:86:dd SRC=0000:0000:0000:0000:0000:0000:0000:0001 DST=0000:0000:0000:0000:0000:0000:0000:0001 LEN=80 TC=0 HOPLIMIT=64 FLOWLBL=636059 PROTO=TCP SPT=36454 DPT=7777 WINDOW=65476 RES=0x00 SYN URGP=0 ";
const RESET: &str = "INPUT:SINKHOLE: IN=lo OUT= MAC=00:00:00:00:00:00:00:00:00:00:00:00:08:00 SRC=127.0.0.1 DST=127.0.0.1 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=0 DF PROTO=TCP SPT=7777 DPT=51996 SEQ=0 ACK=450175440 WINDOW=0 RES=0x00 ACK RST URGP=0 OPT (0204FFD70402080ACF80) ";
const DATAGRAM: &str = "INPUT:SINKHOLE: IN=lo OUT= MAC=00:00:00:00:00:00:00:00:00:00:00:00:08:00 SRC=127.0.0.1 DST=127.0.0.1 LEN=33 TOS=0x00 PREC=0x00 TTL=64 ID=65349 DF PROTO=UDP SPT=44804 DPT=7777 LEN=13 ";
const PING: &str = "INPUT:SINKHOLE: IN=lo OUT= MAC=00:00:00:00:00:00:00:00:00:00:00:00:08:00 SRC=127.0.0.1 DST=127.0.0.1 LEN=84 TOS=0x00 PREC=0x00 TTL=64 ID=45234 DF PROTO=ICMP TYPE=8 CODE=0 ID=13118 SEQ=1 ";
const UNREACHABLE: &str = "INPUT:SINKHOLE: IN=lo OUT= MAC=00:00:00:00:00:00:00:00:00:00:00:00:08:00 SRC=127.0.0.1 DST=127.0.0.1 LEN=61 TOS=0x00 PREC=0xC0 TTL=64 ID=45236 PROTO=ICMP TYPE=3 CODE=3 [SRC=127.0.0.1 DST=127.0.0.1 LEN=33 TOS=0x00 PREC=0x00 TTL=64 ID=65349 DF PROTO=UDP SPT=44804 DPT=7777 LEN=13 ] ";
const UNREACHABLE_SIX: &str = "INPUT:SINKHOLE:IN=lo OUT= MAC=00:00:00:00:00:00:00:00:00:00:00:00:86:dd SRC=0000:0000:0000:0000:0000:0000:0000:0001 DST=0000:0000:0000:0000:0000:0000:0000:0001 LEN=101 TC=0 HOPLIMIT=64 FLOWLBL=505537 PROTO=ICMPv6 TYPE=1 CODE=4 [SRC=0000:0000:0000:0000:0000:0000:0000:0001 DST=0000:0000:0000:0000:0000:0000:0000:0001 LEN=53 TC=0 HOPLIMIT=64 FLOWLBL=419080 PROTO=UDP SPT=44746 DPT=7777 LEN=13 ] ";
const SCTP: &str = "INPUT:SINKHOLE: IN=lo OUT= MAC=00:00:00:00:00:00:00:00:00:00:00:00:08:00 SRC=127.0.0.1 DST=127.0.0.1 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=12368 DF PROTO=132 ";
const SHORT: &str = "INPUT:SINKHOLE: IN=lo OUT= MAC=00:00:00:00:00:00:00:00:00:00:00:00:08:00 SRC=127.0.0.1 DST=127.0.0.1 LEN=24 TOS=0x00 PREC=0x00 TTL=64 ID=53904 DF PROTO=TCP INCOMPLETE [4 bytes] ";
const FRAGMENT: &str = "INPUT:SINKHOLE: IN=v1 OUT= MACSRC=02:b1:0e:ee:ec:10 MACDST=02:00:00:00:00:01 MACPROTO=0800 SRC=10.9.0.1 DST=10.9.0.2 LEN=452 TOS=0x00 PREC=0x00 TTL=64 ID=35010 FRAG:72 PROTO=ICMP UID=0 GID=0 ";
const ARP: &str = "INPUT:SINKHOLE: IN=v1 OUT= MACSRC=02:b1:0e:ee:ec:10 MACDST=ff:ff:ff:ff:ff:ff MACPROTO=0806 ARP HTYPE=1 PTYPE=0x0800 OPCODE=1 MACSRC=02:b1:0e:ee:ec:10 IPSRC=10.9.0.1 MACDST=00:00:00:00:00:00 IPDST=10.9.0.2";

const ALL: &[&str] = &[
    SYN,
    SYN_SIX,
    RESET,
    DATAGRAM,
    PING,
    UNREACHABLE,
    UNREACHABLE_SIX,
    SCTP,
    SHORT,
    FRAGMENT,
    ARP,
];

fn packet(line: &str) -> NetfilterLog {
    match read(line, PREFIX) {
        Read::Packet(packet) => *packet,
        other => panic!("{other:?} from {line:?}"),
    }
}

fn whole(line: &str) -> NetfilterLog {
    let packet = packet(line);
    assert_eq!(packet.truncated, None, "{line:?}");
    packet
}

fn ends(line: &str) -> String {
    let (transport, victim, orig_dst) = packet(line).ends().unwrap();
    format!("{transport} {victim} {orig_dst}")
}

#[test]
fn a_tcp_packet_is_read() {
    let packet = whole(SYN);
    assert_eq!(ends(SYN), "tcp 127.0.0.1:40624 127.0.0.1:7777");
    assert_eq!((packet.length, packet.ttl, packet.id), (Some(60), Some(64), Some(60_598)));
    assert_eq!((packet.window, packet.flags), (Some(65_495), vec!["SYN"]));
    assert_eq!((packet.in_interface.as_deref(), packet.out_interface), (Some("lo"), None));
    assert_eq!(packet.mac.as_deref(), Some("00:00:00:00:00:00:00:00:00:00:00:00:08:00"));
}

#[test]
fn ipv6_has_a_hop_limit_and_long_addresses() {
    let packet = whole(SYN_SIX);
    assert_eq!(ends(SYN_SIX), "tcp [::1]:36454 [::1]:7777");
    assert_eq!((packet.ttl, packet.id), (Some(64), None));
}

#[test]
fn numbers_in_the_header_are_not_taken_for_flags() {
    let packet = whole(RESET);
    assert_eq!(packet.flags, ["ACK", "RST"]);
    assert!(!packet.is_opening());
}

#[test]
fn a_datagram_has_the_length_of_its_packet() {
    assert_eq!(whole(DATAGRAM).length, Some(33));
    assert_eq!(ends(DATAGRAM), "udp 127.0.0.1:44804 127.0.0.1:7777");
}

#[test]
fn icmp_has_a_type_a_code_and_the_number_of_its_packet() {
    let packet = whole(PING);
    assert_eq!((packet.icmp_type, packet.icmp_code, packet.id), (Some(8), Some(0), Some(45_234)));
    assert_eq!(ends(PING), "icmp 127.0.0.1:0 127.0.0.1:0");
}

#[test]
fn an_icmp_error_quotes_a_packet() {
    let packet = whole(UNREACHABLE);
    assert_eq!((packet.protocol, packet.length), (Some(Transport::Icmp), Some(61)));
    let quoted = packet.quoted.unwrap();
    assert_eq!((quoted.protocol, quoted.dst_port), (Some(Transport::Udp), Some(7_777)));
    let quoted = whole(UNREACHABLE_SIX).quoted.unwrap();
    assert_eq!((quoted.src_port, quoted.length), (Some(44_746), Some(53)));
}

#[test]
fn other_protocols_are_numbers() {
    assert_eq!(whole(SCTP).protocol, Some(Transport::Other(132)));
    assert_eq!(ends(SCTP), "sctp 127.0.0.1:0 127.0.0.1:0");
}

#[test]
fn a_packet_that_was_short_or_a_fragment_is_no_cut_line() {
    assert_eq!(whole(SHORT).ends(), None);
    let fragment = whole(FRAGMENT);
    assert_eq!(fragment.fragment, Some(72));
    assert_eq!(fragment.mac.as_deref(), Some("02:b1:0e:ee:ec:10"));
}

#[test]
fn arp_is_heard_and_not_taken_for_a_cut_line() {
    assert_eq!(read(ARP, PREFIX), Read::Garbled("it is about ARP, which has no flows"));
}

#[test]
fn the_order_of_fields_does_not_matter() {
    let (head, fields) = SYN.split_once(": ").unwrap();
    let mut words: Vec<&str> = fields.split_whitespace().collect();
    words.reverse();
    assert_eq!(whole(&format!("{head}: {}", words.join(" "))), whole(SYN));
}

#[test]
fn only_our_prefix_is_ours() {
    assert_eq!(read(SYN, "FORWARD:"), Read::Foreign);
    assert_eq!(read("", PREFIX), Read::Foreign);
    assert!(matches!(read(SYN, " INPUT:SINKHOLE: "), Read::Packet(_)));
}

#[test]
fn the_prefix_is_ours_only_where_the_kernel_writes_it() {
    let bare = SYN.split_once("] ").unwrap().1;
    for lead in ["", "<4>", "<4>kernel: ", "kernel: [    1.5] ", "message repeated 3 times: [ "] {
        assert_eq!(packet(&format!("{lead}{bare}")).src_port, Some(40_624), "{lead:?}");
    }
    for lead in ["Failed password for invalid user ", "[evil] ", "x", "message repeated: "] {
        let forged = format!("{lead}{bare}");
        assert!(matches!(read(&forged, PREFIX), Read::Garbled(_)), "{lead:?}");
    }
}

#[test]
fn a_line_without_its_end_is_kept_and_its_last_field_is_not_believed() {
    let cut = SYN.split_once("77 WINDOW").unwrap().0;
    let packet = packet(cut);
    assert_eq!((packet.src_port, packet.dst_port), (Some(40_624), None));
    assert_eq!(packet.ends(), None);
    let kept = packet.truncated.unwrap();
    assert!(kept.starts_with(" IN=lo") && kept.ends_with("DPT=77"), "{kept}");
}

#[test]
fn a_line_cut_after_its_ports_still_has_its_ends() {
    let cut = SYN.split_once("95 RES").unwrap().0;
    assert!(packet(cut).truncated.is_some());
    assert_eq!(ends(cut), "tcp 127.0.0.1:40624 127.0.0.1:7777");
}

#[test]
fn a_cut_quotation_leaves_the_error_itself() {
    let cut = UNREACHABLE.split_once("77 LEN=13").unwrap().0;
    let packet = packet(cut);
    assert!(packet.truncated.is_some());
    assert_eq!((packet.icmp_code, packet.quoted.unwrap().dst_port), (Some(3), None));
}

#[test]
fn every_cut_of_every_line_says_that_it_is_one_or_says_the_same() {
    // A number at the end that has lost a digit cannot be told from one that has not.
    let numbered = [ARP, SCTP];
    for line in ALL.iter().filter(|line| !numbered.contains(line)) {
        let expected = packet(line);
        for end in line.find(PREFIX).unwrap() + PREFIX.len()..line.len() {
            let Read::Packet(cut) = read(&line[..end], PREFIX) else { continue };
            assert!(cut.truncated.is_some() || *cut == expected || cut.ends() == expected.ends());
            assert!(cut.ends().is_none() || cut.ends() == expected.ends(), "{:?}", &line[..end]);
        }
    }
}

#[test]
fn what_makes_no_packet_is_garbled() {
    for (body, why) in [
        ("", "there is no packet after the prefix"),
        ("hello world", "there is no packet after the prefix"),
        ("SRC=300.1.1.1 DST=1.2.3.4 PROTO=TCP SPT=1 DPT=2 URGP=0", "SRC is no address"),
        ("SRC=1.2.3.4 DST=x PROTO=TCP SPT=1 DPT=2 URGP=0", "DST is no address"),
        ("SRC=1.2.3.4 DST=1.2.3.4 PROTO=T\u{fffd}P SPT=1 DPT=2 URGP=0", "PROTO is no protocol"),
        ("SRC=1.2.3.4 DST=1.2.3.4 PROTO=TCP SPT=-1 DPT=2 URGP=0", "SPT is no port"),
        ("SRC=1.2.3.4 DST=1.2.3.4 PROTO=TCP SPT=1 DPT=65536 URGP=0", "DPT is no port"),
        ("SRC=1.2.3.4 DST=::1 PROTO=132 TTL=1", "SRC and DST are not of one family"),
    ] {
        assert_eq!(read(&format!("{PREFIX} {body}"), PREFIX), Read::Garbled(why), "{body}");
    }
}

#[test]
fn fields_that_a_packet_can_do_without_may_be_missing_or_odd() {
    let line =
        "INPUT:SINKHOLE: SRC=1.2.3.4 DST=5.6.7.8 TTL=x LEN= PROTO=6 SPT=1 DPT=2 NEW=1 URGP=0";
    let packet = whole(line);
    assert_eq!((packet.ttl, packet.length), (None, None));
    assert_eq!(ends(line), "tcp 1.2.3.4:1 5.6.7.8:2");
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,120}", prefix in "\\PC{1,8}") {
        let _ = read(&text, &prefix);
        let _ = read(&format!("{prefix}{text}"), &prefix);
    }

    #[test]
    fn a_changed_line_is_read(
        line in prop::sample::select(ALL), place: prop::sample::Index, with in "\\PC{0,3}"
    ) {
        let place = place.index(line.len());
        let _ = read(&format!("{}{with}{}", &line[..place], &line[place + 1..]), PREFIX);
    }
}
