//! What is kept from one start to the next, and makes this installation unlike others.

mod authority;
mod seed;

pub(crate) use authority::authority;
pub(crate) use seed::{Seed, seed};
