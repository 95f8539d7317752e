//! Worlds out of numbers: rows, rights, filters. Values are few, so that they meet.

mod filters;
mod rights;
mod rows;

pub(crate) use crate::random::{
    filters::{Purpose, among, filter},
    rights::{asker, fields, grants, role_tree, rules},
    rows::{People, cell, rows},
};
