//! Names out of names: snake case, words, singular and plural, and the name that was meant.

/// Whether it may name a table, a field or a key: `[a-z][a-z0-9_]*`.
pub(crate) fn is_plain(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_lowercase())
        && name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_')
}

/// `InProgress` → `in_progress`, `HTTPError` → `http_error`.
pub(crate) fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let is_after_small = at > 0 && !letters[at - 1].is_uppercase() && letters[at - 1] != '_';
        let is_before_small = at > 0 && letters.get(at + 1).is_some_and(|it| it.is_lowercase());
        if letter.is_uppercase() && (is_after_small || is_before_small) && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// `set_null` → `SetNull`.
pub(crate) fn pascal_case(name: &str) -> String {
    name.split('_').map(capitalized).collect()
}

/// `InProgress` → `In progress`.
pub(crate) fn in_words(name: &str) -> String {
    capitalized(&snake_case(name).replace('_', " "))
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |it| it.to_uppercase().chain(letters).collect())
}

/// `categories` → `category`, `boxes` → `box`, `tags` → `tag`; a word without `s` stays.
pub(crate) fn singular(word: &str) -> String {
    const WITH_E: [&str; 6] = ["sses", "shes", "ches", "xes", "zzes", "tuses"];
    if let Some(stem) = word.strip_suffix("ies") {
        format!("{stem}y")
    } else if WITH_E.iter().any(|it| word.ends_with(it)) {
        word[..word.len() - 2].to_owned()
    } else if word.ends_with("ss") {
        word.to_owned()
    } else {
        word.strip_suffix('s').unwrap_or(word).to_owned()
    }
}

/// `category` → `categories`, `box` → `boxes`, `tag` → `tags`.
pub(crate) fn plural(word: &str) -> String {
    const WITH_E: [&str; 5] = ["s", "sh", "ch", "x", "z"];
    const VOWEL_Y: [&str; 4] = ["ay", "ey", "oy", "uy"];
    match word.strip_suffix('y') {
        Some(stem) if !VOWEL_Y.iter().any(|it| word.ends_with(it)) => format!("{stem}ies"),
        _ if WITH_E.iter().any(|it| word.ends_with(it)) => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

/// The candidate that was probably meant, if one is near enough.
pub(crate) fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let far = (word.chars().count() + 1) / 3;
    let near = candidates.into_iter().map(|it| (distance(word, it), it));
    near.filter(|(away, _)| *away <= far).min_by_key(|(away, _)| *away).map(|(_, it)| it)
}

/// How many letters must be put in, taken out or changed to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, compared) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *compared);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_become_snake_case() {
        check(
            snake_case,
            "Goods=goods InProgress=in_progress HTTPError=http_error Level2=level2 \
             Level2Plus=level2_plus A=a USDollar=us_dollar Снято=снято",
        );
    }

    #[test]
    fn words_become_pascal_case() {
        check(pascal_case, "set_null=SetNull all=All");
    }

    #[test]
    fn plurals_become_singular() {
        check(
            singular,
            "tags=tag categories=category companies=company boxes=box addresses=address \
             branches=branch statuses=status warehouses=warehouse purchases=purchase \
             prices=price address=address children=children days=day implies=imply",
        );
    }

    #[test]
    fn singulars_become_plural() {
        check(
            plural,
            "tag=tags category=categories box=boxes address=addresses branch=branches day=days",
        );
    }

    #[test]
    fn a_label_is_the_name_in_words() {
        assert_eq!(in_words("WaitsForGoods"), "Waits for goods");
    }

    #[test]
    fn the_nearest_name_is_meant_and_a_far_one_is_not() {
        let known = ["unique", "index", "max", "min"];
        let meant = |word| closest(word, known).unwrap_or("-");
        let actual = ["uniqe", "indx", "mx", "inherits", "mim", "date"].map(meant);
        assert_eq!(actual, ["unique", "index", "max", "-", "min", "-"]);
    }

    /// Puts the left side of each pair through `change` and compares with the right side.
    #[track_caller]
    fn check(change: fn(&str) -> String, pairs: &str) {
        let actual: Vec<String> = pairs
            .split_whitespace()
            .filter_map(|it| it.split_once('='))
            .map(|(from, _)| format!("{from}={}", change(from)))
            .collect();
        assert_eq!(actual.join(" "), pairs);
    }
}
