//! Commands about lines of text.

use regex::bytes::{Regex, RegexBuilder};

use super::Place::{Bin, UserBin};
use super::{Call, Command, command};
use crate::base64;

pub(super) const COMMANDS: &[Command] = &[
    command("awk", UserBin, awk),
    command("base64", UserBin, base_64),
    command("cut", UserBin, cut),
    command("egrep", Bin, grep),
    command("fgrep", Bin, grep),
    command("grep", Bin, grep),
    command("head", UserBin, head),
    command("sort", UserBin, sort),
    command("tail", UserBin, tail),
    command("tr", UserBin, translate),
    command("uniq", UserBin, unique),
    command("wc", UserBin, count),
];

fn lines(bytes: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n')
}

/// How many lines, by `-n N` or `-N`.
fn wanted_lines(call: &Call<'_, '_>) -> usize {
    let short = call.words.iter().find_map(|word| word.strip_prefix('-')?.parse().ok());
    let given =
        call.value('n').and_then(|number| number.trim_start_matches(['-', '+']).parse().ok());
    short.or(given).unwrap_or(10)
}

fn head(call: &mut Call<'_, '_>) -> u8 {
    let bytes = call.value('c').and_then(|number| number.parse::<usize>().ok());
    let many = wanted_lines(call);
    let (_, operands) = call.split_with("nc");
    let (contents, status) = call.contents(&operands);
    let shown = match bytes {
        Some(bytes) => contents.get(..bytes.min(contents.len())).unwrap_or_default().to_vec(),
        None => lines(&contents).take(many).collect::<Vec<_>>().concat(),
    };
    call.say_bytes(&shown);
    status
}

fn tail(call: &mut Call<'_, '_>) -> u8 {
    let from_start = call.value('n').is_some_and(|number| number.starts_with('+'));
    let many = wanted_lines(call);
    let (_, operands) = call.split_with("nc");
    let (contents, status) = call.contents(&operands);
    let all = lines(&contents).count();
    let skipped = if from_start { many.saturating_sub(1) } else { all.saturating_sub(many) };
    let shown = lines(&contents).skip(skipped).collect::<Vec<_>>().concat();
    call.say_bytes(&shown);
    status
}

/// Largest memory that a pattern may take, in bytes: nobody types a longer one.
const PATTERN: usize = 1 << 16;

fn grep(call: &mut Call<'_, '_>) -> u8 {
    let (letters, mut operands) = call.split_with("ABCm");
    let pattern = if operands.is_empty() { None } else { Some(operands.remove(0)) };
    let Some(regex) = pattern.and_then(|pattern| compiled(&pattern, &letters, call.name)) else {
        call.usage("[-HhnlLoqvsriwFE] PATTERN [FILE]...");
        return 2;
    };
    let (contents, status) = call.contents(&operands);
    let is_turned = letters.contains('v');
    let found: Vec<&[u8]> = lines(&contents)
        .filter(|line| regex.is_match(line.strip_suffix(b"\n").unwrap_or(line)) != is_turned)
        .collect();
    let is_found = !found.is_empty();
    if letters.contains('c') {
        call.say(&format!("{}\n", found.len()));
    } else if !letters.contains('q') {
        let end = if found.last().is_some_and(|line| !line.ends_with(b"\n")) { "\n" } else { "" };
        call.say_bytes(&found.concat());
        call.say(end);
    }
    if status != 0 { 2 } else { u8::from(!is_found) }
}

/// A pattern of `grep`: nothing if it is none.
fn compiled(pattern: &str, letters: &str, name: &str) -> Option<Regex> {
    let plain = name == "fgrep" || letters.contains('F');
    let extended = name == "egrep" || letters.contains('E');
    let mut text = match (plain, extended) {
        (true, _) => regex::escape(pattern),
        (_, true) => pattern.to_owned(),
        _ => basic(pattern),
    };
    if letters.contains('w') {
        text = format!(r"\b(?:{text})\b");
    }
    let mut builder = RegexBuilder::new(&text);
    builder.unicode(false).case_insensitive(letters.contains('i')).size_limit(PATTERN);
    builder.build().ok()
}

