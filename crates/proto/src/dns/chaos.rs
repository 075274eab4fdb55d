//! Class CHAOS: what a server says of itself, in the way BIND does.

use hickory_proto::op::{Query, ResponseCode};
use hickory_proto::rr::{DNSClass, Record, RecordType};

use super::resolver::Reply;
use super::static_names::txt;
use crate::Cx;

/// Names itself if asked in one of the usual ways, and turns all else down.
pub(super) fn reply(query: &Query, text: &str, cx: &Cx<'_>) -> Reply {
    let said = match text {
        "version.bind" | "version.server" => &cx.persona.dns_version,
        "hostname.bind" | "id.server" => &cx.persona.host,
        _ => return Reply::only(ResponseCode::Refused),
    };
    let answers = match query.query_type() {
        // Zero, because that is what BIND says here.
        RecordType::TXT | RecordType::ANY => {
            let mut record = Record::from_rdata(query.name().clone(), 0, txt(said));
            record.dns_class = DNSClass::CH;
            vec![record]
        }
        _ => Vec::new(),
    };
    Reply { authoritative: true, ..Reply::answer(answers) }
}
