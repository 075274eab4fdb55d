//! Emulators and parsers. Bytes and time in, actions out; no socket, no clock, no dice, no `unsafe`.
