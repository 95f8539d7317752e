//! JSON in both directions: bodies become a tree of raw leaves, values become text.
//!
//! **Invariant:** a number is never a float on its way. Each kind of field takes its leaf as it
//! was sent and gives its own text back.

mod body;
mod leaf;
mod number;

mod digits;
mod write;

#[cfg(test)]
mod outcome;

#[cfg(test)]
pub(crate) use crate::json::outcome::{any_field, checked, parsed, parsed_text, written};
pub use crate::json::{
    body::{Node, Object, parse_node, parse_object},
    write::{field, key, string, value},
};
pub(crate) use crate::json::{
    digits::{four_digits, read_digits, six_digits, two_digits},
    number::{Number, is_number},
    write::{float, integer, string_bytes},
};
