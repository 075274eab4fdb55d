//! Patterns of names: `*` for any run of characters of a label, `*.` in front for any labels.

/// One pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// From the left; without the `*` in front that stands for any labels.
    labels: Vec<String>,
    depth: Depth,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    /// Names of one label more, or of any number more.
    Below,
    /// Names of as many labels.
    Same,
}

impl Pattern {
    /// Reads a pattern. What a name cannot have in it matches nothing.
    pub(super) fn new(text: &str) -> Self {
        let text = text.trim_end_matches('.').to_ascii_lowercase();
        let (depth, rest) = match text.strip_prefix("*.") {
            Some(rest) => (Depth::Below, rest),
            None if text == "*" => (Depth::Below, ""),
            None => (Depth::Same, text.as_str()),
        };
        let labels = rest.split('.').filter(|label| !label.is_empty());
        Self { labels: labels.map(str::to_owned).collect(), depth }
    }

    /// Whether a name, written as [`super::name::text`] does, is one of those meant.
    pub(super) fn matches(&self, text: &str) -> bool {
        let mut theirs = text.rsplit('.');
        let mut ours = self.labels.iter().rev();
        let fits = ours.all(|label| theirs.next().is_some_and(|their| label_fits(label, their)));
        fits && match self.depth {
            Depth::Below => theirs.next().is_some(),
            Depth::Same => theirs.next().is_none(),
        }
    }

    /// How much it says: the one that says most decides.
    pub(super) fn weight(&self) -> usize {
        self.labels.iter().map(|label| 1 + label.matches(|letter| letter != '*').count()).sum()
    }
}

fn label_fits(pattern: &str, label: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == label };
    let Some(mut label) = label.strip_prefix(start) else { return false };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    for piece in middle.split('*') {
        let Some((_, after)) = label.split_once(piece) else { return false };
        label = after;
    }
    label.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_run_of_characters_of_its_label_and_one_in_front_any_labels() {
        for (pattern, matching, others) in [
            ("*", &["a", "a.b"][..], &[][..]),
            ("*.Evil.test.", &["a.evil.test", "a.b.evil.test"], &["evil.test", "a.devil.test"]),
            ("c2-*.test", &["c2-.test", "c2-a.test"], &["c2.test", "a.c2-a.test", "c2-a.b.test"]),
            ("www.*.test", &["www.a.test"], &["www.a.b.test", "www.test", "a.www.a.test"]),
            ("*.a*b*c.test", &["x.abc.test", "y.x.a1b22c.test"], &["abc.test", "x.acb.test"]),
            ("a*a.test", &["aa.test", "aba.test"], &["a.test"]),
        ] {
            let read = Pattern::new(pattern);
            matching.iter().for_each(|name| assert!(read.matches(name), "{pattern} {name}"));
            others.iter().for_each(|name| assert!(!read.matches(name), "{pattern} {name}"));
        }
    }

    #[test]
    fn a_longer_pattern_says_more() {
        let weight = |pattern| Pattern::new(pattern).weight();
        assert!(weight("*.b.test") > weight("*.test"));
        assert!(weight("c2-*.test") > weight("*c.test"));
    }
}