/// A basic expression: what is special there with a backslash is so here without one, and the other
/// way round (POSIX.1-2024, XBD §9.3).
fn basic(pattern: &str) -> String {
    let (mut out, mut rest) = (String::new(), pattern.chars());
    while let Some(one) = rest.next() {
        match one {
            '\\' => match rest.next() {
                Some(special) if "(){}+?|".contains(special) => out.push(special),
                Some(other) => out.extend(['\\', other]),
                None => out.push_str("\\\\"),
            },
            special if "(){}+?|".contains(special) => out.extend(['\\', special]),
            other => out.push(other),
        }
    }
    out
}

fn sort(call: &mut Call<'_, '_>) -> u8 {
    let (letters, operands) = call.split_with("kto");
    let (contents, status) = call.contents(&operands);
    let mut all: Vec<&[u8]> = lines(&contents).collect();
    if letters.contains('n') {
        all.sort_by_key(|line| leading_number(line));
    } else {
        all.sort_unstable();
    }
    if letters.contains('r') {
        all.reverse();
    }
    if letters.contains('u') {
        all.dedup();
    }
    call.say_bytes(&all.concat());
    status
}

fn leading_number(line: &[u8]) -> i64 {
    let text = String::from_utf8_lossy(line);
    let digits: String = text.trim().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_default()
}

fn unique(call: &mut Call<'_, '_>) -> u8 {
    let (letters, operands) = call.split();
    let (contents, status) = call.contents(&operands);
    let mut groups: Vec<(usize, &[u8])> = Vec::new();
    for line in lines(&contents) {
        match groups.last_mut() {
            Some((count, last)) if *last == line => *count += 1,
            _ => groups.push((1, line)),
        }
    }
    for (count, line) in groups {
        if letters.contains('c') {
            call.say(&format!("{count:>7} "));
        }
        call.say_bytes(line);
    }
    status
}

/// Fields of lines; `-d` says what is between them.
fn cut(call: &mut Call<'_, '_>) -> u8 {
    let delimiter = call.value('d').and_then(|text| text.bytes().next()).unwrap_or(b'\t');
    let Some(wanted) = call.value('f') else { return call.usage("[OPTIONS] [FILE]...") };
    let wanted: Vec<usize> = wanted.split([',', '-']).filter_map(|one| one.parse().ok()).collect();
    let (_, operands) = call.split_with("dfc");
    let (contents, status) = call.contents(&operands);
    for line in lines(&contents) {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let fields: Vec<&[u8]> = line.split(|byte| *byte == delimiter).collect();
        let chosen = wanted.iter().filter_map(|place| fields.get(place.checked_sub(1)?).copied());
        let chosen: Vec<&[u8]> = chosen.collect();
        call.say_bytes(&[&chosen.join(&delimiter), b"\n".as_slice()].concat());
    }
    status
}

/// Letters into others, or out.
fn translate(call: &mut Call<'_, '_>) -> u8 {
    let (letters, operands) = call.split();
    let set = |place: usize| -> Vec<u8> {
        let text = operands.get(place).map(String::as_str).unwrap_or_default();
        let (text, _) = crate::shell::bytes::unescaped(text);
        ranges(&crate::shell::bytes::bytes(&text))
    };
    let (from, to) = (set(0), set(1));
    let is_out = letters.contains('d');
    let mut table: [Option<u8>; 256] = std::array::from_fn(|byte| u8::try_from(byte).ok());
    for (place, byte) in from.iter().enumerate() {
        if let Some(meant) = table.get_mut(usize::from(*byte)) {
            let other = to.get(place).or_else(|| to.last()).copied();
            *meant = if is_out { None } else { other.or(*meant) };
        }
    }
    let input = call.io.input.take_all();
    let meant = |byte: &u8| table.get(usize::from(*byte)).copied().flatten();
    let translated: Vec<u8> = input.iter().filter_map(meant).collect();
    call.say_bytes(&translated);
    0
}

/// `a-z` written out.
fn ranges(mut set: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    while let [first, after @ ..] = set {
        match after {
            [b'-', last, rest @ ..] => {
                all.extend(*first..=*last);
                set = rest;
            }
            rest => {
                all.push(*first);
                set = rest;
            }
        }
    }
    all
}

fn count(call: &mut Call<'_, '_>) -> u8 {
    let (letters, operands) = call.split();
    let (contents, status) = call.contents(&operands);
    let words = contents.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count();
    let newlines = contents.iter().filter(|byte| **byte == b'\n').count();
    let all = [('l', newlines), ('w', words), ('c', contents.len())];
    let wanted = all.iter().filter(|(letter, _)| letters.is_empty() || letters.contains(*letter));
    let numbers: Vec<String> = wanted.map(|(_, number)| number.to_string()).collect();
    let line = match (numbers.as_slice(), operands.as_slice()) {
        ([one], []) => format!("{one}\n"),
        (_, names) => {
            let columns: String = numbers.iter().map(|number| format!("{number:>10}")).collect();
            format!("{columns} {}\n", names.join(" ")).replace(" \n", "\n")
        }
    };
    call.say(&line);
    status
}

