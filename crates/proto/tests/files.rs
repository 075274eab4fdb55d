//! The files we serve, read by programs that know nothing of us.
//!
//! Programs that are not installed are named and left out; `tools/setup test` brings most of them.

#![expect(
    clippy::disallowed_types,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test runs other programs, and may stop at the first surprise"
)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use model::{CertificateAuthority, Persona};
use proto::files::{Content, TYPES, for_media_type, for_name};

#[test]
fn every_ending_finds_its_file_in_any_case() {
    let persona = persona(1);
    for row in &TYPES {
        for ending in row.endings {
            let found = for_name(&format!("Some.Name.{}", ending.to_ascii_uppercase()), &persona);
            assert_eq!(found.unwrap().media_type, row.media_type, "{ending}");
        }
    }
}

#[test]
fn no_ending_is_in_two_rows() {
    let mut seen = BTreeSet::new();
    let endings = TYPES.iter().flat_map(|row| row.endings);
    endings.for_each(|ending| assert!(seen.insert(ending), "{ending} is there twice"));
}

#[test]
fn names_are_read_as_droppers_write_them() {
    let persona = persona(1);
    let same = |name: &str, as_name: &str| {
        assert_eq!(for_name(name, &persona), for_name(as_name, &persona), "{name}");
    };
    same("bins/mirai.mips", "a.mips");
    same("x86", "a.x86");
    same("linux_x86_64", "a.elf");
    same("bot-arm7", "a.arm");
    same("payload_x64.exe", "a.64.exe");
    same("backup.tar.gz", "a.tgz");
    for name in ["", "readme", "exe", "some/where/", "a.b.unknown", "alarm"] {
        assert_eq!(for_name(name, &persona), None, "{name}");
    }
}

#[test]
fn a_media_type_finds_a_file_of_it() {
    let persona = persona(1);
    assert_eq!(for_media_type("Image/PNG", &persona), for_name("a.png", &persona));
    assert_eq!(for_media_type("text/plain", &persona), for_name("a.txt", &persona));
    assert_eq!(for_media_type("image/*", &persona), None);
}

#[test]
fn each_installation_has_files_of_its_own_that_stay_the_same() {
    let [first, second, third] = [1, 2, 3].map(persona);
    // A plain text is as short as those of others, and like them.
    for row in TYPES.iter().filter(|row| row.endings[0] != "txt") {
        let name = format!("a.{}", row.endings[0]);
        let of = |persona| for_name(&name, persona).unwrap();
        let all = [of(&first), of(&second), of(&third)];
        assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2], "{name}");
        assert_eq!(all, [of(&first), of(&second), of(&third)], "{name}");
    }
}

#[test]
fn no_file_says_whose_it_is() {
    for (name, content) in files() {
        let text = String::from_utf8_lossy(&content.bytes).to_ascii_lowercase();
        for word in
            ["sinkgate", "inetsim", "sinkhole", "fake", "dummy", "test", "sample", "malware"]
        {
            assert!(!text.contains(word), "{name} says {word}");
        }
    }
}

#[test]
fn every_file_is_taken_for_what_its_ending_says() {
    let folder = written();
    for (name, _) in files() {
        let path = folder.path().join(&name);
        let Some(said) = run("file", &["--brief", "--mime-type"], &path) else { return };
        let (_, ending) = name.split_once('.').unwrap();
        let known = TAKEN_FOR.iter().find(|(endings, _)| endings.split(' ').any(|it| it == ending));
        let (_, wanted) = known.unwrap_or_else(|| panic!("what is {name} taken for?"));
        assert!(wanted.split(' ').any(|it| it == said.trim()), "{name} is taken for {said}");
    }
}

#[test]
fn other_programs_read_every_file() {
    let folder = written();
    for (endings, program, arguments) in READERS {
        for ending in endings.split(' ') {
            run(program, arguments, &folder.path().join(format!("a.{ending}")));
        }
    }
}

#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn the_program_for_this_machine_runs_and_succeeds() {
    let folder = written();
    let program = folder.path().join("a.elf");
    // Asked of a shell, because a program that was just written may still be open in a sibling's
    // child, and then it cannot be started.
    assert!(
        run("sh", &["-c", "until \"$0\"; do [ $? = 126 ] || exit 1; done"], &program).is_some()
    );
}

