//! Bytes as they are written in a file: as text, hexadecimal or base64, in another file, with
//! places to fill in.

use std::cell::RefCell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use proto::responses::{Content, Template};
use toml::de::DeValue;

use super::Version;
use crate::config::error::Error;
use crate::config::fields::Fields;

/// The forms in which an answer's bytes are written, with their meaning.
pub(super) const FORMS: &[(&str, &str)] = &[
    ("\"text\"", "these characters, with the escapes of TOML"),
    ("{ hex = \"0f 4c\" }", "these bytes; spaces do not count"),
    ("{ base64 = \"D0wK\" }", "these bytes; spaces and line ends do not count"),
    (
        "{ file = \"page.html\" }",
        "what is in this file, which is looked for beside `responses.toml`",
    ),
    ("{ template = \"hello ${victim}\" }", "this text, with its places filled in at every answer"),
    ("{ template_file = \"page.tmpl\" }", "what is in this file, with its places filled in"),
];

/// What is expected where an answer's bytes should be.
const EXPECTED: &str = "a text, or one of { hex = … }, { base64 = … }, { file = … }, \
                        { template = … }, { template_file = … }";

/// Where files are looked for, with those that were read.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    read: RefCell<Vec<(PathBuf, Version)>>,
}

impl Folder {
    /// The folder of a file.
    pub(super) fn of(file: &Path) -> Self {
        let path = file.parent().unwrap_or_else(|| Path::new("")).to_owned();
        Self { path, read: RefCell::default() }
    }

    /// Every file that was read, as it was then.
    pub(super) fn into_read(self) -> Vec<(PathBuf, Version)> {
        self.read.into_inner()
    }

    /// Where a file is.
    pub(super) fn place_of(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// What is in a file.
    pub(super) fn read(&self, name: &str) -> Result<Vec<u8>, FileError> {
        let path = self.place_of(name);
        self.read.borrow_mut().push((path.clone(), super::version(&path)));
        fs::read(&path).map_err(|cause| FileError { path, cause })
    }
}

/// A file that was named and cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}", path.display())]
pub(super) struct FileError {
    path: PathBuf,
    #[source]
    cause: io::Error,
}

/// The bytes of an answer, if the field is there.
pub(super) fn read(
    fields: &Fields<'_>,
    field: &str,
    folder: &Folder,
) -> Result<Option<Content>, Error> {
    let Some(value) = fields.value(field) else { return Ok(None) };
    let value = value.get_ref();
    if let Some(bytes) = written(value) {
        return Ok(Some(Content::Fixed(bytes.into())));
    }
    let unusable = |cause| fields.unusable(field, cause);
    let content = match form(value) {
        Some(("file", name)) => Content::Fixed(folder.read(name).map_err(unusable)?.into()),
        Some(("template", text)) => template(fields, field, text.as_bytes())?,
        Some(("template_file", name)) => {
            template(fields, field, &folder.read(name).map_err(unusable)?)?
        }
        _ => return Err(fields.wrong(field, EXPECTED)),
    };
    Ok(Some(content))
}

fn template(fields: &Fields<'_>, field: &str, text: &[u8]) -> Result<Content, Error> {
    let template = Template::read(text).map_err(|cause| fields.unusable(field, cause))?;
    Ok(Content::Template(template))
}

/// Bytes that are written out.
pub(super) fn written(value: &DeValue<'_>) -> Option<Vec<u8>> {
    if let Some(text) = value.as_str() {
        return Some(text.into());
    }
    let (form, text) = form(value)?;
    let text: String = text.split_ascii_whitespace().collect();
    match form {
        "base64" => BASE64.decode(text.as_bytes()).ok(),
        "hex" => HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok(),
        _ => None,
    }
}

/// A regular expression.
pub(super) fn regex<'a>(value: &'a DeValue<'_>) -> Option<&'a str> {
    form(value).filter(|(form, _)| *form == "regex").map(|(_, text)| text)
}

/// A table of one text.
fn form<'a>(value: &'a DeValue<'_>) -> Option<(&'a str, &'a str)> {
    let table = value.as_table().filter(|table| table.len() == 1)?;
    let (name, text) = table.iter().next()?;
    Some((name.get_ref(), text.get_ref().as_str()?))
}
