//! Names of folders with gaps in them (RFC 3501 §6.3.8).

/// What stands between the parts of a name.
pub(super) const SEPARATOR: char = '.';

/// Whether a name fits: `*` stands for anything, `%` for anything within one part.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    let letters: Vec<char> = name.chars().collect();
    // Which beginnings of the name fit what of the pattern was read.
    let mut fitting = vec![false; letters.len() + 1];
    fitting.iter_mut().take(1).for_each(|first| *first = true);
    for wanted in pattern.chars() {
        fitting = advanced(&fitting, wanted, &letters);
    }
    fitting.last() == Some(&true)
}

fn advanced(fitting: &[bool], wanted: char, letters: &[char]) -> Vec<bool> {
    let mut before = false;
    let mut advanced = Vec::with_capacity(fitting.len());
    let previous = std::iter::once(None).chain(letters.iter().map(Some));
    let mut last = false;
    for (here, letter) in fitting.iter().zip(previous) {
        let goes_on = match wanted {
            '*' => *here || last,
            '%' => *here || (last && letter != Some(&SEPARATOR)),
            wanted => before && letter == Some(&wanted),
        };
        advanced.push(goes_on);
        (before, last) = (*here, goes_on);
    }
    advanced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_within_a_part_or_across_them() {
        for (pattern, name, is_fitting) in [
            ("*", "a.b", true),
            ("%", "a.b", false),
            ("%", "ab", true),
            ("a.%", "a.b", true),
            ("a*", "a.b.c", true),
            ("a%c", "abc", true),
            ("%.c", "a.b.c", false),
            ("", "", true),
            ("", "a", false),
            ("a", "a", true),
            ("a", "aa", false),
        ] {
            assert_eq!(fits(pattern, name), is_fitting, "{pattern} {name}");
        }
    }

    #[test]
    fn many_gaps_are_no_more_work_than_their_length() {
        assert!(!fits(&"*a".repeat(4_000), &"a".repeat(200)));
    }
}
