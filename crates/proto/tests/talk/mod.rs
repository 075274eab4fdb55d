//! One talk: a script is read, played, and written down again with what was really answered.

mod bytes;
mod difference;
mod dns;
mod kept;
mod player;
mod rules;
mod settings;
mod stage;
mod transcript;

pub(crate) use difference::difference;

use player::Player;
use stage::Stage;

/// Rewrites `script` with what the machine did, cutting what the peer sends every `cut` bytes.
pub(crate) fn play(name: &str, script: &str, cut: usize) -> String {
    let stage = Stage::set(name, script);
    let mut player = Player::new(name, &stage, cut);
    script.lines().for_each(|line| player.line(line));
    player.finished()
}
