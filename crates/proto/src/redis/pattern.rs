//! Patterns of names, as KEYS and CONFIG GET take them.

/// Whether a name fits: `*` any bytes, `?` one, `[a-c]` one of these, `\` the next as it is. What is
/// tried again after a `*` is the shortest that is left, so that it takes no longer than both are long.
pub(super) fn fits(pattern: &[u8], name: &[u8]) -> bool {
    let (mut pattern, mut name) = (pattern, name);
    let mut again: Option<(&[u8], &[u8])> = None;
    loop {
        if let Some(rest) = pattern.strip_prefix(b"*") {
            again = Some((rest, name));
            pattern = rest;
            continue;
        }
        match (one(pattern, name), name.split_first()) {
            (Some(rest), Some((_, left))) => (pattern, name) = (rest, left),
            _ if name.is_empty() && pattern.is_empty() => return true,
            _ => {
                let Some((rest, (_, left))) =
                    again.and_then(|(rest, name)| Some((rest, name.split_first()?)))
                else {
                    return false;
                };
                again = Some((rest, left));
                (pattern, name) = (rest, left);
            }
        }
    }
}

/// What is left of the pattern if its first part fits the first byte.
fn one<'a>(pattern: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (first, byte) = (pattern.first()?, name.first()?);
    let rest = pattern.get(1..)?;
    match first {
        b'?' => Some(rest),
        b'[' => class(rest, *byte),
        b'\\' if !rest.is_empty() => one_literally(rest, *byte),
        _ => one_literally(pattern, *byte),
    }
}

fn one_literally(pattern: &[u8], byte: u8) -> Option<&[u8]> {
    pattern.strip_prefix(&[byte])
}

/// A class of bytes up to its bracket: single ones, ranges, all others if it begins with `^`.
fn class(class: &[u8], byte: u8) -> Option<&[u8]> {
    let end = class.iter().position(|one| *one == b']').unwrap_or(class.len());
    let (members, rest) = class.split_at_checked(end)?;
    let (is_negated, mut members) = match members.strip_prefix(b"^") {
        Some(members) => (true, members),
        None => (false, members),
    };
    let mut is_member = false;
    while let Some((first, rest)) = members.split_first() {
        let (last, rest) = match rest {
            [b'-', last, rest @ ..] => (last, rest),
            rest => (first, rest),
        };
        is_member |= (*first..=*last).contains(&byte) || (*last..=*first).contains(&byte);
        members = rest;
    }
    (is_member != is_negated).then(|| rest.strip_prefix(b"]").unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_marks_and_classes_are_understood() {
        for (pattern, name, expected) in [
            ("*", "", true),
            ("*", "abc", true),
            ("a*c", "abbc", true),
            ("a*c", "abcd", false),
            ("*a*b", "xaab", true),
            ("h?llo", "hello", true),
            ("h?llo", "hllo", false),
            ("h[ae]llo", "hallo", true),
            ("h[^e]llo", "hello", false),
            ("h[a-c]", "hb", true),
            (r"a\*", "a*", true),
            (r"a\*", "ab", false),
            ("max*", "maxmemory", true),
            ("", "a", false),
        ] {
            assert_eq!(fits(pattern.as_bytes(), name.as_bytes()), expected, "{pattern} {name}");
        }
    }
}
