//! Whether a host that somebody asked for is a name.

/// The host as a name: lower case, without final dot; nothing if it is an address or no name at
/// all.
pub(crate) fn as_name(host: &str) -> Option<String> {
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    let last = name.rsplit('.').next();
    let ends_in_number = last.is_some_and(|last| last.parse::<u32>().is_ok());
    (is_name && !ends_in_number && (1..=253).contains(&name.len())).then_some(name)
}
