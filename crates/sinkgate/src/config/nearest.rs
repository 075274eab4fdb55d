//! The known name that a mistyped one was probably meant to be.

/// The most similar of `known`, if it is similar enough to be worth a question.
pub(super) fn nearest<'a>(written: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    known
        .map(|name| (likeness(written, name), name))
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .filter(|(likeness, _)| *likeness > ENOUGH)
        .map(|(_, name)| name.to_owned())
}

/// How alike two names are, 0 to 1. The right name in the wrong section is alike too.
fn likeness(written: &str, name: &str) -> f64 {
    let last = |key: &str| key.rsplit('.').next().map(str::to_owned).unwrap_or_default();
    let whole = strsim::normalized_damerau_levenshtein(written, name);
    let misplaced = strsim::normalized_damerau_levenshtein(&last(written), &last(name)) * 0.9;
    whole.max(misplaced)
}

/// Below this a suggestion puzzles more than it helps.
const ENOUGH: f64 = 0.6;

#[cfg(test)]
mod tests {
    use super::*;

    fn suggestion(written: &str) -> Option<String> {
        nearest(written, ["gateway.port", "gateway.workers", "dns.ttl"].into_iter())
    }

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        assert_eq!(suggestion("gateway.prot").as_deref(), Some("gateway.port"));
        assert_eq!(suggestion("gatewy.worker").as_deref(), Some("gateway.workers"));
    }

    #[test]
    fn a_name_in_the_wrong_section_is_found() {
        assert_eq!(suggestion("gateway.ttl").as_deref(), Some("dns.ttl"));
    }

    #[test]
    fn what_resembles_nothing_gets_no_suggestion() {
        assert_eq!(suggestion("colour.scheme"), None);
    }
}
