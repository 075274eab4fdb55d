//! `fuzz::log_line` meets what the fuzzer makes up.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::log_line(input));
