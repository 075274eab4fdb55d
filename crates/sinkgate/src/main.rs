//! The program: configuration, command line, order of start and stop.

fn main() {}
