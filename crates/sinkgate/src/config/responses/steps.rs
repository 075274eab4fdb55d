//! A fixed sequence of steps: `[{ expect = "USER" }, { send = "331 ok\r\n" }, "close"]`.

use proto::responses::{Expected, PatternError, Step};
use toml::Spanned;
use toml::de::DeValue;

use super::content::{self, Folder};
use crate::config::error::Error;
use crate::config::fields::{Fields, wrong};
use crate::config::written::{Written, span};

/// The steps there are, with their meaning.
pub(super) const STEPS: &[(&str, &str)] = &[
    (
        "{ expect = \"USER \" }",
        "waits until this has come, in any form of bytes that is written out",
    ),
    ("{ expect = { regex = '…' } }", "waits until something has come that this describes"),
    ("{ expect = 16 }", "waits until so many bytes have come"),
    ("{ send = … }", "sends these bytes"),
    ("{ wait = \"2s\" }", "waits so long"),
    ("\"close\"", "closes the connection"),
    ("\"reset\"", "resets it"),
];

const EXPECTED: &str = "{ expect = … }, { send = … }, { wait = \"2s\" }, \"close\" or \"reset\"";

/// Reads the steps of a field.
pub(super) fn read(
    fields: &Fields<'_>,
    field: &str,
    folder: &Folder,
) -> Result<Option<Vec<Step>>, Error> {
    let Some(value) = fields.value(field) else { return Ok(None) };
    let key = fields.key_of(field);
    let DeValue::Array(items) = value.get_ref() else {
        return Err(fields.wrong(field, "a list of steps"));
    };
    items.iter().map(|item| step(fields, &key, item, folder)).collect::<Result<_, _>>().map(Some)
}

fn step(
    fields: &Fields<'_>,
    key: &str,
    item: &Spanned<DeValue<'_>>,
    folder: &Folder,
) -> Result<Step, Error> {
    let source = fields.source();
    match item.get_ref().as_str() {
        Some("close") => return Ok(Step::Close),
        Some("reset") => return Ok(Step::Reset),
        Some(_) => return Err(wrong(source, item, key, EXPECTED)),
        None => {}
    }
    let step = Fields::of_any(source, key, item)?;
    let mut names = step.names();
    match (names.next(), names.next()) {
        (Some("expect"), None) => expect(&step),
        (Some("send"), None) => {
            let content = content::read(&step, "send", folder)?;
            Ok(Step::Send(content.unwrap_or_default()))
        }
        (Some("wait"), None) => step.one("wait", "a time such as \"2s\"", span).map(Step::Wait),
        _ => Err(wrong(source, item, key, EXPECTED)),
    }
}

fn expect(step: &Fields<'_>) -> Result<Step, Error> {
    const EXPECTED: &str = "bytes, `{ regex = '…' }` or a number of bytes";
    let found = step.read("expect", EXPECTED, expected)?;
    let expected = found.ok_or_else(|| step.incomplete("expect"))?;
    expected.map(Step::Expect).map_err(|cause| step.unusable("expect", cause))
}

fn expected(value: &DeValue<'_>) -> Option<Result<Expected, PatternError>> {
    if let Some(regex) = content::regex(value) {
        return Some(Expected::regex(regex));
    }
    if let Some(count) = Written::from_file(value).number() {
        return usize::try_from(count).ok().map(|count| Ok(Expected::Count(count)));
    }
    content::written(value)
        .filter(|bytes| !bytes.is_empty())
        .map(|bytes| Ok(Expected::Bytes(bytes.into())))
}
