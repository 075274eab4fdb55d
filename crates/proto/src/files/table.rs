//! The types of files, one row each. The first row whose ending fits is it.

use std::sync::OnceLock;

use super::mark::Mark;
use super::{
    FileType, android, archives, disc, images, installer, java, jpeg, linux, office, other_code,
    packed, pdf, scripts, shortcut, sound, text, video, webp, windows, zip,
};

/// All types of files we have.
pub static TYPES: [FileType; 67] = [
    // programs
    row(&["64.exe"], PROGRAM, "a program for 64-bit Windows that ends with 0", windows::exe64),
    row(
        &["exe", "scr", "com", "sys", "pif"],
        PROGRAM,
        "a program for Windows that ends with 0",
        windows::exe,
    ),
    row(&["64.dll"], PROGRAM, "a library for 64-bit Windows that loads", windows::dll64),
    row(&["dll", "ocx", "cpl"], PROGRAM, "a library for Windows that loads", windows::dll),
    row(&["msi"], "application/x-msi", "an installer of an empty folder", installer::msi),
    row(
        &["elf", "x86_64", "amd64", "x64"],
        ELF,
        "a program for Linux on x86-64 that ends with 0",
        linux::x86_64,
    ),
    row(&["x86", "i386", "i486", "i586", "i686", "x32"], ELF, "the same for x86", linux::x86),
    row(
        &[
            "arm", "arm4", "arm4l", "arm4t", "arm5", "arm5l", "arm5n", "arm6", "arm6l", "arm7",
            "arm7l", "armv4l", "armv5l", "armv6l", "armv7l",
        ],
        ELF,
        "the same for ARM",
        linux::arm,
    ),
    row(&["arm64", "aarch64", "armv8l"], ELF, "the same for 64-bit ARM", linux::arm64),
    row(&["mips", "mips32"], ELF, "the same for MIPS", linux::mips),
    row(
        &["mpsl", "mipsel", "mips32el"],
        ELF,
        "the same for MIPS, lowest byte first",
        linux::mipsel,
    ),
    row(&["ppc", "powerpc"], ELF, "the same for PowerPC", linux::power_pc),
    row(&["sh4", "superh"], ELF, "the same for SuperH", linux::sh4),
    row(&["m68k", "68k"], ELF, "the same for Motorola 68000", linux::m68k),
    row(&["spc", "sparc"], ELF, "the same for SPARC", linux::sparc),
    row(&["riscv64", "rv64"], ELF, "the same for RISC-V", linux::riscv64),
    row(&["jar"], "application/java-archive", "a program whose main method returns", java::jar),
    row(&["class"], "application/java-vm", "a class whose main method returns", java::class),
    row(
        &["apk"],
        "application/vnd.android.package-archive",
        "a manifest, and code without a class",
        android::apk,
    ),
    row(&["wasm"], "application/wasm", "a function that returns", other_code::wasm),
    row(&["swf"], "application/x-shockwave-flash", "one empty frame", other_code::swf),
    // texts
    row(&["css"], "text/css", "two rules", text::css),
    row(&["csv"], "text/csv", "five rows", text::csv),
    row(
        &["html", "htm", "shtml", "xhtml", "php", "asp", "aspx", "jsp", "cgi", "do"],
        "text/html",
        "a page",
        text::html,
    ),
    row(&["js", "mjs"], "application/javascript", "a function", text::js),
    row(&["json"], "application/json", "an object", text::json),
    row(&["txt", "text"], "text/plain", "a word", text::txt),
    row(&["ini", "cfg", "conf", "inf"], "text/plain", "one section", text::ini),
    row(&["log"], "text/plain", "three lines", text::log),
    row(&["md"], "text/markdown", "a page", text::markdown),
    row(&["xml"], "text/xml", "an element", text::xml),
    row(&["torrent"], "application/x-bittorrent", "one file, no tracker", text::torrent),
    // scripts
    row(&["bat", "cmd"], "application/x-bat", "a script that ends with 0", scripts::batch),
    row(&["hta"], "application/hta", "a page that closes itself", text::hta),
    row(&["lnk"], "application/x-ms-shortcut", "a shortcut to a text", shortcut::lnk),
    row(&["pl", "pm"], "application/x-perl", "a script that ends with 0", scripts::perl),
    row(&["ps1", "psm1"], "text/plain", "a script that ends with 0", scripts::power_shell),
    row(&["py"], "text/x-python", "a script that ends with 0", scripts::python),
    row(&["sh"], "application/x-sh", "a script that ends with 0", scripts::shell),
    row(&["vbs", "vbe"], "text/vbscript", "a script that ends with 0", scripts::visual_basic),
    // archives
    row(&["7z"], "application/x-7z-compressed", "a text", archives::seven_zip),
    row(&["cab"], "application/vnd.ms-cab-compressed", "a text", archives::cab),
    row(&["tgz", "tar.gz"], "application/gzip", "a text in a tar", archives::tgz),
    row(&["gz"], "application/gzip", "a text", packed::gz),
    row(&["iso", "img"], "application/x-iso9660-image", "a disc with a text", disc::iso),
    row(&["rar"], "application/x-rar-compressed", "a text", archives::rar),
    row(&["tar"], "application/x-tar", "a text", archives::tar),
    row(&["xz"], "application/x-xz", "a text", packed::xz),
    row(&["zip"], "application/zip", "a text", zip::readme_in_zip),
    // pictures
    row(&["bmp"], "image/x-ms-bmp", "64 by 48 pixels", images::bmp),
    row(&["gif"], "image/gif", "64 by 48 pixels", images::gif),
    row(&["ico", "cur"], "image/x-icon", "32 by 32 pixels", images::ico),
    row(&["jpg", "jpeg", "jpe"], "image/jpeg", "64 by 48 pixels", jpeg::jpeg),
    row(&["png"], "image/png", "64 by 48 pixels", images::png),
    row(&["svg"], "image/svg+xml", "64 by 48 pixels", images::svg),
    row(&["tif", "tiff"], "image/tiff", "64 by 48 pixels", images::tiff),
    row(&["webp"], "image/webp", "64 by 48 pixels", webp::webp),
    // sound and film
    row(&["mp3"], "audio/mpeg", "two seconds of silence", sound::mp3),
    row(&["mp4", "m4v"], "video/mp4", "one picture for two seconds", video::mp4),
    row(&["wav"], "audio/x-wav", "two seconds of next to nothing", sound::wav),
    // documents
    row(
        &["docx"],
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "a word",
        office::docx,
    ),
    row(&["eml"], "message/rfc822", "a mail", text::eml),
    row(&["pdf"], "application/pdf", "a page", pdf::pdf),
    row(
        &["pptx"],
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "a slide",
        office::pptx,
    ),
    row(&["rtf"], "application/rtf", "a word", text::rtf),
    row(
        &["xlsx"],
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "a sheet",
        office::xlsx,
    ),
    // anything else
    row(
        &["bin", "dat", "data", "tmp"],
        "application/octet-stream",
        "1024 bytes without a form",
        text::data,
    ),
];

/// Programs for one processor; their names have rules of their own.
pub(super) const ELF: &str = "application/x-executable";

const PROGRAM: &str = "application/x-msdownload";

const fn row(
    endings: &'static [&'static str],
    media_type: &'static str,
    holds: &'static str,
    make: fn(&Mark<'_>) -> Vec<u8>,
) -> FileType {
    FileType { endings, media_type, holds, make, made: OnceLock::new() }
}
