//! Rights that a test makes for itself: grants, rules as JSON, closed fields, macros.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use orm::{
    Access, Asker, Database, Filter, Judge, Scope, Session, Value, Verb,
    json::{Node, parse_object},
    parse_filter,
    schema::{FieldSet, ModelId, SchemaModel},
};

use crate::stage::now;

/// The rights of one asker. Every one made has a fingerprint of its own.
#[derive(Clone)]
pub(crate) struct Rights {
    database: Database,
    fingerprint: u64,
    scopes: Vec<[Scope; 4]>,
    readable: HashMap<ModelId, Arc<FieldSet>>,
    writable: HashMap<ModelId, Arc<FieldSet>>,
    macros: HashMap<&'static str, Value>,
}

impl Rights {
    /// Nothing is granted.
    pub(crate) fn none(database: &Database) -> Self {
        Self::with(database, &Scope::Denied)
    }

    /// Everything is granted.
    pub(crate) fn all(database: &Database) -> Self {
        Self::with(database, &Scope::All)
    }

    fn with(database: &Database, scope: &Scope) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let scopes = || [scope.clone(), scope.clone(), scope.clone(), scope.clone()];
        Self {
            database: database.clone(),
            fingerprint: NEXT.fetch_add(1, Ordering::Relaxed),
            scopes: database.schema().models().iter().map(|_| scopes()).collect(),
            readable: HashMap::new(),
            writable: HashMap::new(),
            macros: HashMap::from([("me", Value::Null), ("mine", Value::List(Vec::new()))]),
        }
    }

    /// Grants these verbs on every row of a table.
    pub(crate) fn grant(mut self, table: &str, verbs: &[Verb]) -> Self {
        self.set(table, verbs, &Scope::All);
        self
    }

    /// Takes these verbs away from a table.
    pub(crate) fn deny(mut self, table: &str, verbs: &[Verb]) -> Self {
        self.set(table, verbs, &Scope::Denied);
        self
    }

    /// Narrows these verbs on a table to the rows that pass a filter in JSON.
    pub(crate) fn rule(self, table: &str, verbs: &[Verb], filter: &str) -> Self {
        let rule = self.parse(table, filter);
        self.rule_of(table, verbs, rule)
    }

    /// The same with a filter that JSON has no words for.
    pub(crate) fn rule_of(mut self, table: &str, verbs: &[Verb], filter: Filter) -> Self {
        self.set(table, verbs, &Scope::Where(Arc::new(filter)));
        self
    }

    /// A filter in JSON as a rule's.
    pub(crate) fn parse(&self, table: &str, filter: &str) -> Filter {
        let mut open = Self::all(&self.database);
        open.macros.clone_from(&self.macros);
        let asker = Asker {
            access: Arc::new(open),
            id: None,
            language: "en",
            now: now(),
            statements: Arc::default(),
            host: Arc::new(()),
        };
        let session = Session::new(&self.database, asker);
        let node = Node::Object(parse_object(filter.as_bytes()).unwrap());
        parse_filter(&mut Judge::new(&session), self.model(table), &node, "").unwrap()
    }

    /// What a macro stands for; `me` and `mine` are there without a value.
    pub(crate) fn with_macro(mut self, name: &'static str, value: Value) -> Self {
        self.macros.insert(name, value);
        self
    }

    /// Closes fields to reading.
    pub(crate) fn close_reading(mut self, table: &str, names: &[&str]) -> Self {
        let (id, open) = self.all_but(table, names);
        self.readable.insert(id, open);
        self
    }

    /// Closes fields to writing.
    pub(crate) fn close_writing(mut self, table: &str, names: &[&str]) -> Self {
        let (id, open) = self.all_but(table, names);
        self.writable.insert(id, open);
        self
    }

    fn all_but(&self, table: &str, names: &[&str]) -> (ModelId, Arc<FieldSet>) {
        let model = self.model(table);
        let open = model.fields().iter().filter(|it| !names.contains(&it.def.name));
        (model.id, Arc::new(open.map(|it| it.id).collect()))
    }

    fn set(&mut self, table: &str, verbs: &[Verb], scope: &Scope) {
        let at = self.model(table).id.index();
        for verb in verbs {
            self.scopes[at][*verb as usize] = scope.clone();
        }
    }

    fn model(&self, table: &str) -> &SchemaModel {
        self.database.schema().by_table(table).unwrap()
    }
}

impl Access for Rights {
    fn scope(&self, model: ModelId, verb: Verb) -> Scope {
        assert!(
            self.database.schema().model(model).parent.is_none(),
            "a child has no rights of its own"
        );
        self.scopes[model.index()][verb as usize].clone()
    }

    fn readable(&self, model: ModelId) -> Option<Arc<FieldSet>> {
        self.readable.get(&model).cloned()
    }

    fn writable(&self, model: ModelId) -> Option<Arc<FieldSet>> {
        self.writable.get(&model).cloned()
    }

    fn parameter(&self, name: &str) -> Option<Value> {
        self.macros.get(name).cloned()
    }

    fn fingerprint(&self) -> u64 {
        self.fingerprint
    }
}
