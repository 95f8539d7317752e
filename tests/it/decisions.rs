//! Who may see and change what, case by case: a test for each decision, by its words, each denial
//! beside somebody who may.
//!
//! What comes with what is not there yet: computed fields and `display`; cursors; ids of a to-many
//! field; lines inside a POST of their parent; a broken rule, which tables of rights can hold;
//! `onchange`, `expand`, `aggregate`, `batch` and export on the paths of the others.

mod conflicts;
mod fields;
mod grants;
mod history;
mod many;
mod references;
mod rows;
mod rust;
