//! Lists of names from files: hosts files, response policy zones, CSV.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use proto::dns::{ListFormat, StaticName, read_list};

use super::Dns;
use super::error::Error;

/// Reads all of them. Of two that speak of the same names the first one holds, and the
/// configuration before all.
pub(super) fn read(dns: &Dns) -> Result<Vec<StaticName>, Error> {
    let mut spoken_of: HashSet<(String, Vec<u16>)> = dns.statics.iter().map(key).collect();
    let mut imported = Vec::new();
    for (path, format) in files(dns) {
        let list = read_file(path, format)?;
        imported.extend(list.into_iter().filter(|name| spoken_of.insert(key(name))));
    }
    Ok(imported)
}

fn files(dns: &Dns) -> impl Iterator<Item = (&PathBuf, ListFormat)> {
    let csv = dns.csv_files.iter().map(|path| (path, ListFormat::Csv));
    let rpz = dns.rpz_files.iter().map(|path| (path, ListFormat::Rpz));
    let hosts = dns.hosts_files.iter().map(|path| (path, ListFormat::Hosts));
    csv.chain(rpz).chain(hosts)
}

fn read_file(path: &Path, format: ListFormat) -> Result<Vec<StaticName>, Error> {
    let bytes =
        fs::read(path).map_err(|cause| Error::ListUnread { path: path.to_owned(), cause })?;
    // Comments may be in any encoding; a name that is not ASCII is refused with its line.
    let text = String::from_utf8_lossy(&bytes);
    read_list(format, &text).map_err(|cause| Error::List { path: path.to_owned(), cause })
}

fn key(name: &StaticName) -> (String, Vec<u16>) {
    (name.pattern.clone(), name.types.clone())
}

#[cfg(test)]
mod tests {
    use proto::dns::{Denial, StaticAnswer};
    use testkit::Folder;

    use crate::config::Sources;

    #[test]
    fn what_is_more_particular_speaks_first() {
        let folder = Folder::new();
        let hosts = folder.written("hosts", "192.0.2.1 a.test b.test c.test d.test\n");
        let rpz = folder.written("rpz", "c.test CNAME .\nb.test CNAME .\n");
        let csv = folder.written("csv", "b.test,answer,refused\n");
        let text = format!(
            "[dns]\nhosts_files = {hosts:?}\nrpz_files = [{rpz:?}]\ncsv_files = {csv:?}\n\
             [[dns.static]]\nname = 'a.test'\nanswer = 'failure'\n"
        );
        let dns = Sources::default().load_text(&text).unwrap().config.dns;
        let names = dns.settings().names;
        let said: Vec<_> = names.iter().map(|row| (row.pattern.as_str(), &row.answer)).collect();
        let denied = StaticAnswer::Denied;
        assert_eq!(said[0], ("a.test", &denied(Denial::Failure)));
        assert_eq!(said[1], ("b.test", &denied(Denial::Refused)));
        assert_eq!(said[2], ("c.test", &denied(Denial::NoSuchName)));
        assert_eq!((said[3].0, said.len()), ("d.test", 4));
    }

    #[test]
    fn a_line_that_cannot_be_used_is_named_with_its_file() {
        let folder = Folder::new();
        let hosts = folder.written("hosts", "192.0.2.1 a.test\nb.test\n");
        let error = |text: &str| Sources::default().load_text(text).unwrap_err();
        let broken = error(&format!("[dns]\nhosts_files = {hosts:?}\n"));
        assert!(broken.to_string().contains("/hosts"), "{broken}");
        let cause = std::error::Error::source(&broken).unwrap().to_string();
        assert_eq!(cause, "line 2: \"b.test\" is not an IP address");
        let missing = error("[dns]\nrpz_files = '/nonexistent'\n").to_string();
        assert_eq!(missing, "cannot read /nonexistent, a list of names");
    }
}
