//! Parts of a file (RFC 9110 §14).

use std::fmt::Write as _;
use std::ops::Range;

use bytes::Bytes;

use super::Request;

/// Which part of a file is wanted.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it: there is no Range field, or none that can be read.
    All,
    /// Nothing that is there.
    Nothing,
    /// These parts, in this order, none of them empty.
    Parts(Vec<Range<usize>>),
}

impl Wanted {
    /// What the Range field of `request` wants of a file of `length` bytes.
    ///
    /// Parts that together are longer than the file are as good as all of it: overlapping ones were
    /// once a way to exhaust a server (CVE-2011-3192).
    pub(super) fn of(request: &Request, length: usize) -> Self {
        let ranges = request.text("range").and_then(|value| {
            let (unit, ranges) = value.split_once('=')?;
            unit.trim().eq_ignore_ascii_case("bytes").then_some(ranges)
        });
        let Some(parts) = ranges.and_then(|ranges| parts(ranges, length)) else { return Self::All };
        match parts.iter().map(ExactSizeIterator::len).try_fold(0, usize::checked_add) {
            Some(0) => Self::Nothing,
            Some(sum) if sum <= length => Self::Parts(parts),
            _ => Self::All,
        }
    }
}

/// Reads a list of ranges; those beyond the end are left out. Nothing if one cannot be read.
fn parts(ranges: &str, length: usize) -> Option<Vec<Range<usize>>> {
    let ranges = ranges.split(',').map(str::trim).filter(|range| !range.is_empty());
    let parts: Vec<_> = ranges.map(|range| part(range, length)).collect::<Option<_>>()?;
    Some(parts.into_iter().filter(|part| !part.is_empty()).collect())
}

fn part(range: &str, length: usize) -> Option<Range<usize>> {
    let (first, last) = range.split_once('-')?;
    match (first.trim(), last.trim()) {
        ("", last) => Some(length.saturating_sub(number(last)?)..length),
        (first, "") => Some(number(first)?..length),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then(|| first..last.saturating_add(1).min(length))
        }
    }
}

/// A number of digits; one that is too large is as good as the largest.
fn number(digits: &str) -> Option<usize> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(usize::MAX))
}

/// `bytes 0-4/10`
pub(super) fn content_range(part: &Range<usize>, length: usize) -> String {
    format!("bytes {}-{}/{length}", part.start, part.end.saturating_sub(1))
}

/// A body of several parts, in the form nginx gives it.
pub(super) fn several(
    parts: &[Range<usize>],
    body: &Bytes,
    media_type: &str,
    boundary: &str,
) -> Bytes {
    let mut joined = Vec::new();
    let mut head = String::new();
    for part in parts {
        head.clear();
        let range = content_range(part, body.len());
        let _ = write!(
            head,
            "\r\n--{boundary}\r\nContent-Type: {media_type}\r\nContent-Range: {range}\r\n\r\n"
        );
        joined.extend_from_slice(head.as_bytes());
        joined.extend_from_slice(body.get(part.clone()).unwrap_or_default());
    }
    joined.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    joined.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(range: &str) -> Wanted {
        let fields = vec![("range".to_owned(), range.as_bytes().to_vec())];
        Wanted::of(&Request { fields, ..Request::default() }, 10)
    }

    #[test]
    fn parts_are_cut_to_the_file() {
        for (range, parts) in [
            ("bytes=0-0", "[0..1]"),
            ("bytes=2-4", "[2..5]"),
            ("bytes=8-", "[8..10]"),
            ("bytes=8-99", "[8..10]"),
            ("bytes=-3", "[7..10]"),
            ("bytes=-99", "[0..10]"),
            ("bytes=0-99999999999999999999999", "[0..10]"),
            ("BYTES = 0-1, ,4-5 , 20-", "[0..2, 4..6]"),
        ] {
            assert_eq!(format!("{:?}", wanted(range)), format!("Parts({parts})"), "{range}");
        }
    }

    #[test]
    fn beyond_the_end_is_nothing() {
        for range in ["bytes=10-", "bytes=10-20,30-", "bytes=-0"] {
            assert_eq!(wanted(range), Wanted::Nothing, "{range}");
        }
    }

    #[test]
    fn what_cannot_be_read_or_is_too_much_is_all() {
        for range in [
            "",
            "bytes",
            "lines=0-1",
            "bytes=4-2",
            "bytes=a-b",
            "bytes=1",
            "bytes=0-9,0-9",
            "bytes=-",
        ] {
            assert_eq!(wanted(range), Wanted::All, "{range}");
        }
    }
}
