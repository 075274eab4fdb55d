//! Follows a database until it is killed: `follow DATABASE URL`. A line for every batch.
//!
//! It is the writer of the database too, as the program is: what it has reported is kept.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a process for tests, which may stop at the first surprise"
)]

use std::sync::mpsc::sync_channel;

use model::{Record, Timestamp};
use store::follow::{Following, Patience, Surroundings, Target};
use store::{Reader, Writer, WriterSettings};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (database, url) = (arguments.next().unwrap(), arguments.next().unwrap());
    let target: Target = url.parse().unwrap();
    let reader = Reader::open(&database).unwrap();
    let (_stop, stopped) = sync_channel(1);
    let surroundings = Surroundings { now: || Timestamp::from_micros(0), chance: || 0.5 };
    let following =
        Following::new(&target, &reader, Patience::default(), surroundings, stopped).unwrap();
    let mut writer = Writer::open(&database, WriterSettings::default()).unwrap();
    following.run(&mut |followed| {
        println!("{followed:?}");
        let _ = writer.commit(&[Record::Followed(followed)]).unwrap();
    });
}
