//! Finger (RFC 1288), in the words of BSD's: who is there, or all about one of them.

use super::people::Person;
use super::said::moment;
use crate::Cx;

/// `/W` asks for more than a list, and a host for a way to somebody else (RFC 1288 §2.3).
pub(super) fn answer(asked: &str, cx: &Cx<'_>) -> Vec<u8> {
    let words: Vec<&str> =
        asked.split_ascii_whitespace().filter(|word| !word.eq_ignore_ascii_case("/w")).collect();
    let said = match words.as_slice() {
        [] => everybody(cx),
        words if words.iter().any(|word| word.contains('@')) => {
            "Finger forwarding service denied.\n".to_owned()
        }
        words => words.iter().map(|login| about(login, cx)).collect(),
    };
    said.replace('\n', "\r\n").into_bytes()
}

fn everybody(cx: &Cx<'_>) -> String {
    let mut list = format!(
        "{:<9} {:<17} {:<8} {} {}   {:<10} {}\n",
        "Login", "Name", "Tty", "Idle", "Login Time", "Office", "Office Phone"
    );
    for person in Person::logged_in(cx) {
        let since = moment(person.since).strftime("%b %e %H:%M");
        let (login, name) = (person.login, person.name);
        list += &format!(
            "{login:<9} {name:<17} {:<8}      {since} ({})\n",
            person.terminal, person.from
        );
    }
    list
}

fn about(login: &str, cx: &Cx<'_>) -> String {
    let Some((name, home)) = Person::called(login, cx) else {
        return format!("finger: {login}: no such user.\n");
    };
    let here = Person::logged_in(cx).into_iter().find(|person| person.login == login);
    let seen = here.map_or_else(
        || "Never logged in.\n".to_owned(),
        |person| {
            let since = moment(person.since).strftime("%a %b %e %H:%M");
            format!("On since {since} (UTC) on {} from {}\n", person.terminal, person.from)
        },
    );
    format!(
        "Login: {login:<15}\t\t\tName: {name}\nDirectory: {home:<20}\tShell: /bin/bash\n\
         {seen}No mail.\nNo Plan.\n"
    )
}
