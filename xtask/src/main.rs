//! The project's own chores: ci, tidy, generate, bench, new-protocol.

fn main() {}
