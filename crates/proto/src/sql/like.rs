//! Patterns of LIKE.

/// Whether a name fits, in any case: `%` any letters, `_` one.
pub(crate) fn is_like(name: &str, pattern: &str) -> bool {
    let name: Vec<char> = name.to_lowercase().chars().collect();
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let (mut name, mut pattern) = (&name[..], &pattern[..]);
    let mut again: Option<(&[char], &[char])> = None;
    loop {
        match (pattern, name) {
            (['%', rest @ ..], _) => {
                again = Some((rest, name));
                pattern = rest;
            }
            (['\\', wanted, rest @ ..], [letter, left @ ..]) if wanted == letter => {
                (pattern, name) = (rest, left);
            }
            ([wanted, rest @ ..], [letter, left @ ..]) if *wanted == '_' || wanted == letter => {
                (pattern, name) = (rest, left);
            }
            ([], []) => return true,
            _ => match again {
                Some((rest, [_, left @ ..])) => {
                    again = Some((rest, left));
                    (pattern, name) = (rest, left);
                }
                _ => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_is_any_letters_and_underscore_is_one() {
        for (name, pattern, expected) in [
            ("version", "VERSION", true),
            ("version_comment", "version%", true),
            ("a", "_", true),
            ("ab", "_", false),
            ("xaab", "%a%b", true),
            ("abc", "%d%", false),
            ("", "%", true),
            ("lower_case", "lower\\_case", true),
        ] {
            assert_eq!(is_like(name, pattern), expected, "{name} {pattern}");
        }
    }
}
