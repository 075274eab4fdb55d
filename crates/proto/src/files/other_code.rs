//! Small programs for other machines: WebAssembly, Flash.

use super::layout::{Layout, size};
use super::mark::Mark;

/// A module that exports a function which returns at once, and tells its build.
pub(super) fn wasm(mark: &Mark<'_>) -> Vec<u8> {
    let build = mark.hex("build");
    let named = Layout::default().put(b"\x05build").put(&build);
    Layout::default()
        .put(b"\0asm\x01\0\0\0")
        .put(b"\x01\x04\x01\x60\0\0") // a type: nothing in, nothing out
        .put(b"\x03\x02\x01\0") // a function of it
        .put(b"\x07\x0a\x01\x06_start\0\0")
        .put(b"\x0a\x04\x01\x02\0\x0b") // which ends
        .byte(0)
        .put([size(&named).to_le_bytes()[0]])
        .put(named)
        .done()
}

/// A film of one frame for Flash 8, with nothing on it but a colour.
pub(super) fn swf(mark: &Mark<'_>) -> Vec<u8> {
    let content = Layout::default()
        .put(b"\x78\0\x05\x5f\0\0\x0f\xa0\0") // 550 by 400 pixels
        .put(b"\0\x0c\x01\0") // twelve frames a second, one in all
        .put(b"\x44\x11\x08\0\0\0") // may not reach the network
        .put(b"\x43\x02")
        .put(mark.colour("background").rgb())
        .put(b"\x54\x0a") // tag 41: which product made it
        .put(mark.bytes("product").get(..20).unwrap_or_default())
        .put(b"\x40\0\0\0");
    Layout::default().put(b"FWS\x08").le32(8 + content.size()).put(content).done()
}
