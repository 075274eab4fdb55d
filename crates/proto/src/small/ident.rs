//! Whose a connection is (RFC 1413): the victim names two ports, we name a user.

use super::people::Person;
use crate::Cx;

pub(super) fn answer(asked: &str, cx: &Cx<'_>) -> Vec<u8> {
    let mut ports =
        asked.split(',').map(|word| word.trim().parse::<u16>().ok().filter(|port| *port > 0));
    let (Some(Some(ours)), Some(Some(theirs)), None) = (ports.next(), ports.next(), ports.next())
    else {
        return b"0 , 0 : ERROR : INVALID-PORT\r\n".to_vec();
    };
    let user =
        Person::logged_in(cx).into_iter().next().map_or_else(|| "root".to_owned(), |one| one.login);
    format!("{ours} , {theirs} : USERID : UNIX : {user}\r\n").into_bytes()
}
