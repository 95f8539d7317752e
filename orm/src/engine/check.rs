//! What a record must be, as its author says: pure functions over what was written.

use crate::{
    At, Column, Error, Extension, Model, Result, Session, Violation,
    engine::change_set::{RawChange, RawSet},
    extension::key_of_added,
    schema::{FieldSet, SchemaModel},
};

/// A check of the author's, behind one type.
pub type Check = fn(&SchemaModel, &RawChange, &mut Invalid) -> Result<()>;

/// The faults of one record.
#[derive(Debug, Default)]
pub struct Invalid {
    found: Vec<Violation>,
}

/// A record that was written, beside what it was.
pub struct Changed<'a, M> {
    model: &'a SchemaModel,
    named: &'a FieldSet,
    old: Option<M>,
    new: M,
}

impl Invalid {
    /// A fault of a field. The code is for programs, and the name of its text in `i18n`.
    pub fn field<M: Model, T>(
        &mut self,
        column: Column<M, T>,
        code: &'static str,
    ) -> &mut Violation {
        let name = column.name();
        let field = M::def().fields.iter().find(|it| it.name == name);
        let key = field.map(|it| it.key).or_else(|| key_of_added(M::def(), name)).unwrap_or(name);
        self.add(Violation::at_pointer(format!("/{key}"), code))
    }

    /// A fault of the record as a whole.
    pub fn record(&mut self, code: &'static str) -> &mut Violation {
        self.add(Violation::at_pointer("", code))
    }

    fn add(&mut self, violation: Violation) -> &mut Violation {
        self.found.push(violation);
        self.found.last_mut().expect("one was just put in")
    }
}

impl<M: Model> Changed<'_, M> {
    /// As it was; of a new record, nothing.
    pub fn old(&self) -> Option<&M> {
        self.old.as_ref()
    }

    /// As it is now.
    #[expect(clippy::new_ret_no_self, reason = "what is new, beside what is old")]
    pub fn new(&self) -> &M {
        &self.new
    }

    /// Whether somebody named the field, or its links.
    pub fn names<T>(&self, column: Column<M, T>) -> bool {
        self.model.field(column.name()).is_some_and(|it| self.named.contains(it.id))
    }
}

/// Asks the authors about every record of sets as they were written.
///
/// # Errors
/// Invalid with every fault of every record: what was written can only be undone.
pub(super) fn run<'a>(session: &Session, sets: impl Iterator<Item = &'a RawSet>) -> Result<()> {
    let mut faults = Vec::new();
    for set in sets {
        let model = set.model();
        let of_change = model.def.check_change;
        let checks: Vec<Check> =
            model.authors(|it| it.check, |it| it.check).chain(of_change).collect();
        for row in set.rows.iter().filter(|it| it.new.is_some()) {
            let mut invalid = Invalid::default();
            checks.iter().try_for_each(|check| check(model, row, &mut invalid))?;
            faults.extend(invalid.found.into_iter().map(|it| it.within(&row.request.pointer)));
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    session.doom();
    Err(Error::invalid(faults))
}

/// Asks the authors about records that nobody asked to be written, and that follow from others.
/// Their faults have no place in what was sent; they say which record it is.
///
/// # Errors
/// Invalid with every fault of every record: what was written can only be undone.
pub(super) fn run_followed(session: &Session, sets: &[RawSet]) -> Result<()> {
    let mut faults = Vec::new();
    for set in sets {
        let model = set.model();
        let checks = model.authors(|it| it.check, |it| it.check).chain(model.def.check_change);
        let checks: Vec<Check> = checks.collect();
        for row in set.rows.iter().filter(|it| it.new.is_some()) {
            let mut invalid = Invalid::default();
            checks.iter().try_for_each(|check| check(model, row, &mut invalid))?;
            let of_record = |it: Violation| Violation { at: At::Pointer(String::new()), ..it };
            let id = row.id.unwrap_or_default();
            let said = invalid.found.into_iter().map(of_record);
            faults.extend(said.map(|it| it.with("model", model.def.table).with("id", id)));
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    session.doom();
    Err(Error::invalid(faults))
}

/// For the derive: a check of the record as it is.
pub fn of_record<M: Model>(
    check: fn(&M, &mut Invalid),
    model: &SchemaModel,
    row: &RawChange,
    invalid: &mut Invalid,
) -> Result<()> {
    check(&new(model, row)?, invalid);
    Ok(())
}

/// For the derive: a check of the record as it is, with what an extension keeps of it.
pub fn of_extended<E: Extension>(
    check: fn(&E::Model, &E, &mut Invalid),
    model: &SchemaModel,
    row: &RawChange,
    invalid: &mut Invalid,
) -> Result<()> {
    let written = row.new.as_ref().ok_or_else(unwritten)?;
    check(&written.read(model)?, &written.read_extension(model)?, invalid);
    Ok(())
}

/// For the derive: a check of the record beside what it was.
pub fn of_change<M: Model>(
    check: fn(&Changed<'_, M>, &mut Invalid),
    model: &SchemaModel,
    row: &RawChange,
    invalid: &mut Invalid,
) -> Result<()> {
    let old = row.old.as_ref().map(|it| it.read(model)).transpose()?;
    check(&Changed { model, named: &row.request.named, old, new: new(model, row)? }, invalid);
    Ok(())
}

fn new<M: Model>(model: &SchemaModel, row: &RawChange) -> Result<M> {
    let new = row.new.as_ref().ok_or_else(unwritten)?;
    new.read(model)
}

fn unwritten() -> Error {
    Error::broken("checked before it was written")
}
