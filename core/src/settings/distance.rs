//! Which known name a misspelt one was meant to be.

/// The candidate nearest to `name`, unless it takes more than a third of its letters to get there.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates
        .map(|it| (distance(name, it), it))
        .filter(|(steps, it)| *steps <= it.len() / 3)
        .min()
        .map(|(_, it)| it)
}

/// How many letters must be put in, taken out or changed to make `from` into `to`.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (deleted, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = deleted + 1;
        for (at, wanted) in to.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *wanted);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_too_many_or_too_few_is_forgiven() {
        check("LISTN", Some("LISTEN"));
        check("LISTTEN", Some("LISTEN"));
    }

    #[test]
    fn something_else_has_no_neighbour() {
        check("COLOUR", None);
    }

    #[track_caller]
    fn check(name: &str, expected: Option<&str>) {
        assert_eq!(nearest(name, ["LISTEN", "LEVEL"].into_iter()), expected);
    }
}
