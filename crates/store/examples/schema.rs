//! Prints the schema: `cargo run -p store --example schema > docs/reference/schema.sql`.

use std::error::Error;
use std::io::{Write, stdout};

fn main() -> Result<(), Box<dyn Error>> {
    Ok(write!(stdout(), "{}", store::schema()?)?)
}
