//! Teams name who works together; they open no lead to anybody.

use orm::{Many2Many, Model};
use users::User;

/// People who work on leads together.
#[derive(Debug, Model)]
#[model(table = "teams", display = "name", order = "name", signal = "askers")]
pub struct Team {
    #[field(max = 60, unique, search)]
    pub name: String,
    /// Those who are in it.
    pub members: Many2Many<User>,
}
