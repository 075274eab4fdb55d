//! What the server says of itself (RFC 2812 §3.4), and the end.

use super::message::Message;
use super::network::VERSION;
use super::session::Session;
use super::voice::Voice;

/// What a client has to know of a server (RPL_ISUPPORT).
pub(super) fn supported(session: &Session, voice: &mut Voice<'_>) {
    let (channels, network) = (voice.cx.rules.irc.channels, &voice.network.name);
    let lines = [
        format!("AWAYLEN=307 CASEMAPPING=ascii CHANLIMIT=#:{channels} {MODES} CHANNELLEN=50"),
        "CHANTYPES=# DEAF=d ELIST=MNUCT EXCEPTS EXTBAN=~,acfjmnpqrtACGIOST INVEX".to_owned(),
        format!("KICKLEN=307 MODES=12 NETWORK={network} NICKLEN=30 PREFIX=(qaohv)~&@%+"),
        "SAFELIST STATUSMSG=~&@%+ TOPICLEN=360 USERLEN=10 WATCH=128".to_owned(),
    ];
    for tokens in lines {
        session.reply(5, &format!("{tokens} :are supported by this server"), voice);
    }
}

const MODES: &str = "CHANMODES=beI,fkL,lFH,cdimnprstzCDGKMNOPQRSTVZ";

/// How many are here (RPL_LUSERCLIENT and what follows it).
pub(super) fn counts(session: &Session, voice: &mut Voice<'_>) {
    let (users, channels) = (voice.network.users(), voice.network.listed().count());
    let most = users + users / 3;
    for (number, text) in [
        (251, format!(":There are 1 users and {} invisible on 1 servers", users - 1)),
        (252, "1 :operator(s) online".to_owned()),
        (254, format!("{channels} :channels formed")),
        (255, format!(":I have {users} clients and 0 servers")),
        (265, format!("{users} {most} :Current local users {users}, max {most}")),
        (266, format!("{users} {most} :Current global users {users}, max {most}")),
    ] {
        session.reply(number, &text, voice);
    }
}

/// The message of the day.
pub(super) fn message_of_the_day(session: &Session, voice: &mut Voice<'_>) {
    let (name, host) = (&voice.network.name, &voice.network.host);
    let lines = [
        format!("Welcome to {name}."),
        String::new(),
        "No flooding, no spam, no clones.".to_owned(),
        "Need help? Join #help and wait.".to_owned(),
    ];
    session.reply(375, &format!(":- {host} Message of the Day - "), voice);
    for line in lines {
        session.reply(372, &format!(":- {line}"), voice);
    }
    session.reply(376, ":End of /MOTD command.", voice);
}

/// LUSERS.
pub(super) fn lusers(session: &mut Session, _: &Message, voice: &mut Voice<'_>) {
    counts(session, voice);
}

/// MOTD.
pub(super) fn motd(session: &mut Session, _: &Message, voice: &mut Voice<'_>) {
    message_of_the_day(session, voice);
}

/// VERSION.
pub(super) fn version(session: &mut Session, _: &Message, voice: &mut Voice<'_>) {
    let host = &voice.network.host;
    session.reply(351, &format!("{VERSION}. {host} :FhInXeOoZ [*=2311]"), voice);
    supported(session, voice);
}

/// TIME.
pub(super) fn time(session: &mut Session, _: &Message, voice: &mut Voice<'_>) {
    let (host, now) = (&voice.network.host, moment(voice.cx.now.as_secs()));
    session.reply(391, &format!("{host} :{now}"), voice);
}

/// `Sun Nov 6 1994 at 08:49:37 UTC`.
pub(super) fn moment(seconds: i64) -> String {
    let time = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    time.strftime("%a %b %-d %Y at %H:%M:%S UTC").to_string()
}

/// PING.
pub(super) fn ping(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let Some(token) = message.parameter(0) else {
        return session.reply(409, ":No origin specified", voice);
    };
    let line = format!("PONG {} :{token}", voice.network.host);
    voice.serve(&line);
}

/// PONG: that something came is all there is to know.
pub(super) fn pong(_: &mut Session, _: &Message, _: &mut Voice<'_>) {}

/// QUIT.
pub(super) fn quit(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let why = message.parameter(0).unwrap_or_else(|| session.shown());
    let why = format!("Quit: {why}");
    session.close(&why, voice);
}
