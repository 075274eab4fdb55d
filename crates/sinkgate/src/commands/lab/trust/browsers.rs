//! What browsers trust: a list of their own, to which an administrator's policies can add.

use std::path::{Path, PathBuf};

use kernel::lab::{FullerFolder, NewFile};
use serde_json::json;

/// A browser built from Chromium: the folder that tells that it is installed, one that is there
/// then, and where below it policies are.
struct Chromium {
    sign: &'static str,
    folder: &'static str,
    policies: &'static str,
}

const CHROMIUMS: &[Chromium] = &[
    Chromium { sign: "/etc/chromium", folder: "/etc/chromium", policies: "policies/managed" },
    Chromium {
        sign: "/opt/google/chrome",
        folder: "/etc/opt",
        policies: "chrome/policies/managed",
    },
    Chromium {
        sign: "/opt/microsoft/msedge",
        folder: "/etc/opt",
        policies: "edge/policies/managed",
    },
];

/// Where Firefox looks for policies, below folders it is installed in, and below the one for the
/// whole system, which goes before if it is there.
const FIREFOXES: &[(&str, &str)] = &[
    ("/usr/lib/firefox-esr", "distribution"),
    ("/usr/lib/firefox", "distribution"),
    ("/usr/lib64/firefox", "distribution"),
    ("/opt/firefox", "distribution"),
    ("/etc/firefox/policies", ""),
];

/// Policies for the browsers that are there, by which they trust the authority with this
/// certificate.
pub(super) fn policies(root_pem: &str) -> Vec<FullerFolder> {
    let is_there = |path: &str| Path::new(path).is_dir();
    let chromiums = CHROMIUMS.iter().filter(|row| is_there(row.sign) && is_there(row.folder));
    let firefoxes = FIREFOXES.iter().filter(|(folder, _)| is_there(folder));
    chromiums
        .map(|row| row.with(root_pem))
        .chain(firefoxes.map(|(folder, below)| firefox(folder, below, root_pem)))
        .collect()
}

impl Chromium {
    fn with(&self, root_pem: &str) -> FullerFolder {
        let policy = json!({ "CACertificates": [base64(root_pem)] });
        let path = Path::new(self.policies).join("authority.json");
        let file = NewFile { path, content: policy.to_string().into_bytes() };
        FullerFolder { path: self.folder.into(), files: vec![file] }
    }
}

/// A certificate's DER in Base64: what stands between the first and the last line of its PEM.
fn base64(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with("-----")).collect()
}

fn firefox(folder: &str, below: &str, root_pem: &str) -> FullerFolder {
    let below = PathBuf::from(below);
    let certificate = below.join("authority.pem");
    let installed = Path::new(folder).join(&certificate);
    let policy = json!({ "policies": { "Certificates": { "Install": [installed] } } });
    let policies =
        NewFile { path: below.join("policies.json"), content: policy.to_string().into_bytes() };
    let certificate = NewFile { path: certificate, content: root_pem.into() };
    FullerFolder { path: folder.into(), files: vec![policies, certificate] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_one_word_in_base64() {
        let pem = "-----BEGIN CERTIFICATE-----\nMIIB\nAgM=\n-----END CERTIFICATE-----\n";
        assert_eq!(base64(pem), "MIIBAgM=");
    }

    #[test]
    fn firefox_is_led_to_the_file_beside_its_policies() {
        let folder = firefox("/opt/firefox", "distribution", "PEM");
        let policies: serde_json::Value = serde_json::from_slice(&folder.files[0].content).unwrap();
        let path = &policies["policies"]["Certificates"]["Install"][0];
        assert_eq!(path, "/opt/firefox/distribution/authority.pem");
        assert_eq!(folder.files[1].content, b"PEM");
    }
}
