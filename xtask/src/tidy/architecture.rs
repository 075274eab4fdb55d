//! The crate table of ARCHITECTURE.md: the one place that says which crates there are, what each
//! is for, and what it may depend on.

/// One row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) sentence: String,
    pub(super) may_use: Allowed,
}

/// What a crate may depend on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    /// Any crate; it is for development only, so no other crate may be built on it.
    Development,
    /// Any crate that ships.
    Everything,
    /// These of ours.
    Only(Vec<String>),
}

/// Where the table is.
pub(super) const PAGE: &str = "ARCHITECTURE.md";

/// Reads the rows whose first cell is a name in backticks, below the heading `Crates`.
pub(super) fn rows(page: &str) -> Vec<Row> {
    let section = page.lines().skip_while(|line| *line != "## Crates").skip(1);
    section.take_while(|line| !line.starts_with("## ")).filter_map(row).collect()
}

fn row(line: &str) -> Option<Row> {
    let cells: Vec<&str> = line.strip_prefix('|')?.strip_suffix('|')?.split('|').collect();
    let [name, sentence, may_use] = cells.as_slice() else { return None };
    let name = name.trim().strip_prefix('`')?.strip_suffix('`')?;
    let may_use = match may_use.trim() {
        "all" => Allowed::Everything,
        "development" => Allowed::Development,
        "–" => Allowed::Only(Vec::new()),
        list => Allowed::Only(list.split(',').map(|name| name.trim().to_owned()).collect()),
    };
    Some(Row { name: name.to_owned(), sentence: sentence.trim().to_owned(), may_use })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_and_headings_are_not() {
        let page = "## Crates\n\n| crate | its sentence | may depend on |\n|---|---|---|\n\
                    | `model` | Words. | – |\n| `store` | SQL. | model |\n| `app` | All. | all |\n\
                    | `kit` | Tests. | development |\n\n## Next\n\n| `no` | No. | – |\n";
        let rows = rows(page);
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["model", "store", "app", "kit"]);
        assert_eq!(rows[1].may_use, Allowed::Only(vec!["model".to_owned()]));
        assert_eq!(rows[3].may_use, Allowed::Development);
    }
}
