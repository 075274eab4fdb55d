//! Scripts that end at once and say that all went well.

use super::mark::Mark;

pub(super) fn batch(mark: &Mark<'_>) -> Vec<u8> {
    script(mark, "@echo off\r\nrem ", "\r\nexit /b 0\r\n")
}

pub(super) fn perl(mark: &Mark<'_>) -> Vec<u8> {
    script(mark, "#!/usr/bin/perl\n# ", "\nuse strict;\nuse warnings;\n\nexit 0;\n")
}

pub(super) fn power_shell(mark: &Mark<'_>) -> Vec<u8> {
    script(mark, "# ", "\r\n$ErrorActionPreference = 'Stop'\r\nexit 0\r\n")
}

pub(super) fn python(mark: &Mark<'_>) -> Vec<u8> {
    script(mark, "#!/usr/bin/env python3\n# ", "\nimport sys\n\nsys.exit(0)\n")
}

pub(super) fn shell(mark: &Mark<'_>) -> Vec<u8> {
    script(mark, "#!/bin/sh\n# ", "\nexit 0\n")
}

pub(super) fn visual_basic(mark: &Mark<'_>) -> Vec<u8> {
    script(mark, "' ", "\r\nOption Explicit\r\nWScript.Quit 0\r\n")
}

/// A remark on which version this is, between what has to come before and after.
fn script(mark: &Mark<'_>, before: &str, after: &str) -> Vec<u8> {
    let (version, hex) = (mark.version(), mark.hex("build"));
    format!("{before}{version} ({hex}){after}").into_bytes()
}
