//! Which names an author's SQL expression speaks of.
//!
//! Not a parser of SQL: it finds words, and leaves out what cannot be a column. PostgreSQL reads
//! the expression when the constraint is made.

/// What is wrong with an expression, or the names in it that may be columns.
pub(crate) fn names_in(expression: &str) -> Result<Vec<String>, &'static str> {
    let mut names = Vec::new();
    let mut open = 0_i32;
    let mut rest = expression;
    while let Some(first) = rest.chars().next() {
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        match first {
            '\'' | '"' => {
                let end = rest[1..].find(first).ok_or("has a quote that does not end")?;
                if first == '"' {
                    names.push(rest[1..=end].to_owned());
                }
                rest = &rest[end + 2..];
            }
            ':' if rest.starts_with("::") => {
                rest = rest[2..].trim_start().trim_start_matches(is_word);
            }
            it if it.is_alphabetic() || it == '_' => {
                let end = rest.find(|it| !is_word(it)).unwrap_or(rest.len());
                let word = rest[..end].to_lowercase();
                rest = &rest[end..];
                if !rest.trim_start().starts_with('(') && !SQL.contains(&word.as_str()) {
                    names.push(word);
                }
            }
            it => {
                open += i32::from(it == '(') - i32::from(it == ')');
                if it == ';' || open < 0 || rest.starts_with("--") || rest.starts_with("/*") {
                    return Err("is more than one expression");
                }
                let end = match it.is_ascii_digit() {
                    true => rest.find(|it| !is_word(it)).unwrap_or(rest.len()),
                    false => it.len_utf8(),
                };
                rest = &rest[end..];
            }
        }
    }
    if open > 0 { Err("has a parenthesis that does not end") } else { Ok(names) }
}

/// Words of expressions that are no columns, unless in quotes.
const SQL: [&str; 52] = [
    "all",
    "and",
    "any",
    "array",
    "as",
    "at",
    "between",
    "case",
    "cast",
    "collate",
    "current_date",
    "current_time",
    "current_timestamp",
    "date",
    "day",
    "distinct",
    "double",
    "else",
    "end",
    "epoch",
    "exists",
    "extract",
    "false",
    "for",
    "from",
    "hour",
    "ilike",
    "in",
    "interval",
    "is",
    "isnull",
    "like",
    "minute",
    "month",
    "not",
    "notnull",
    "null",
    "numeric",
    "or",
    "precision",
    "second",
    "similar",
    "some",
    "symmetric",
    "then",
    "time",
    "timestamp",
    "to",
    "true",
    "when",
    "year",
    "zone",
];

#[cfg(test)]
mod tests {
    use super::names_in;

    #[test]
    fn columns_are_told_from_all_else() {
        check("starts_on <= ends_on", "starts_on ends_on");
        check("char_length(code) = 3 and code ~ '^[a-z]+$'", "code code");
        check("(rate is null) or rate::numeric(5, 2) between 0 and 1e2", "rate rate");
        check("extract(year from \"date\") > 1999", "date");
        check("kind = 'it''s' and Amount > .5", "kind amount");
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for (wrong, why) in [
            ("a < b; drop table x", "is more than one expression"),
            ("a < b) or (true", "is more than one expression"),
            ("a < b -- c", "is more than one expression"),
            ("(a < b", "has a parenthesis that does not end"),
            ("a = 'b", "has a quote that does not end"),
        ] {
            assert_eq!(names_in(wrong), Err(why), "{wrong}");
        }
    }

    #[track_caller]
    fn check(expression: &str, names: &str) {
        assert_eq!(names_in(expression).map(|it| it.join(" ")), Ok(names.to_owned()));
    }
}
