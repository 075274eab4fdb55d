//! Rules of the analyst's own are read anew, while we serve, whenever their file has changed.

use std::io;
use std::thread;

use engine::Answering;
use kernel::changes::Changes;

use crate::config::OwnAnswers;

/// Keeps what is answered as the file says, for as long as the process lives.
pub(crate) fn keep_up(mut own: OwnAnswers, answering: Answering) -> io::Result<()> {
    let mut changes = Changes::in_folders(own.folders())?;
    let watch = move || {
        loop {
            if own.is_stale() {
                read_anew(&mut own, &answering);
                // Other files may be named now.
                match Changes::in_folders(own.folders()) {
                    Ok(anew) => changes = anew,
                    Err(error) => return give_up(&error),
                }
            } else if let Err(error) = changes.wait() {
                return give_up(&error);
            }
        }
    };
    thread::Builder::new().name("responses".to_owned()).spawn(watch).map(drop)
}

/// Flows that are open keep the rules they began with. Rules that cannot be used change nothing.
fn read_anew(own: &mut OwnAnswers, answering: &Answering) {
    let file = own.file().display().to_string();
    match own.load_anew() {
        Ok(rules) => {
            tracing::info!(file, rules = rules.rules().len(), "answers of your own were read anew");
            answering.put(rules);
        }
        Err(error) => {
            let why = anyhow::Error::new(error);
            tracing::error!(file, "the rules before this change still hold: {why:#}");
        }
    }
}

fn give_up(error: &io::Error) {
    tracing::error!(%error, "changes of `responses.file` are not seen any more");
}
