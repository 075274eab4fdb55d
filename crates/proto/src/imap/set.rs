//! Which mails a command is about (RFC 3501 §9, `sequence-set`).

/// Ranges of numbers; nothing stands for the largest there is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Set(Vec<(Option<u32>, Option<u32>)>);

impl Set {
    pub(super) fn read(text: &str) -> Option<Self> {
        let range = |text: &str| match text.split_once(':') {
            Some((first, last)) => Some((number(first)?, number(last)?)),
            None => number(text).map(|number| (number, number)),
        };
        text.split(',').map(range).collect::<Option<_>>().map(Self)
    }

    /// Whether it has this number, where the largest is that one.
    pub(super) fn has(&self, wanted: u32, largest: u32) -> bool {
        self.0.iter().any(|(first, last)| {
            let (first, last) = (first.unwrap_or(largest), last.unwrap_or(largest));
            (first.min(last)..=first.max(last)).contains(&wanted)
        })
    }

    /// Whether every number in it is at most this.
    pub(super) fn is_within(&self, largest: u32) -> bool {
        let fits = |number: &Option<u32>| number.is_none_or(|number| number <= largest);
        self.0.iter().all(|(first, last)| fits(first) && fits(last))
    }
}

/// A number that is none of a mail is not read.
fn number(text: &str) -> Option<Option<u32>> {
    match text {
        "*" => Some(None),
        text if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().ok().filter(|number| *number > 0).map(Some)
        }
        _ => None,
    }
}

/// Numbers as a set is written, neighbours put together.
pub(super) fn written(numbers: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*number) => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let range = |(first, last)| {
        if first == last { format!("{first}") } else { format!("{first}:{last}") }
    };
    ranges.into_iter().map(range).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_may_be_turned_around_and_open() {
        let set = Set::read("2,4:*,9:8").unwrap();
        let has: Vec<u32> = (1..=10).filter(|number| set.has(*number, 5)).collect();
        assert_eq!(has, [2, 4, 5, 8, 9]);
        assert!(!set.is_within(8) && set.is_within(9));
        assert!(Set::read("9:*").unwrap().has(5, 5));
    }

    #[test]
    fn nothing_else_is_a_set() {
        for text in ["", "0", "a", "1:", "1,,2", "-1", "+1", "99999999999"] {
            assert_eq!(Set::read(text), None, "{text}");
        }
    }

    #[test]
    fn neighbours_are_written_together() {
        assert_eq!(written(&[1, 2, 3, 7, 9, 10]), "1:3,7,9:10");
        assert_eq!(written(&[u32::MAX, 1]), "4294967295,1");
    }
}
