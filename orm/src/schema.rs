//! All models of a project, resolved: looked up by name, relations followed to their targets.
//!
//! **Invariant:** the order of models is by table name, never that of registration, so every
//! process of one project gives a model the same [`ModelId`].

use std::{collections::HashMap, fmt, ops::Range};

use crate::{
    AnyRecord, ComputeSort, ExtendDef, FieldDef, Kind, ModelDef, RouteSet,
    schema::extended::Extended,
};

pub(crate) mod dependency;
mod extended;
mod field_set;
mod framework;
mod sql_words;
mod verify;

use crate::schema::dependency::Dependencies;
pub(crate) use crate::schema::sql_words::names_in;
pub use crate::schema::{field_set::FieldSet, verify::SchemaFault};

/// The models of a project.
#[derive(Debug)]
pub struct Schema {
    models: Vec<SchemaModel>,
    by_table: HashMap<&'static str, ModelId>,
    asker: Option<ModelId>,
    /// What follows from what.
    pub(crate) dependencies: Dependencies,
}

/// Position of a model in its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModelId(pub(crate) u16);

/// Position of a field in its model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId(pub(crate) u16);

/// A model with the framework's fields around its own.
#[derive(Debug)]
pub struct SchemaModel {
    /// Its position.
    pub id: ModelId,
    /// As declared, with what extensions add to it.
    pub def: &'static ModelDef,
    /// The extensions, and which of the fields are theirs.
    extensions: Vec<(&'static ExtendDef, Range<usize>)>,
    fields: Vec<SchemaField>,
    by_name: HashMap<&'static str, FieldId>,
    by_key: HashMap<&'static str, FieldId>,
    /// The reference to the parent, if the model is a child.
    pub parent: Option<FieldId>,
    /// The order of lists that do not say, `id` last.
    pub order: Vec<SortField>,
    /// Whether a text in several languages is among its fields, or can be reached from them: what
    /// a statement about it says then depends on the language.
    pub(crate) is_translated: bool,
}

/// A field in its model.
#[derive(Debug)]
pub struct SchemaField {
    /// Its position.
    pub id: FieldId,
    /// As declared.
    pub def: &'static FieldDef,
    /// The crate that declares it: its model's, or that of an extension.
    pub krate: &'static str,
    /// The same without its author's limits: what its values are compared with has none.
    pub(crate) loose: FieldDef,
    /// Whether the framework keeps it and nobody writes it.
    pub is_framework: bool,
    /// The model that a relation leads to.
    pub target: Option<ModelId>,
    /// Where its values are.
    pub storage: Storage,
}

/// Where the values of a field are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// A column of the table, named by the field's key.
    Column,
    /// An expression over columns of the table; `{price}` stands for one of them.
    Expression(&'static str),
    /// Nowhere: a function gives its value when the record is read.
    Nowhere,
    /// Rows of the target whose reference of this key leads here.
    Inverse {
        /// The column of the target.
        key: &'static str,
    },
    /// Rows of a link table: `near` leads here, `far` to the target.
    Link {
        /// The link table.
        table: String,
        /// Its column that leads here.
        near: &'static str,
        /// Its column that leads to the target.
        far: &'static str,
    },
}

/// One key of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SortField {
    /// The field.
    pub field: FieldId,
    /// From the largest down.
    pub is_descending: bool,
}

/// All faults of a set of models.
#[derive(Debug)]
pub struct SchemaFaults(pub Vec<SchemaFault>);