/// What `file` calls our files. Its names have changed over the years.
const TAKEN_FOR: &[(&str, &str)] = &[
    (
        "exe 64.exe dll 64.dll",
        "application/vnd.microsoft.portable-executable application/x-dosexec",
    ),
    ("msi", "application/x-msi application/x-ole-storage"),
    ("elf x86 arm arm64 mips mpsl ppc sh4 m68k spc riscv64", "application/x-executable"),
    ("jar", "application/java-archive application/zip"),
    ("class", "application/x-java-applet"),
    ("apk", "application/vnd.android.package-archive application/zip"),
    ("wasm", "application/wasm application/octet-stream"),
    ("swf", "application/x-shockwave-flash application/vnd.adobe.flash.movie"),
    ("bat", "text/x-msdos-batch"),
    ("hta html", "text/html"),
    ("lnk", "application/x-ms-shortcut application/octet-stream"),
    ("pl", "text/x-perl"),
    ("py", "text/x-script.python text/x-python"),
    ("sh", "text/x-shellscript"),
    ("7z", "application/x-7z-compressed"),
    ("cab", "application/vnd.ms-cab-compressed"),
    ("tgz gz", "application/gzip"),
    ("iso", "application/x-iso9660-image"),
    ("rar", "application/x-rar application/vnd.rar"),
    ("tar", "application/x-tar"),
    ("xz", "application/x-xz"),
    ("zip", "application/zip"),
    ("bmp", "image/bmp image/x-ms-bmp"),
    ("gif", "image/gif"),
    ("ico", "image/vnd.microsoft.icon image/x-icon"),
    ("jpg", "image/jpeg"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("tif", "image/tiff"),
    ("webp", "image/webp"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("wav", "audio/x-wav audio/wav"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("eml", "message/rfc822"),
    ("pdf", "application/pdf"),
    ("rtf", "text/rtf"),
    ("csv", "text/csv application/csv text/plain"),
    ("js", "application/javascript text/javascript text/plain"),
    ("json", "application/json"),
    ("xml", "text/xml application/xml"),
    ("css txt ini log md ps1 vbs", "text/plain"),
    ("torrent", "application/x-bittorrent application/octet-stream"),
    ("bin", "application/octet-stream"),
];

/// Which programs read which files, to the end of what is in them.
const READERS: &[(&str, &str, &[&str])] = &[
    ("7z apk cab docx gz iso jar pptx rar tar tgz xlsx xz zip", "7z", &["t"]),
    ("7z cab iso rar tar tgz zip", "bsdtar", &["-xOf"]),
    ("apk docx jar pptx xlsx zip", "unzip", &["-tqq"]),
    ("tar tgz", "tar", &["-tvf"]),
    ("gz tgz", "gzip", &["-t"]),
    ("xz", "xz", &["-t"]),
    ("cab", "cabextract", &["-t"]),
    ("iso", "isoinfo", &["-f", "-i"]),
    ("jar", "java", &["-jar"]),
    ("apk", "aapt", &["dump", "badging"]),
    ("apk", "dexdump", &["-f"]),
    ("pdf", "pdfinfo", &[]),
    ("pdf", "qpdf", &["--check"]),
    ("png", "pngcheck", &["-q"]),
    ("jpg", "djpeg", &["-outfile", "/dev/null"]),
    ("webp", "dwebp", &["-o", "/dev/null"]),
    ("tif", "tiffinfo", &["-d"]),
    ("bmp gif ico jpg mp3 mp4 png tif wav webp", "ffprobe", &["-v", "error"]),
    ("arm arm64 elf m68k mips mpsl ppc riscv64 sh4 spc x86", "readelf", &["-hln"]),
    ("64.exe 64.dll dll exe", "objdump", &["-p"]),
    ("msi", "msiinfo", &["tables"]),
    ("arm", "qemu-arm-static", &[]),
    ("arm64", "qemu-aarch64-static", &[]),
    ("m68k", "qemu-m68k-static", &[]),
    ("mips", "qemu-mips-static", &[]),
    ("mpsl", "qemu-mipsel-static", &[]),
    ("ppc", "qemu-ppc-static", &[]),
    ("riscv64", "qemu-riscv64-static", &[]),
    ("sh4", "qemu-sh4-static", &[]),
    ("spc", "qemu-sparc-static", &[]),
    ("x86", "qemu-i386-static", &[]),
    ("sh", "sh", &[]),
    ("pl", "perl", &[]),
    ("py", "python3", &[]),
    ("js", "node", &[]),
    ("json", "jq", &["."]),
    ("svg xml", "python3", &["-c", "import sys, xml.dom.minidom as dom; dom.parse(sys.argv[1])"]),
    ("wasm", "node", &["-e", "new WebAssembly.Module(fs.readFileSync(process.argv[1]))"]),
];

/// What `program` says of `path`, which it must accept; nothing if it is not installed.
fn run(program: &str, arguments: &[&str], path: &Path) -> Option<String> {
    let mut command = Command::new(program);
    let output = command.args(arguments).arg(path).stdin(Stdio::null()).output();
    match output {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let complaint = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{program} {}:\n{said}{complaint}", path.display());
            Some(said)
        }
        Err(error) => {
            println!("left out: {program} is not installed ({error})");
            None
        }
    }
}

/// A folder with one file of each type.
fn written() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files() {
        let path = folder.path().join(name);
        fs::write(&path, &content.bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

fn files() -> impl Iterator<Item = (String, Content)> {
    let names = TYPES.iter().map(|row| format!("a.{}", row.endings[0]));
    names.map(|name| (name.clone(), for_name(&name, &persona(1)).unwrap()))
}

fn persona(seed: u8) -> Persona {
    Persona {
        seed: [seed; 16],
        host: "web04".to_owned(),
        http_server: "nginx/1.24.0".to_owned(),
        dns_version: "9.18.28".to_owned(),
        mail_server: "Postfix".to_owned(),
        authority: CertificateAuthority::default(),
        public_address: [203, 0, 113, 77].into(),
    }
}
