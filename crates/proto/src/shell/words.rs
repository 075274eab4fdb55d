//! What words become before a command gets them: variables, output of others, names in folders.

use super::bytes::text;
use super::grammar::{Piece, Quoting, Word};
use super::image;
use super::run::{Io, Leaving, Run};
use super::tree::absolute;

/// A word on its way.
#[derive(Default)]
struct Field {
    text: String,
    is_pattern: bool,
    /// Even if it is empty: it was quoted.
    is_there: bool,
}

impl Run<'_> {
    /// The words that a command gets.
    pub(super) fn expand(&mut self, words: &[Word]) -> Vec<String> {
        let mut expanded = Vec::new();
        for word in words {
            for field in self.fields(word) {
                let names = if field.is_pattern { self.matching(&field.text) } else { Vec::new() };
                if names.is_empty() {
                    expanded.push(field.text);
                } else {
                    expanded.extend(names);
                }
            }
        }
        expanded
    }

    /// A word that stays one, whatever is in it.
    pub(super) fn expand_to_one(&mut self, word: &Word) -> String {
        let fields = self.fields(word).into_iter().map(|field| field.text);
        fields.collect::<Vec<_>>().join(" ")
    }

    fn fields(&mut self, word: &Word) -> Vec<Field> {
        let (mut done, mut field) = (Vec::new(), Field::default());
        for (place, piece) in word.0.iter().enumerate() {
            match piece {
                Piece::Quoted(text) => {
                    field.text.push_str(text);
                    field.is_there = true;
                }
                Piece::Plain(text) => {
                    field.is_pattern |= text.contains(['*', '?']);
                    match text.strip_prefix('~').filter(|_| place == 0) {
                        Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                            field.text += &format!("/root{rest}");
                        }
                        _ => field.text.push_str(text),
                    }
                    field.is_there = true;
                }
                Piece::Variable { name, fallback, quoting } => {
                    let value = self.value(name).unwrap_or_else(|| fallback.clone());
                    let value = if self.spend(value.len()) { value } else { String::new() };
                    put(&value, *quoting, &mut field, &mut done);
                }
                Piece::Output(list, quoting) => {
                    let mut io = Io { output: self.buffer(), ..Io::of_terminal() };
                    self.list(list, &mut io);
                    self.leaving.take_if(|leaving| *leaving == Leaving::Exit);
                    let value = text(&self.take_buffer(io.output));
                    put(value.trim_end_matches('\n'), *quoting, &mut field, &mut done);
                }
            }
        }
        if field.is_there {
            done.push(field);
        }
        done
    }

    /// What a variable stands for, if it is set.
    fn value(&self, name: &str) -> Option<String> {
        match name {
            "?" => Some(self.state.status.to_string()),
            "$" => Some(image::PID.to_string()),
            "#" => Some("0".to_owned()),
            "0" => Some("-sh".to_owned()),
            "PWD" => Some(self.state.folder.clone()),
            "HOSTNAME" => Some(self.device.host().to_owned()),
            _ => self.state.variables.get(name).filter(|value| !value.is_empty()).cloned(),
        }
    }

    /// Paths that fit a pattern, as they are written.
    fn matching(&mut self, pattern: &str) -> Vec<String> {
        let (before, last) = match pattern.rsplit_once('/') {
            Some((before, last)) => (format!("{before}/"), last),
            None => (String::new(), pattern),
        };
        if before.contains(['*', '?']) {
            return Vec::new();
        }
        let folder = absolute(&self.state.folder, &before);
        let names = self.names(&folder);
        let cost: usize = names.iter().map(|name| name.len() * last.len() / 16).sum();
        if !self.spend(cost) {
            return Vec::new();
        }
        let shown =
            names.into_iter().filter(|name| !name.starts_with('.') || last.starts_with('.'));
        shown.filter(|name| fits(name, last)).map(|name| format!("{before}{name}")).collect()
    }
}

/// Adds a value to the word, or words of it.
fn put(value: &str, quoting: Quoting, field: &mut Field, done: &mut Vec<Field>) {
    if quoting == Quoting::Quoted {
        field.text.push_str(value);
        field.is_there = true;
        return;
    }
    let mut words = value.split_ascii_whitespace();
    if value.starts_with(|one: char| one.is_ascii_whitespace()) && field.is_there {
        done.push(std::mem::take(field));
    }
    if let Some(first) = words.next() {
        field.text.push_str(first);
        field.is_there = true;
    }
    for word in words {
        done.push(std::mem::take(field));
        *field = Field { text: word.to_owned(), is_there: true, is_pattern: false };
    }
}

/// Whether a name fits a pattern with `*` and `?`: in time that grows with both, not with more.
pub(super) fn fits(name: &str, pattern: &str) -> bool {
    let (name, pattern): (Vec<char>, Vec<char>) =
        (name.chars().collect(), pattern.chars().collect());
    let (mut at, mut next, mut star) = (0, 0, None);
    while at < name.len() {
        match pattern.get(next) {
            Some('*') => {
                star = Some((next, at));
                next += 1;
            }
            Some(one) if *one == '?' || name.get(at) == Some(one) => {
                at += 1;
                next += 1;
            }
            _ => match star {
                Some((before, from)) => {
                    star = Some((before, from + 1));
                    (next, at) = (before + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern.get(next..).unwrap_or_default().iter().all(|one| *one == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_patterns() {
        for (name, pattern, is_fit) in [
            ("mirai.arm", "*.arm", true),
            ("mirai.arm7", "*.arm", false),
            ("a", "?", true),
            ("", "*", true),
            ("abc", "a*b*c*", true),
            ("abd", "a*b*c", false),
        ] {
            assert_eq!(fits(name, pattern), is_fit, "{name} {pattern}");
        }
    }
}
