//! The statements that one connection keeps prepared: a bounded list, least recently used out.
//!
//! A text is admitted when it comes the second time; the first time it is only remembered, for
//! preparing costs a round trip that a text which never returns does not pay back.
//!
//! Letting go of a statement closes it on the server; `S` does that when it is dropped.

use std::collections::HashMap;

use crate::pg::ParamType;

/// How many texts a connection remembers at most.
pub(super) const KEPT_MAX: usize = 256;

/// Texts with their statements.
pub(super) struct Kept<S> {
    texts: HashMap<Box<str>, Text<S>>,
    /// Counts uses, and so orders them.
    clock: u64,
}

struct Text<S> {
    statement: Option<S>,
    types: Box<[ParamType]>,
    used: u64,
}

/// What a connection knows of a text.
#[derive(Debug, PartialEq)]
pub(super) enum Known<S> {
    /// Nothing until now, or other types of parameters.
    First,
    /// It was sent before and should be prepared.
    Again,
    /// It is prepared.
    Prepared(S),
}

impl<S: Clone> Kept<S> {
    pub(super) fn new() -> Self {
        Self { texts: HashMap::new(), clock: 0 }
    }

    /// What is known of a text that is about to be sent.
    pub(super) fn look_up(&mut self, sql: &str, types: &[ParamType]) -> Known<S> {
        self.clock += 1;
        match self.texts.get_mut(sql) {
            Some(text) if *text.types == *types => {
                text.used = self.clock;
                text.statement.clone().map_or(Known::Again, Known::Prepared)
            }
            _ => {
                self.remember(sql, types, None);
                Known::First
            }
        }
    }

    /// Keeps what was prepared for a text.
    pub(super) fn keep(&mut self, sql: &str, types: &[ParamType], statement: S) {
        self.remember(sql, types, Some(statement));
    }

    /// Lets go of the statement of a text, which is prepared anew when it comes again.
    pub(super) fn let_go(&mut self, sql: &str) {
        if let Some(text) = self.texts.get_mut(sql) {
            text.statement = None;
        }
    }

    /// Lets go of all statements.
    pub(super) fn let_go_of_all(&mut self) {
        self.texts.values_mut().for_each(|it| it.statement = None);
    }

    fn remember(&mut self, sql: &str, types: &[ParamType], statement: Option<S>) {
        if self.texts.len() == KEPT_MAX && !self.texts.contains_key(sql) {
            self.forget_the_oldest();
        }
        let text = Text { statement, types: types.into(), used: self.clock };
        self.texts.insert(sql.into(), text);
    }

    /// Looks through all of them: only a new text pays for it, and only when the list is full.
    fn forget_the_oldest(&mut self) {
        let oldest = self.texts.iter().min_by_key(|(_, it)| it.used).map(|(sql, _)| sql.clone());
        if let Some(sql) = oldest {
            self.texts.remove(&sql);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PgType;

    const INT: &[ParamType] = &[ParamType::one(PgType::Int8)];
    const TEXT: &[ParamType] = &[ParamType::one(PgType::Text)];

    #[test]
    fn a_text_is_admitted_when_it_comes_again() {
        check(&["a", "a", "a", "b"], "a:first a:again a:a b:first");
    }

    #[test]
    fn other_types_of_parameters_begin_anew() {
        let mut kept = Kept::new();
        kept.keep("a", INT, 1);
        assert_eq!(kept.look_up("a", TEXT), Known::First);
        assert_eq!(kept.look_up("a", INT), Known::First);
    }

    #[test]
    fn a_statement_let_go_is_prepared_anew() {
        let mut kept = Kept::new();
        kept.keep("a", INT, 1);
        kept.keep("b", INT, 2);
        kept.let_go("a");
        assert_eq!(kept.look_up("a", INT), Known::Again);
        assert_eq!(kept.look_up("b", INT), Known::Prepared(2));
        kept.let_go_of_all();
        assert_eq!(kept.look_up("b", INT), Known::Again);
    }

    #[test]
    fn the_least_recently_used_text_goes_first() {
        let mut kept = Kept::new();
        for at in 0..KEPT_MAX {
            kept.keep(&at.to_string(), INT, at);
            kept.look_up(&at.to_string(), INT);
        }
        kept.look_up("0", INT);
        kept.look_up("one more", INT);
        assert_eq!(kept.texts.len(), KEPT_MAX);
        assert_eq!(kept.look_up("0", INT), Known::Prepared(0));
        assert_eq!(kept.look_up("2", INT), Known::Prepared(2));
        assert_eq!(kept.look_up("1", INT), Known::First);
    }

    /// Sends `texts` one after the other, preparing those that come again, and compares what
    /// was known of each with `expected`.
    #[track_caller]
    fn check(texts: &[&str], expected: &str) {
        let mut kept = Kept::new();
        let known: Vec<_> = texts
            .iter()
            .map(|sql| match kept.look_up(sql, INT) {
                Known::First => format!("{sql}:first"),
                Known::Again => {
                    kept.keep(sql, INT, (*sql).to_owned());
                    format!("{sql}:again")
                }
                Known::Prepared(it) => format!("{sql}:{it}"),
            })
            .collect();
        assert_eq!(known.join(" "), expected);
    }
}
