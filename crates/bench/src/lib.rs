//! Load and the sinks we compare with, for `cargo xtask bench` only.
