//! A file of the pretended server: with a date, with conditions, in parts.

use model::Timestamp;

use super::conditions::{Validators, Verdict};
use super::content::Content;
use super::date::http_date;
use super::ranges::{Wanted, content_range, several};
use super::{Request, Response};
use crate::Cx;
use crate::derived::{Purpose, derived};

/// Answers a GET or HEAD with what lies under its target, or with as much of it as is wanted.
pub(super) fn file(request: &Request, content: Content, cx: &Cx<'_>) -> Response {
    let (media_type, body) = (content.media_type, content.into_body());
    let length = body.len();
    let changed = last_change(&request.target, cx);
    let validators = Validators { tag: format!("\"{:x}-{length:x}\"", changed.as_secs()), changed };
    match validators.judge(request) {
        Verdict::Failed => return Response::error(412, cx),
        Verdict::NotModified => return dated(Response::new(304, cx), validators),
        Verdict::Proceed => {}
    }
    let wanted = match validators.fit_range(request) {
        true => Wanted::of(request, length),
        false => Wanted::All,
    };
    match wanted {
        Wanted::All => dated(Response::new(200, cx).with_body(media_type, body), validators)
            .with("Accept-Ranges", "bytes"),
        Wanted::Nothing => {
            Response::error(416, cx).with("Content-Range", format!("bytes */{length}"))
        }
        Wanted::Parts(parts) => match parts.as_slice() {
            [part] => {
                let partial =
                    Response::new(206, cx).with_body(media_type, body.slice(part.clone()));
                dated(partial, validators).with("Content-Range", content_range(part, length))
            }
            parts => {
                let boundary = boundary(&request.target, cx);
                let body = several(parts, &body, media_type, &boundary);
                let media_type = format!("multipart/byteranges; boundary={boundary}");
                dated(Response::new(206, cx).with_body(media_type, body), validators)
            }
        },
    }
}

fn dated(response: Response, Validators { tag, changed }: Validators) -> Response {
    response.with("Last-Modified", http_date(changed)).with("ETag", tag)
}

/// A day in the past that depends on the target alone, so that it is the same on every ask.
fn last_change(target: &str, cx: &Cx<'_>) -> Timestamp {
    /// 2023-01-01.
    const FIRST: u64 = 1_672_531_200;
    const TWO_YEARS: u64 = 2 * 365 * 86_400;
    let [_, chance] = derived(&cx.persona.seed, Purpose::Page, target);
    let seconds = i64::try_from(FIRST + chance % TWO_YEARS).unwrap_or_default();
    Timestamp::from_micros(seconds * 1_000_000).min(cx.now)
}

/// Twenty digits, as nginx has them.
fn boundary(target: &str, cx: &Cx<'_>) -> String {
    let [chance, _] = derived(&cx.persona.seed, Purpose::Boundary, target);
    format!("{chance:020}")
}
