//! Puts modules and services in the order they are set up.
//!
//! Each comes after everything it depends on. Of those that are ready, the one listed first
//! goes first.
//!
//! **Invariant:** the order is a function of the list alone, never of hashing or of time, so
//! every server of one project sets up in the same order.

use std::{error, fmt, sync::Arc};

use crate::{Module, Service};

/// Something that is set up after what it depends on.
pub(crate) trait Ordered: Clone {
    /// What it is called in a sentence.
    const KIND: &'static str;

    /// Its name among its like.
    fn name(&self) -> &'static str;

    /// The names of what must be set up before.
    fn depends(&self) -> Vec<&'static str>;
}

/// Why a list has no order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum OrderError {
    /// Two have one name.
    Duplicate { kind: &'static str, name: &'static str },
    /// One depends on another that is not listed.
    Missing { kind: &'static str, name: &'static str, depends: &'static str },
    /// These wait for each other, or for one that does.
    Cycle { kind: &'static str, names: Vec<&'static str> },
}

/// Orders `items` so that each comes after everything it depends on; what is named in `before`
/// has been set up already.
///
/// # Errors
/// Every fault of the list; a cycle only when nothing else is wrong.
pub(crate) fn setup_order<T: Ordered>(
    items: &[T],
    before: &[&'static str],
) -> Result<Vec<T>, Vec<OrderError>> {
    let faults = faults(items, before);
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut waiting = items.to_vec();
    let mut placed: Vec<T> = Vec::with_capacity(items.len());
    while !waiting.is_empty() {
        let is_done = |name| before.contains(&name) || placed.iter().any(|it| it.name() == name);
        let is_ready = |it: &T| it.depends().into_iter().all(is_done);
        let Some(next) = waiting.iter().position(is_ready) else {
            let names = waiting.iter().map(T::name).collect();
            return Err(vec![OrderError::Cycle { kind: T::KIND, names }]);
        };
        placed.push(waiting.remove(next));
    }
    Ok(placed)
}

/// Names that stand twice, and dependencies that stand nowhere.
fn faults<T: Ordered>(items: &[T], before: &[&'static str]) -> Vec<OrderError> {
    let kind = T::KIND;
    let mut faults = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let name = item.name();
        if items[..at].iter().any(|it| it.name() == name) || before.contains(&name) {
            faults.push(OrderError::Duplicate { kind, name });
        }
        for depends in item.depends() {
            if !before.contains(&depends) && !items.iter().any(|it| it.name() == depends) {
                faults.push(OrderError::Missing { kind, name, depends });
            }
        }
    }
    faults
}

impl Ordered for Module {
    const KIND: &'static str = "module";

    fn name(&self) -> &'static str {
        self.name
    }

    fn depends(&self) -> Vec<&'static str> {
        self.depends.iter().map(|it| it.name).collect()
    }
}

impl Ordered for Arc<dyn Service> {
    const KIND: &'static str = "service";

    fn name(&self) -> &'static str {
        self.as_ref().name()
    }

    fn depends(&self) -> Vec<&'static str> {
        self.as_ref().depends().to_vec()
    }
}

impl fmt::Display for OrderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate { kind, name } => {
                write!(f, "two {kind}s are called `{name}`; take one away or rename it")
            }
            Self::Missing { kind, name, depends } => {
                write!(
                    f,
                    "{kind} `{name}` needs `{depends}`, which is not there to be set up before it; add it"
                )
            }
            Self::Cycle { kind, names } => {
                let names = names.join(", ");
                write!(f, "the {kind}s {names} wait for each other; take one out of a `depends`")
            }
        }
    }
}

impl error::Error for OrderError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_those_ready_the_first_listed_goes_first() {
        check(
            &[item("sales", &["users"]), item("chat", &[]), item("users", &[])],
            "chat users sales",
        );
    }

    #[test]
    fn what_was_set_up_before_need_not_be_listed() {
        check(&[item("jobs", &["database"])], "jobs");
    }

    #[test]
    fn every_missing_one_is_named() {
        check(
            &[item("sales", &["users"]), item("chat", &["files"])],
            "thing `sales` needs `users`, which is not there to be set up before it; add it\n\
             thing `chat` needs `files`, which is not there to be set up before it; add it",
        );
    }

    #[test]
    fn a_name_stands_once() {
        check(
            &[item("users", &[]), item("users", &[]), item("database", &[])],
            "two things are called `users`; take one away or rename it\n\
             two things are called `database`; take one away or rename it",
        );
    }

    #[test]
    fn those_that_wait_for_each_other_are_named() {
        check(
            &[item("a", &["b"]), item("b", &["a"]), item("c", &[])],
            "the things a, b wait for each other; take one out of a `depends`",
        );
    }

    /// Orders `items` after `database` and compares the names, or else the faults.
    #[track_caller]
    fn check(items: &[Item], expected: &str) {
        let actual = match setup_order(items, &["database"]) {
            Ok(placed) => placed.iter().map(Item::name).collect::<Vec<_>>().join(" "),
            Err(faults) => faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        };
        assert_eq!(actual, expected);
    }

    #[derive(Clone)]
    struct Item {
        name: &'static str,
        depends: &'static [&'static str],
    }

    fn item(name: &'static str, depends: &'static [&'static str]) -> Item {
        Item { name, depends }
    }

    impl Ordered for Item {
        const KIND: &'static str = "thing";

        fn name(&self) -> &'static str {
            self.name
        }

        fn depends(&self) -> Vec<&'static str> {
            self.depends.to_vec()
        }
    }
}
