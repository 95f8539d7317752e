//! An error in one sentence, for whoever is told of it in another way than by an answer.

use std::time::Duration;

use crate::{
    Error,
    http::problem::{Problem, body, problem_of, retry_after},
    i18n::Texts,
};

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// For programs: that of the problem that a request would be answered with.
    pub code: String,
    /// For people.
    pub message: String,
    /// How soon the same may go well, where it may.
    pub retry_after: Option<Duration>,
}

/// An error as a sentence in a language. A fault of ours says no more than that it is one.
pub fn in_a_sentence(error: &Error, texts: &Texts, language: &'static str) -> Sentence {
    let problem: Problem<'_> = problem_of(error);
    let message = match problem.violations.first() {
        Some(fault) => body::message(fault, texts, language),
        None => body::title(&problem, texts, language),
    };
    Sentence { code: problem.code.to_owned(), message, retry_after: retry_after(error) }
}