impl ModelId {
    /// As an index into a list with one entry a model.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl FieldId {
    /// As an index into a list with one entry a field.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl Schema {
    /// The models of `defs`, resolved and verified; `asker` is the table that `created_by_id`
    /// points at, if the project keeps users.
    ///
    /// # Errors
    /// Every fault of every model, at once.
    pub fn of(
        defs: &[&'static ModelDef],
        asker: Option<&'static str>,
    ) -> Result<Self, SchemaFaults> {
        Self::extended(defs, &[], asker)
    }

    /// The same with what `extensions` add to these models.
    ///
    /// # Errors
    /// Every fault of every model and extension, at once.
    pub fn extended(
        defs: &[&'static ModelDef],
        extensions: &[&'static ExtendDef],
        asker: Option<&'static str>,
    ) -> Result<Self, SchemaFaults> {
        let (mut models, mut faults) = extended::extended(defs, extensions);
        models.sort_by_key(|it| it.def.table);
        let defs: Vec<&'static ModelDef> = models.iter().map(|it| it.def).collect();
        faults.extend(verify::verify(&defs, asker));
        if !faults.is_empty() {
            return Err(SchemaFaults(faults));
        }
        let by_table: HashMap<_, _> =
            defs.iter().zip(0..).map(|(it, at)| (it.table, ModelId(at))).collect();
        let asker = asker.and_then(|it| by_table.get(it).copied());
        let find = |def: &ModelDef| {
            let id = *by_table.get(def.table)?;
            Some((id, defs[id.index()]))
        };
        let mut models: Vec<SchemaModel> =
            models.into_iter().map(|it| SchemaModel::resolve(it, asker, &find)).collect();
        let faults = verify::verify_resolved(&models);
        if !faults.is_empty() {
            return Err(SchemaFaults(faults));
        }
        spread_languages(&mut models);
        let dependencies = Dependencies::of(&models);
        Ok(Self { models, by_table, asker, dependencies })
    }

    /// Every model, by table name.
    pub fn models(&self) -> &[SchemaModel] {
        &self.models
    }

    /// The model at a position.
    pub fn model(&self, id: ModelId) -> &SchemaModel {
        &self.models[id.index()]
    }

    /// The model of a table, which is also the name of its collection.
    pub fn by_table(&self, table: &str) -> Option<&SchemaModel> {
        self.by_table.get(table).map(|id| self.model(*id))
    }

    /// The resolved form of a model.
    ///
    /// # Panics
    /// When the model is not in this schema, which `Environment` and `Schema::of` rule out for
    /// every model that is registered.
    pub fn of_def(&self, def: &'static ModelDef) -> &SchemaModel {
        self.by_table(def.table)
            .expect("every registered model of a listed module is in the schema")
    }

    /// The model of those who ask.
    pub fn asker(&self) -> Option<&SchemaModel> {
        self.asker.map(|id| self.model(id))
    }

    /// The fields that a computed field follows from: those at the end of its paths, those on the
    /// way, and all that these follow from.
    pub fn inputs_of(&self, model: &SchemaModel, field: &SchemaField) -> Vec<(ModelId, FieldId)> {
        dependency::inputs_of(&self.models, model, field)
    }

    /// The record that a value of a reference to any model names: its model and its id. `None`
    /// when it is of another form or names no model of the project; whether the record is there,
    /// and who may see it, is not looked at.
    pub fn named_record(&self, value: &str) -> Option<(&SchemaModel, i64)> {
        let record = AnyRecord::parse(value)?;
        Some((self.by_table(record.table())?, record.id()))
    }

    /// The model that a relation leads to.
    ///
    /// # Panics
    /// When the field is no relation.
    pub fn target(&self, field: &SchemaField) -> &SchemaModel {
        self.model(field.target.expect("asked of relations only"))
    }

    /// The lines behind a field: their model, and its reference that leads back. Of a field that
    /// is no one2many, nothing.
    pub fn lines(&self, field: &SchemaField) -> Option<(&SchemaModel, &SchemaField)> {
        let Storage::Inverse { key } = field.storage else { return None };
        let target = self.model(field.target?);
        Some((target, target.by_key(key)?))
    }

    /// Whether a body may write the lines behind a field: a model that is written by routes of
    /// its own alone is not written through another either.
    pub fn takes_lines(&self, field: &SchemaField) -> bool {
        self.lines(field).is_some_and(|(it, _)| it.def.routes == RouteSet::All)
    }
}

/// Marks every model from which a marked one can be reached.
fn spread_languages(models: &mut [SchemaModel]) {
    loop {
        let leads_there = |model: &SchemaModel| {
            let mut targets = model.fields.iter().filter_map(|it| it.target);
            targets.any(|it| models[it.index()].is_translated)
        };
        let found = models.iter().position(|it| !it.is_translated && leads_there(it));
        let Some(at) = found else { return };
        models[at].is_translated = true;
    }
}

impl SchemaModel {
    fn resolve(
        of: Extended,
        asker: Option<ModelId>,
        find: &impl Fn(&ModelDef) -> Option<(ModelId, &'static ModelDef)>,
    ) -> Self {
        let Extended { def, extensions } = of;
        let declares = |at: usize| extensions.iter().find(|(_, own)| own.contains(&at));
        let resolve = |(at, (field, is_framework)): (u16, (&'static FieldDef, bool))| SchemaField {
            id: FieldId(at),
            def: field,
            krate: declares(usize::from(at)).map_or(def.krate, |(it, _)| it.krate),
            loose: field.without_limits(),
            is_framework,
            target: match field.kind {
                Kind::Asker => asker,
                kind => kind.target().and_then(|to| find(to())).map(|(id, _)| id),
            },
            storage: Storage::of(def, field, find),
        };
        let fields: Vec<_> = (0..).zip(framework::around(def.fields)).map(resolve).collect();
        let by_name = fields.iter().map(|it| (it.def.name, it.id)).collect();
        let by_key = fields.iter().map(|it| (it.def.key, it.id)).collect();
        let (id, _) = find(def).expect("every definition has a position");
        let mut model = Self {
            id,
            def,
            extensions,
            fields,
            by_name,
            by_key,
            parent: None,
            order: Vec::new(),
            is_translated: false,
        };
        model.parent = def.child_of.and_then(|it| model.field(it.field)).map(|it| it.id);
        model.order = model.resolve_order();
        model.is_translated = def.fields.iter().any(FieldDef::is_translated);
        model
    }

    /// The declared order with `id` behind it, in the direction of the last key.
    fn resolve_order(&self) -> Vec<SortField> {
        let mut order: Vec<SortField> = Vec::new();
        for key in self.def.order.split(',') {
            let (name, is_descending) = match key.trim().strip_prefix('-') {
                Some(name) => (name, true),
                None => (key.trim(), false),
            };
            let field = self.by_key.get(name).or_else(|| self.by_name.get(name));
            order.extend(field.map(|it| SortField { field: *it, is_descending }));
        }
        self.with_tie_break(order)
    }

    /// An order with `id` behind it unless it is in it, in the direction of the last key: so
    /// uniform keys can be paged by comparing rows.
    pub fn with_tie_break(&self, mut order: Vec<SortField>) -> Vec<SortField> {
        let id = self.by_name["id"];
        if !order.iter().any(|it| it.field == id) {
            let is_descending = order.last().is_some_and(|it| it.is_descending);
            order.push(SortField { field: id, is_descending });
        }
        order
    }

    /// Every field: `id` and `version`, the author's in their order, who and when.
    pub fn fields(&self) -> &[SchemaField] {
        &self.fields
    }

    /// The field at a position.
    pub fn at(&self, id: FieldId) -> &SchemaField {
        &self.fields[id.index()]
    }

    /// A field by its declared name: `category`.
    pub fn field(&self, name: &str) -> Option<&SchemaField> {
        self.by_name.get(name).map(|id| self.at(*id))
    }

    /// A field by its key: `category_id`.
    pub fn by_key(&self, key: &str) -> Option<&SchemaField> {
        self.by_key.get(key).map(|id| self.at(*id))
    }

    /// What the author of the model says, then those of its extensions.
    pub(crate) fn authors<T>(
        &self,
        own: impl Fn(&'static ModelDef) -> Option<T>,
        added: impl Fn(&'static ExtendDef) -> Option<T>,
    ) -> impl Iterator<Item = T> {
        own(self.def).into_iter().chain(self.extensions.iter().filter_map(move |it| added(it.0)))
    }

    /// Which of the fields an extension adds.
    pub(crate) fn extension(&self, def: &ExtendDef) -> Option<Range<usize>> {
        let is_it = |it: &ExtendDef| (it.krate, it.name) == (def.krate, def.name);
        self.extensions.iter().find(|(it, _)| is_it(it)).map(|(_, own)| own.clone())
    }

    /// The fields that are worked out when a record is read.
    pub fn at_read(&self) -> impl Iterator<Item = &SchemaField> {
        self.fields.iter().filter(|it| it.storage == Storage::Nowhere)
    }

    /// Whether a field, by its declared name, follows from others.
    pub fn is_computed(&self, name: &str) -> bool {
        self.field(name).is_some_and(|it| it.def.compute.is_some())
    }

    /// The fields that a row holds: those of the table in its order, and among them what
    /// PostgreSQL works out.
    pub fn columns(&self) -> impl Iterator<Item = &SchemaField> {
        self.fields.iter().filter(|it| it.has_column())
    }
}

impl SchemaField {
    /// Whether rows hold it: a column of the table, or what PostgreSQL makes of some.
    pub fn has_column(&self) -> bool {
        matches!(self.storage, Storage::Column | Storage::Expression(_))
    }

    /// Whether statements set it: the table has a column for it.
    pub fn is_stored(&self) -> bool {
        self.storage == Storage::Column
    }

    /// Whether a change set may name it.
    pub fn is_writable(&self) -> bool {
        let is_kept = self.is_framework || self.def.compute.is_some();
        !is_kept && (self.is_stored() || self.has_links())
    }

    /// Whether a body may name it.
    pub fn is_open_to_bodies(&self) -> bool {
        self.is_writable() && !self.def.read_only
    }

    /// Whether its links are rows of a table of their own, which a write can make and take away.
    pub fn has_links(&self) -> bool {
        matches!(self.storage, Storage::Link { .. })
    }

    /// Whether records can be sorted by it: JSON has no order, and that of bytes says nothing.
    pub fn has_order(&self) -> bool {
        self.has_column() && !matches!(self.def.kind, Kind::Json | Kind::Bytes | Kind::Secret)
    }
}

impl Storage {
    /// Where the values of `field` are; what it names was verified before.
    fn of(
        model: &'static ModelDef,
        field: &'static FieldDef,
        find: &impl Fn(&ModelDef) -> Option<(ModelId, &'static ModelDef)>,
    ) -> Self {
        let inverse = |target: &'static ModelDef| {
            let name = field.inverse?;
            // With what extensions add to it: the other side may be one of theirs.
            let (_, target) = find(target)?;
            target.fields.iter().find(|it| it.name == name)
        };
        match field.kind {
            Kind::One2Many(to) => Self::Inverse { key: inverse(to()).map_or("id", |it| it.key) },
            Kind::Many2Many(to) => match inverse(to()) {
                Some(other) => Self::Link {
                    table: format!("{}__{}", to().table, other.name),
                    near: "target_id",
                    far: "source_id",
                },
                None => Self::Link {
                    table: format!("{}__{}", model.table, field.name),
                    near: "source_id",
                    far: "target_id",
                },
            },
            _ => match field.compute.map(|it| it.sort) {
                Some(ComputeSort::Sql(expression)) => Self::Expression(expression),
                Some(ComputeSort::Read(_)) => Self::Nowhere,
                Some(ComputeSort::Stored(_)) | None => Self::Column,
            },
        }
    }
}

impl fmt::Display for SchemaFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the models have {} faults:", self.0.len())?;
        self.0.iter().try_for_each(|it| write!(f, "\n  {it}"))
    }
}

impl std::error::Error for SchemaFaults {}
