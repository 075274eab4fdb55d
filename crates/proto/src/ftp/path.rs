//! Where in the tree a client means.

/// Longest path, in bytes (`PATH_MAX` of Linux).
const LONGEST: usize = 4_096;

/// The path that `words` mean in `folder`, from the root and without detours; none if it is longer
/// than any path is.
pub(super) fn resolved(folder: &str, words: &str) -> Option<String> {
    let words = words.trim();
    let start = if words.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in start.split('/').chain(words.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let path = format!("/{}", parts.join("/"));
    (path.len() <= LONGEST).then_some(path)
}

/// The folder a path is in, and its last name. The root is in itself.
pub(super) fn split(path: &str) -> (&str, &str) {
    match path.rsplit_once('/') {
        Some(("", name)) => ("/", name),
        Some((folder, name)) => (folder, name),
        None => ("/", path),
    }
}

/// The path of `name` in `folder`.
pub(super) fn joined(folder: &str, name: &str) -> String {
    format!("{}/{name}", folder.trim_end_matches('/'))
}

/// Whether `name` is one that `pattern` means, where `*` is anything and `?` any character.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut place) = (0, 0);
    // Where to go on if what comes after the last `*` does not fit.
    let mut retry = None;
    while let Some(character) = name.get(place) {
        match pattern.get(at) {
            Some('*') => {
                retry = Some((at + 1, place));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || wanted == character => {
                (at, place) = (at + 1, place + 1)
            }
            _ => match retry {
                Some((after, begun)) => {
                    retry = Some((after, begun + 1));
                    (at, place) = (after, begun + 1);
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|left| *left == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_no_detours_and_no_way_out() {
        for (folder, words, expected) in [
            ("/", "", "/"),
            ("/a", "b", "/a/b"),
            ("/a", "/b//c/", "/b/c"),
            ("/a/b", "../../../..", "/"),
            ("/a", "./b/../c d", "/a/c d"),
        ] {
            assert_eq!(resolved(folder, words).as_deref(), Some(expected), "{folder} {words}");
        }
        assert_eq!(resolved("/", &"a/".repeat(2_048)).unwrap().len(), 4_096);
        assert_eq!(resolved("/b", &"a/".repeat(2_048)), None);
    }

    #[test]
    fn a_path_is_a_folder_and_a_name() {
        assert_eq!(split("/a/b"), ("/a", "b"));
        assert_eq!(split("/a"), ("/", "a"));
        assert_eq!(split("/"), ("/", ""));
        assert_eq!((joined("/", "a").as_str(), joined("/a", "b").as_str()), ("/a", "/a/b"));
    }

    #[test]
    fn patterns_mean_what_they_mean_to_a_shell() {
        for (pattern, name, expected) in [
            ("*", "", true),
            ("*.txt", "a.txt", true),
            ("*.txt", "a.txt.txt", true),
            ("*.txt", "a.txt.gz", false),
            ("a?c*", "abcd", true),
            ("a?c", "ac", false),
            ("", "a", false),
            ("**a*b", "xaxb", true),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
        assert!(!matches(&"*a".repeat(1_000), &"a".repeat(999)));
    }
}
