//! Whether a name looks as if an algorithm had made it up, letter by letter.
//!
//! Looked at is the label that somebody would have registered (`example` of `www.example.co.uk`).
//! Its score is the percentage of neighbours that hardly ever stand next to each other in words
//! and names of firms, and some points more for what no word has:
//!
//! | what | points |
//! |---|---|
//! | neighbours that are unusual ([`USUAL`]); twice each change between letters and digits but the first | their percentage of all |
//! | each consonant in a row, from the fifth on | 10 |
//! | fewer than one vowel in five letters | 15 |
//!
//! From [`RANDOM_FROM`] points on it looks random. Labels of fewer than [`SHORTEST`] characters
//! never do: too little is known of them. Nor do names put together from words: for malware that
//! does so there are patterns, and the first names of a victim.

use super::name::registered;

/// The score from which on a label looks random. Of labels drawn at random from 26 letters 80 % (of
/// 8 to 10) to 95 % (of 16) reach it, of hexadecimal digits nearly all; of names that people have
/// chosen one in fifty, nearly all of them abbreviations.
const RANDOM_FROM: usize = 45;

/// Fewest characters of a label that is judged.
const SHORTEST: usize = 7;

/// Whether this name, written as [`super::name::text`] does, looks random.
pub(super) fn is_random_looking(text: &str) -> bool {
    let label = registered(text).split('.').next().unwrap_or_default();
    // Other alphabets, encoded: every such label would look random.
    if label.len() < SHORTEST || label.starts_with("xn--") || label.contains('\\') {
        return false;
    }
    score(label) >= RANDOM_FROM
}

fn score(label: &str) -> usize {
    let letters: Vec<u8> = label.bytes().filter(u8::is_ascii_alphanumeric).collect();
    let pairs = letters.len().saturating_sub(1).max(1);
    let neighbours = || letters.iter().zip(letters.iter().skip(1));
    let unusual = neighbours().filter(|(first, second)| is_unusual(**first, **second)).count();
    let changes = neighbours().filter(|(first, second)| is_change(**first, **second)).count();
    let share = 100 * (unusual + 2 * changes.saturating_sub(1)) / pairs;
    share + 10 * longest_run_of_consonants(&letters).saturating_sub(4) + vowel_points(&letters)
}

fn is_unusual(first: u8, second: u8) -> bool {
    let usual = USUAL.iter().find(|(letter, _)| *letter == first);
    second.is_ascii_alphabetic() && usual.is_some_and(|(_, after)| !after.contains(&second))
}

const fn is_change(first: u8, second: u8) -> bool {
    first.is_ascii_digit() != second.is_ascii_digit()
}

fn longest_run_of_consonants(letters: &[u8]) -> usize {
    let is_consonant = |letter: &u8| letter.is_ascii_alphabetic() && !is_vowel(*letter);
    letters.split(|letter| !is_consonant(letter)).map(<[u8]>::len).max().unwrap_or_default()
}

fn vowel_points(letters: &[u8]) -> usize {
    let vowels = letters.iter().filter(|letter| is_vowel(**letter)).count();
    let all = letters.iter().filter(|letter| letter.is_ascii_alphabetic()).count();
    if all >= SHORTEST && vowels * 5 < all { 15 } else { 0 }
}

const fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// Which letters often follow which: nine in ten pairs in the names of some thousand projects and
/// firms, and two in five of all there could be.
const USUAL: &[(u8, &[u8])] = &[
    (b'a', b"bcdgiklmnprstuvyz"),
    (b'b', b"aeilorsu"),
    (b'c', b"aehiklorstu"),
    (b'd', b"abeginorsy"),
    (b'e', b"abcdefghiklmnoprstvwxy"),
    (b'f', b"aefilorty"),
    (b'g', b"aehilnorsu"),
    (b'h', b"aeiotu"),
    (b'i', b"abcdefgklmnoprstv"),
    (b'j', b"aeiosu"),
    (b'k', b"aeios"),
    (b'l', b"adeilostuy"),
    (b'm', b"aeiopsuy"),
    (b'n', b"acdefgiklnostu"),
    (b'o', b"abcdfgijklmnoprstuvwx"),
    (b'p', b"aeiloprst"),
    (b'q', b"u"),
    (b'r', b"acdegiklmnopstuvy"),
    (b's', b"acehiklmopstu"),
    (b't', b"abcehiloprstuwy"),
    (b'u', b"abdeilmnrstx"),
    (b'v', b"aei"),
    (b'w', b"aeio"),
    (b'x', b"aeip"),
    (b'y', b"ainpst"),
    (b'z', b"aeioz"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_malware_made_up_look_random() {
        for name in [
            "xeogrhxquuubt.com",
            "qwdnfgkrsjvbx.net",
            "jxbvpqtzhrkl.info",
            "vsdyqjwkbfx.biz",
            "1a2b3c9d8e7f6a5b.org",
            "iuqerfsodp9ifjaposdfjhgosurijfaewrwergwea.com",
            "b83ed4877eec1997fcc39b7ae590007a.info",
            "hzmksreiuojy.in",
            "ngquhfvtqptx.co.uk",
        ] {
            assert!(is_random_looking(name), "{name}: {}", score_of(name));
        }
    }

    #[test]
    fn names_that_people_chose_do_not() {
        for name in [
            "google.com",
            "googleusercontent.com",
            "windowsupdate.com",
            "www.msftconnecttest.com",
            "stackoverflow.com",
            "akamaihd.net",
            "office365.com",
            "cdninstagram.com",
            "cloudflare.com",
            "letsencrypt.org",
            "wikipedia.org",
            "githubusercontent.com",
            "doubleclick.net",
            "volkswagen.de",
            "xkjqhdgyfr.example.com",
            "deutsche-boerse.de",
            "verkehrsverbund.at",
            "kaspersky.com",
            "dropbox.com",
            "symcd.com",
            "linkedin.com",
            "xn--80ak6aa92e.com",
            "bbc.co.uk",
        ] {
            assert!(!is_random_looking(name), "{name}: {}", score_of(name));
        }
    }

    #[test]
    fn the_score_is_what_the_table_says() {
        // q after a, x after q, q after x; too short for the share of vowels to count.
        assert_eq!(score("aqxq"), 100);
        assert_eq!(score("instrument"), 0);
        // m before n; nstrmnt, three more than four; one vowel.
        assert_eq!(score("instrmnt"), 100 / 7 + 3 * 10 + 15);
        // One change is usual, the others are not.
        assert_eq!(score("a1a1a"), 150);
    }

    fn score_of(name: &str) -> usize {
        score(registered(name).split('.').next().unwrap_or_default())
    }
}
