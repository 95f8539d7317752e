//! The rights of one asker: the shared view of their roles, and the values of their macros.

use std::{collections::BTreeMap, sync::Arc};

use orm::{
    Access, Scope, Value, Verb,
    schema::{FieldSet, ModelId},
};

use crate::access::RightsView;

/// The list macros of modules and the ids that they stand for.
pub type Lists = BTreeMap<&'static str, Vec<i64>>;

/// Who somebody is, as far as rules can ask.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asking {
    /// Their id: `@me`.
    pub user: i64,
    /// `@my_company`.
    pub company: Option<i64>,
    /// `@my_companies`, the one above included or not.
    pub companies: Vec<i64>,
    /// `@my_roles`: their roles with all that these imply.
    pub roles: Vec<i64>,
    /// What modules add.
    pub lists: Lists,
}

/// Answers for one asker; cheap to ask and to share.
#[derive(Debug)]
pub struct Checker {
    view: Arc<RightsView>,
    parameters: Vec<(&'static str, Value)>,
}

impl Checker {
    /// The checker of somebody with these rights.
    pub fn new(view: Arc<RightsView>, asking: &Asking) -> Self {
        let mut companies = asking.companies.clone();
        companies.extend(asking.company);
        let mut parameters = vec![
            ("me", Value::Int(asking.user)),
            ("my_company", asking.company.map_or(Value::Null, Value::Int)),
            ("my_companies", ids(companies)),
            ("my_roles", ids(asking.roles.clone())),
        ];
        parameters.extend(asking.lists.iter().map(|(name, list)| (*name, ids(list.clone()))));
        Self { view, parameters }
    }
}

/// A list of ids, each once and in order, so that equal lists are equal parameters.
fn ids(mut list: Vec<i64>) -> Value {
    list.sort_unstable();
    list.dedup();
    Value::List(list.into_iter().map(Value::Int).collect())
}

impl Access for Checker {
    fn scope(&self, model: ModelId, verb: Verb) -> Scope {
        self.view.scope(model, verb).clone()
    }

    fn is_granted(&self, model: ModelId) -> bool {
        self.view.is_granted(model)
    }

    fn readable(&self, model: ModelId) -> Option<Arc<FieldSet>> {
        self.view.readable(model).cloned()
    }

    fn writable(&self, model: ModelId) -> Option<Arc<FieldSet>> {
        self.view.writable(model).cloned()
    }

    fn parameter(&self, name: &str) -> Option<Value> {
        self.parameters.iter().find(|it| it.0 == name).map(|it| it.1.clone())
    }

    fn fingerprint(&self) -> u64 {
        self.view.number
    }
}
