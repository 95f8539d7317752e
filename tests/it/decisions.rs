//! Who may see and change what, case by case: a test for each decision, by its words, each denial
//! beside somebody who may.
//!
//! What comes with what is not there yet: computed fields and `display`; cursors; ids of a to-many
//! field; a broken rule, which tables of rights can hold; `onchange`, `aggregate`, `batch` and
//! export on the paths of the others.

mod conflicts;
mod expand;
mod fields;
mod grants;
mod history;
mod lines;
mod many;
mod onchange;
mod references;
mod rows;
mod rust;
