//! A mail while it comes (RFC 5322, RFC 2045): kept whole as a file, and so is each attachment.
//!
//! ```text
//!   bytes ─▶ whole file
//!     └────▶ lines ─▶ parts ─┬─▶ head      fields, read by a library
//!                            └─▶ leaf ─▶ decoded ─▶ file, or the beginning of a text
//! ```
//!
//! Nothing is collected but one head and one line, so a mail of any length is taken. That is why no
//! library walks its parts: those that do want all of it at once, and follow mails inside mails for
//! as long as the stack lasts.

mod decoding;
mod file;
mod head;
mod leaf;
mod message;
mod parts;

pub(crate) use message::Mail;
