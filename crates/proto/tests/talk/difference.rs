//! The difference of two texts, line by line.

/// Lines of `old` that are gone after `-`, new ones after `+`, all others after a space.
pub(crate) fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let common = common_lengths(&old, &new);
    let (mut row, mut column) = (0, 0);
    let mut text = String::new();
    while row < old.len() || column < new.len() {
        let is_gone = column == new.len()
            || row < old.len() && common[row + 1][column] >= common[row][column + 1];
        if row < old.len() && column < new.len() && old[row] == new[column] {
            text += &format!("  {}\n", old[row]);
            (row, column) = (row + 1, column + 1);
        } else if row < old.len() && is_gone {
            text += &format!("- {}\n", old[row]);
            row += 1;
        } else {
            text += &format!("+ {}\n", new[column]);
            column += 1;
        }
    }
    text
}

/// How many lines the ends of both texts have in common, by where those ends begin.
fn common_lengths(old: &[&str], new: &[&str]) -> Vec<Vec<usize>> {
    let mut lengths = vec![vec![0; new.len() + 1]; old.len() + 1];
    for row in (0..old.len()).rev() {
        for column in (0..new.len()).rev() {
            lengths[row][column] = if old[row] == new[column] {
                lengths[row + 1][column + 1] + 1
            } else {
                lengths[row + 1][column].max(lengths[row][column + 1])
            };
        }
    }
    lengths
}
