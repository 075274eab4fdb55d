//! Dates, as fields have them.

use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use model::Timestamp;

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
pub(crate) fn http_date(time: Timestamp) -> String {
    let time = jiff::Timestamp::from_second(time.as_secs()).unwrap_or_default();
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Reads the three forms a date may have; the day of the week is not looked at. What some old
/// browsers add after a semicolon is no part of it.
pub(super) fn read_date(text: &str) -> Option<Timestamp> {
    let text = text.split(';').next().unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().skip(1).collect();
    let text = words.join(" ");
    let time =
        FORMS.iter().find_map(|form| strtime::parse(form, &text).ok()?.to_datetime().ok())?;
    let seconds = TimeZone::UTC.to_timestamp(time).ok()?.as_second();
    Some(Timestamp::from_micros(seconds.checked_mul(1_000_000)?))
}

/// Today's, that of RFC 850, and that of C's `asctime`.
const FORMS: &[&str] = &["%d %b %Y %H:%M:%S GMT", "%d-%b-%y %H:%M:%S GMT", "%b %d %H:%M:%S %Y"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_mean_the_same_time() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06 Nov 1994 08:49:37 GMT; length=7",
        ] {
            let time = read_date(text).unwrap();
            assert_eq!(http_date(time), "Sun, 06 Nov 1994 08:49:37 GMT", "{text}");
        }
        for text in ["", "yesterday", "Sun, 06 Foo 1994 08:49:37 GMT"] {
            assert_eq!(read_date(text), None, "{text}");
        }
    }
}