fn base_64(call: &mut Call<'_, '_>) -> u8 {
    let (letters, operands) = call.split_with("w");
    let (contents, status) = call.contents(&operands);
    if letters.contains('d') {
        let text: String = contents
            .iter()
            .filter(|byte| !byte.is_ascii_whitespace())
            .map(|byte| char::from(*byte))
            .collect();
        match base64::decoded(&text) {
            Some(decoded) => call.say_bytes(&decoded),
            None => return call.complain("invalid input"),
        }
    } else {
        call.say(&(base64::encoded(&contents) + "\n"));
    }
    status
}

/// The one thing scripts use it for: fields of lines, of the line with a number if one is given.
fn awk(call: &mut Call<'_, '_>) -> u8 {
    let separator = call.value('F');
    let (_, operands) = call.split_with("Fv");
    let Some((program, files)) = operands.split_first() else {
        return call.usage("[OPTIONS] [AWK_PROGRAM] [FILE]...");
    };
    let (condition, action) = program.split_once('{').unwrap_or(("", ""));
    let wanted =
        condition.split_once("==").and_then(|(_, number)| number.trim().parse::<usize>().ok());
    let action = action.trim_end().trim_end_matches(['}', ';', ' ']).trim();
    let Some(printed) = action.strip_prefix("print") else {
        return call.complain("cmd. line:1: Unexpected token");
    };
    let printed: Vec<&str> = printed.split(',').map(str::trim).collect();
    let (contents, status) = call.contents(files);
    for (number, line) in (1..).zip(lines(&contents)) {
        if wanted.is_some_and(|wanted| wanted != number) {
            continue;
        }
        let line = crate::shell::bytes::text(line.strip_suffix(b"\n").unwrap_or(line));
        let fields = printed.iter().map(|term| term_value(term, &line, separator.as_deref()));
        let text = fields.collect::<Vec<_>>().join(" ");
        call.say(&(text + "\n"));
    }
    status
}

/// How long a line gets that is put together.
const LONGEST: usize = 1 << 16;

/// A field, or text in quotes; terms side by side are put together.
fn term_value(terms: &str, line: &str, separator: Option<&str>) -> String {
    if terms.is_empty() {
        return line.to_owned();
    }
    let fields: Vec<&str> = match separator {
        Some(separator) if !separator.is_empty() => line.split(separator).collect(),
        _ => line.split_whitespace().collect(),
    };
    let (mut out, mut rest) = (String::new(), terms);
    while let Some(one) = rest.chars().next().filter(|_| out.len() < LONGEST) {
        if let Some(after) = rest.strip_prefix('"') {
            let (text, later) = after.split_once('"').unwrap_or((after, ""));
            out.push_str(text);
            rest = later;
            continue;
        }
        let digits: String = rest.chars().skip(1).take_while(char::is_ascii_digit).collect();
        if one == '$' {
            match digits.parse::<usize>() {
                Ok(0) => out.push_str(line),
                Ok(place) => out.push_str(fields.get(place - 1).copied().unwrap_or_default()),
                Err(_) if rest.starts_with("$NF") => {
                    out.push_str(fields.last().copied().unwrap_or_default())
                }
                Err(_) => {}
            }
        }
        let used = if one == '$' { 1 + digits.len() } else { one.len_utf8() };
        rest = rest.get(used..).unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_expressions_are_turned_inside_out() {
        assert_eq!(basic(r"a+\|b(c)\{2\}"), r"a\+|b\(c\){2}");
        assert!(compiled(r"^model.*\(ARM\|x\)", "", "grep").unwrap().is_match(b"model name ARM"));
        assert!(compiled("a{1000}{1000}{1000}", "", "egrep").is_none());
    }

    #[test]
    fn terms_are_fields_and_texts() {
        assert_eq!(term_value("$2\"-\"$1", "a b", None), "b-a");
        assert_eq!(term_value("$NF", "a:b", Some(":")), "b");
        assert_eq!(term_value("", "a b", None), "a b");
    }
}
