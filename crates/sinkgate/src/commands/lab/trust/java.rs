//! What Java trusts: files named `cacerts`. Ours is a JKS store, which every version reads; newer
//! ones read PKCS#12 as well, but only with an attribute of Java's own.
//!
//! ```text
//! 0xfeedfeed  version 2  how many
//! for each:   2 (a certificate)  its alias  when it was added  "X.509"  how long  DER
//! at the end: SHA-1 of the password, of two words, and of all above
//! ```

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use kernel::lab::ReplacedFile;
use model::Timestamp;
use sha1::{Digest, Sha1};

use super::really_there;

/// Where systems with packages for Java keep the one list of all of them.
const SYSTEM: &[&str] = &[
    "/etc/ssl/certs/java/cacerts",              // Debian, Ubuntu
    "/etc/pki/ca-trust/extracted/java/cacerts", // Fedora and its relatives
];

/// Where it is below the folder of one Java; the second up to version 8.
const BELOW_HOME: &[&str] = &["lib/security/cacerts", "jre/lib/security/cacerts"];

/// What every `cacerts` has been sealed with since the first; whoever does not ask for another
/// password tries this one.
const PASSWORD: &str = "changeit";

/// The lists that are there, with nobody in them but the authority with this certificate: behind a
/// sinkhole nobody else signs anything.
pub(super) fn stores(root_der: &[u8], now: Timestamp) -> Vec<ReplacedFile> {
    let below = |home: PathBuf| BELOW_HOME.iter().map(move |below| home.join(below));
    let places = SYSTEM.iter().map(PathBuf::from).chain(homes().into_iter().flat_map(below));
    let content = store(root_der, now);
    let replaced = |path| ReplacedFile { path, content: content.clone() };
    really_there(places).into_iter().map(replaced).collect()
}

/// Folders of Javas: the one that is set, the one that is started, and those of packages.
fn homes() -> Vec<PathBuf> {
    let set = env::var_os("JAVA_HOME").map(PathBuf::from);
    let path = env::var_os("PATH").unwrap_or_default();
    let started =
        env::split_paths(&path).find_map(|folder| folder.join("java").canonicalize().ok());
    let started = started.as_deref().and_then(Path::parent).and_then(Path::parent);
    let packages = fs::read_dir("/usr/lib/jvm").into_iter().flatten().flatten();
    set.into_iter()
        .chain(started.map(Path::to_owned))
        .chain(packages.map(|package| package.path()))
        .collect()
}

fn store(certificate: &[u8], now: Timestamp) -> Vec<u8> {
    let mut store = Vec::new();
    store.extend(0xfeed_feed_u32.to_be_bytes());
    store.extend(2_u32.to_be_bytes());
    store.extend(1_u32.to_be_bytes());
    store.extend(2_u32.to_be_bytes());
    put_text(&mut store, "root");
    store.extend((now.as_micros() / 1_000).to_be_bytes());
    put_text(&mut store, "X.509");
    store.extend(length::<u32>(certificate).to_be_bytes());
    store.extend(certificate);
    let seal = seal(&store);
    store.extend(seal);
    store
}

/// Java's `writeUTF`; ours are plain ASCII, where that is UTF-8.
fn put_text(store: &mut Vec<u8>, text: &str) {
    store.extend(length::<u16>(text.as_bytes()).to_be_bytes());
    store.extend(text.as_bytes());
}

#[expect(clippy::expect_used, reason = "what is put in are two words and one certificate")]
fn length<T: TryFrom<usize>>(bytes: &[u8]) -> T {
    T::try_from(bytes.len()).ok().expect("it is short")
}

fn seal(store: &[u8]) -> [u8; 20] {
    let mut digest = Sha1::new();
    for unit in PASSWORD.encode_utf16() {
        digest.update(unit.to_be_bytes());
    }
    digest.update(b"Mighty Aphrodite");
    digest.update(store);
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_laid_out_as_java_reads_it() {
        let store = store(b"\x30\x00", Timestamp::from_micros(1_790_000_000_000_000));
        let (body, seal) = store.split_at(store.len() - 20);
        let expected = b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\x01\0\0\0\x02\0\x04root\
            \x00\x00\x01\xa0\xc4\x50\x6c\x00\0\x05X.509\0\0\0\x02\x30\0";
        assert_eq!(body, expected);
        // By Python's hashlib, of "changeit" in UTF-16, "Mighty Aphrodite" and the above.
        let expected = "aa87785e638a1d5abe35e6ea732be33badd5b924";
        assert_eq!(seal.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), expected);
    }

    #[test]
    fn a_java_that_is_started_through_a_link_is_found() {
        let homes = homes();
        let started = really_there(homes.iter().map(|home| home.join("bin/java")));
        assert_eq!(started.is_empty(), homes.is_empty());
    }
}
