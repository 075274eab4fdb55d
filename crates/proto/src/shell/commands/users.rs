//! Commands about users, and who they are.

use super::Place::{Bin, Builtin, UserBin, UserSbin};
use super::system::up_line;
use super::{Call, Command, command};
use crate::shell::bytes::shown;
use crate::shell::session::{Question, secret_event};

pub(super) const COMMANDS: &[Command] = &[
    command("adduser", UserSbin, |_| 0),
    command("chpasswd", UserSbin, change_passwords),
    command("groups", UserBin, |call| say(call, "root\n")),
    command("id", UserBin, identity),
    command("last", UserBin, last),
    command("passwd", UserBin, change_password),
    command("su", Bin, become_another),
    command("sudo", UserBin, with_privileges),
    command("tty", UserBin, |call| say(call, "/dev/pts/0\n")),
    command("w", UserBin, who_does_what),
    command("who", UserBin, who),
    command("whoami", UserBin, who_am_i),
    command("users", Builtin, who_am_i),
];

fn say(call: &mut Call<'_, '_>, text: &str) -> u8 {
    call.say(text);
    0
}

/// On such devices everybody is root, whatever the name.
fn identity(call: &mut Call<'_, '_>) -> u8 {
    let (letters, _) = call.split();
    let user = call.run.state.user.clone();
    match letters.as_str() {
        "" => say(call, &format!("uid=0({user}) gid=0(root) groups=0(root)\n")),
        letters if letters.contains('n') && letters.contains('u') => {
            say(call, &format!("{user}\n"))
        }
        letters if letters.contains('n') => say(call, "root\n"),
        _ => say(call, "0\n"),
    }
}

fn who_am_i(call: &mut Call<'_, '_>) -> u8 {
    let user = call.run.state.user.clone();
    say(call, &format!("{user}\n"))
}

/// Where this session is from.
fn origin(call: &Call<'_, '_>) -> String {
    call.run.cx.flow.victim.ip().to_string()
}

fn who(call: &mut Call<'_, '_>) -> u8 {
    let State { user, began } = state(call);
    let time = call.run.device.time("%b %e %H:%M", began);
    let from = origin(call);
    say(
        call,
        &format!(
            "USER            TTY             IDLE      TIME            HOST\n\
         {user:<15} pts/0           00:00     {time:<15} {from}\n"
        ),
    )
}

struct State {
    user: String,
    began: i64,
}

fn state(call: &Call<'_, '_>) -> State {
    State { user: call.run.state.user.clone(), began: call.run.state.began }
}

fn who_does_what(call: &mut Call<'_, '_>) -> u8 {
    let State { user, began } = state(call);
    let line = up_line(call, " 1 user, ");
    let (from, time) = (origin(call), call.run.device.time("%H:%M", began));
    say(
        call,
        &format!(
            "{line}USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\n\
         {user:<8} pts/0    {from:<16} {time}    0.00s  0.03s  0.00s w\n"
        ),
    )
}

fn last(call: &mut Call<'_, '_>) -> u8 {
    let State { user, began } = state(call);
    let (from, time) = (origin(call), call.run.device.time("%a %b %e %H:%M", began));
    say(call, &format!("{user:<8} pts/0        {from:<16} {time}   still logged in\n"))
}

fn change_password(call: &mut Call<'_, '_>) -> u8 {
    let (_, operands) = call.split();
    let user = operands.first().cloned().unwrap_or_else(|| call.run.state.user.clone());
    call.say(&format!("Changing password for {user}\nNew password: "));
    if call.is_at_terminal() {
        call.run.question = Some(Question::NewPassword { user, said: Vec::new() });
        return 0;
    }
    // From a pipe: the password twice.
    let said = call.io.input.take_line().unwrap_or_default();
    note(call, "passwd", &user, &String::from_utf8_lossy(&said));
    call.say(&format!("Retype password: passwd: password for {user} changed by root\n"));
    0
}

/// Lines of user and password.
fn change_passwords(call: &mut Call<'_, '_>) -> u8 {
    while let Some(line) = call.io.input.take_line() {
        let line = String::from_utf8_lossy(&line).into_owned();
        match line.split_once(':') {
            Some((user, secret)) => {
                note(call, "chpasswd", user, secret);
                call.say(&format!("chpasswd: password for '{user}' changed\n"));
            }
            None => return call.complain("missing new password"),
        }
    }
    0
}

fn note(call: &mut Call<'_, '_>, mechanism: &str, user: &str, secret: &str) {
    let event = secret_event(call.run.protocol, mechanism, &shown(user), secret);
    call.run.out.note(event);
}

/// Everybody is root already, who asks no questions.
fn become_another(call: &mut Call<'_, '_>) -> u8 {
    if let Some(source) = call.value('c') {
        call.run.run_file(&crate::shell::bytes::bytes(&source), call.io);
        return call.run.state.status;
    }
    call.run.state.inner += 1;
    0
}

fn with_privileges(call: &mut Call<'_, '_>) -> u8 {
    let words = std::mem::take(&mut call.words);
    let command: Vec<String> =
        words.iter().skip_while(|word| word.starts_with('-')).cloned().collect();
    if command.is_empty() {
        if words.iter().any(|word| word.contains(['i', 's'])) {
            call.run.state.inner += 1;
        }
        return 0;
    }
    call.call(&command)
}
