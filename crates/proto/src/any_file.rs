//! Whatever file is asked for, by its name: one of the analyst's own, or one of its type.

use std::borrow::Cow;

use bytes::Bytes;

use crate::{Cx, files};

/// All of the file called `name`; bytes without a form, if the name tells nothing.
pub(crate) fn content(name: &str, cx: &Cx<'_>) -> Bytes {
    let own = cx.rules.ftp.files.iter().find(|own| own.name.eq_ignore_ascii_case(name));
    own.map_or_else(|| by_type(name, cx), |own| own.bytes.clone())
}

/// Whether a name tells that it is one of a file.
pub(crate) fn is_file_name(name: &str, cx: &Cx<'_>) -> bool {
    let mut own = cx.rules.ftp.files.iter();
    own.any(|own| own.name.eq_ignore_ascii_case(name))
        || files::for_name(name, cx.persona).is_some()
}

fn by_type(name: &str, cx: &Cx<'_>) -> Bytes {
    let known = files::for_name(name, cx.persona);
    let content = known.or_else(|| files::for_name("data.bin", cx.persona));
    match content.map(|content| content.bytes) {
        Some(Cow::Borrowed(bytes)) => Bytes::from_static(bytes),
        Some(Cow::Owned(bytes)) => bytes.into(),
        None => Bytes::new(),
    }
}
