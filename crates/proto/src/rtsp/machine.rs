//! A camera on one connection.

use model::{Event, ServiceCommand};

use crate::broken_rules::BrokenRules;
use crate::derived::{Purpose, derived};
use crate::headed::{Ends, Request, Taken, challenge, given, note_overlong, skip_blank_lines};
use crate::one_by_one::Server;
use crate::{Cx, Inbox, Next, Out};

#[derive(Default)]
pub(super) struct Camera {
    broken_rules: BrokenRules,
}

impl Server for Camera {
    /// Answers a request; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        skip_blank_lines(inbox);
        // What a client says about a stream comes between requests (RFC 2326 §10.12).
        if let [b'$', _, high, low, ..] = *inbox.peek() {
            return inbox.take(4 + usize::from(u16::from_be_bytes([high, low]))).is_some();
        }
        if inbox.peek().starts_with(b"$") {
            return false;
        }
        match Request::take(inbox, cx) {
            Taken::Whole(request) => self.hear(&request, cx, out),
            Taken::Overlong => {
                note_overlong(out);
                out.hand_over(Next::Close);
            }
            Taken::Partial => return false,
        }
        true
    }

    fn cut(&mut self, out: &mut Out) {
        self.broken_rules.note("rtsp", "the stream ends inside a request", out);
    }
}

impl Camera {
    fn hear(&mut self, request: &Request, cx: &Cx<'_>, out: &mut Out) {
        let Request { method, target, .. } = request;
        if target.is_empty() {
            self.broken_rules.note("rtsp", "no request", out);
            return out.send(reply("400 Bad Request", "", request));
        }
        let command = format!("{method} {target}");
        out.note(Event::Command(Box::new(ServiceCommand { protocol: "rtsp", command })));
        match METHODS.iter().find(|(known, _)| known == method) {
            Some((_, obey)) => obey(request, cx, out),
            None => out.send(reply("501 Not Implemented", "", request)),
        }
    }
}

/// A method and what is done about it.
type Obey = fn(&Request, &Cx<'_>, &mut Out);

const METHODS: &[(&str, Obey)] = &[
    ("DESCRIBE", describe),
    ("GET_PARAMETER", session),
    ("OPTIONS", |request, _, out| {
        out.send(reply("200 OK", PUBLIC, request));
    }),
    ("PAUSE", session),
    ("PLAY", session),
    ("SETUP", setup),
    ("SET_PARAMETER", session),
    ("TEARDOWN", |request, cx, out| {
        session(request, cx, out);
        out.hand_over(Next::Close);
    }),
];

const PUBLIC: &str = "Public: OPTIONS, DESCRIBE, SETUP, TEARDOWN, PLAY, PAUSE, GET_PARAMETER, \
                      SET_PARAMETER\r\n";

fn reply(status: &str, extra: &str, request: &Request) -> String {
    let order = request.value(&["cseq"]);
    format!("RTSP/1.0 {status}\r\nCSeq: {order}\r\nServer: Rtsp Server/3.0\r\n{extra}\r\n")
}

/// Whether whoever asks may; else it is asked to log in.
fn is_let_in(request: &Request, cx: &Cx<'_>, out: &mut Out) -> bool {
    let ends = Ends { protocol: "rtsp", method: &request.method };
    let given = given(request.value(&["authorization"]), ends, cx);
    let is_right = given.is_some_and(|given| {
        let is_right = cx.rules.rtsp.accept.admits(&given, cx);
        out.note(Event::Credentials(given.into()));
        is_right
    });
    if !is_right {
        let (realm, nonce) = (realm(cx), challenge(cx));
        let fields = format!(
            "WWW-Authenticate: Digest realm=\"{realm}\", nonce=\"{nonce}\"\r\n\
             WWW-Authenticate: Basic realm=\"{realm}\"\r\n"
        );
        out.send(reply("401 Unauthorized", &fields, request));
    }
    is_right
}

/// Cameras have their serial number in it.
fn realm(cx: &Cx<'_>) -> String {
    let [first, _] = derived(&cx.persona.seed, Purpose::SmallService, "camera");
    format!("Login to {:08X}{:07X}", first >> 32, first & 0xfff_ffff)
}

/// What there is to be seen: one stream of pictures, from now on (RFC 8866).
fn describe(request: &Request, cx: &Cx<'_>, out: &mut Out) {
    if !is_let_in(request, cx, out) {
        return;
    }
    let made = number(cx) % 4_294_967_296;
    let description = format!(
        "v=0\r\no=- {made} {made} IN IP4 0.0.0.0\r\ns=Media Server\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n\
         a=control:*\r\na=range:npt=now-\r\nm=video 0 RTP/AVP 96\r\na=control:trackID=0\r\n\
         a=framerate:25.000000\r\na=rtpmap:96 H264/90000\r\na=recvonly\r\n"
    );
    let fields = format!(
        "Content-Base: {}/\r\nContent-Type: application/sdp\r\nContent-Length: {}\r\n",
        request.target,
        description.len()
    );
    out.send(reply("200 OK", &fields, request) + &description);
}

fn setup(request: &Request, cx: &Cx<'_>, out: &mut Out) {
    if is_let_in(request, cx, out) {
        let wanted: String = request.value(&["transport"]).chars().take(200).collect();
        let fields =
            format!("Session: {};timeout=60\r\nTransport: {wanted};ssrc=3E1A2B4C\r\n", number(cx));
        out.send(reply("200 OK", &fields, request));
    }
}

fn session(request: &Request, cx: &Cx<'_>, out: &mut Out) {
    if is_let_in(request, cx, out) {
        out.send(reply("200 OK", &format!("Session: {}\r\n", number(cx)), request));
    }
}

fn number(cx: &Cx<'_>) -> u64 {
    let what = format!("camera {}", cx.flow.id);
    let [first, _] = derived(&cx.persona.seed, Purpose::SmallService, &what);
    first % 1_000_000_000_000
}
