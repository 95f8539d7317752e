//! Who may see and change what, case by case: a test for each decision, by its words, each denial
//! beside somebody who may.
//!
//! What comes with what is not there yet: `display`; cursors; `aggregate`, `batch` and export on the
//! paths of the others. A broken rule stands in the tests of `modules/security`.

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
