//! Ids, as short as they can be told apart.

use std::collections::BTreeSet;

/// Fewest letters shown of an id.
const SHORTEST: usize = 8;

/// How many letters of each id are needed to tell all of them apart. As much, given to `--flow` or
/// `--run`, finds it again.
pub(crate) fn letters_needed<'a>(ids: impl IntoIterator<Item = &'a str>) -> usize {
    let ids: BTreeSet<&str> = ids.into_iter().collect();
    let pairs = ids.iter().zip(ids.iter().skip(1));
    let needed = pairs.map(|(one, next)| common_letters(one, next) + 1).max();
    needed.unwrap_or(0).max(SHORTEST)
}

/// The beginning of an id, not ending in a hyphen.
pub(crate) fn shortened(id: &str, letters: usize) -> &str {
    id.get(..letters).unwrap_or(id).trim_end_matches('-')
}

fn common_letters(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_cut_where_they_differ() {
        let ids = ["0197f3aa-0001-7000", "0197f3aa-0002-7000", "0197f3aa-0001-7000"];
        assert_eq!(letters_needed(ids), 13);
        assert_eq!(shortened(ids[0], 13), "0197f3aa-0001");
        assert_eq!(letters_needed(["0197f3aa-0001-7000"]), 8);
        assert_eq!(shortened(ids[0], 9), "0197f3aa");
        assert_eq!(shortened("short", 8), "short");
    }
}
