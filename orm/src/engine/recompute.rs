//! What follows from a write: records whose stored computed fields are stale are held, worked
//! out and written, in the transaction of the write.
//!
//! **Invariant:** a record is held before what it follows from is read. Two who add a line at the
//! same time both find the lines of the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    At, Error, ErrorKind, OnDelete, Result, Schema, Session, Value, Verb, Violation,
    engine::{
        at_hand::AtHand,
        change_set::{RawChange, RawSet},
        check,
        compute::{self, Draft, Hold, Inputs},
        conflict,
        history::{self, Altered},
        request::{self, Request},
        snapshot::Snapshot,
        update::read_old,
        work::Work,
    },
    schema::{
        FieldId, FieldSet, ModelId, SchemaField, SchemaModel, Storage,
        dependency::{Back, ComputedField, InputPath, Start},
    },
    sql::{self, EachRow, Terms},
};

/// The records of each stage that are stale.
pub(super) type Stale = BTreeMap<usize, BTreeSet<i64>>;

/// The fields of a model that follow from these of the same record, and from one another.
pub(super) fn affected<'s>(
    session: &'s Session,
    model: &SchemaModel,
    named: &FieldSet,
) -> Vec<&'s ComputedField> {
    let mut changed = named.clone();
    let mut affected = Vec::new();
    let stages = session.schema().dependencies.stages_of(model.id);
    for field in stages.flat_map(|it| &it.fields) {
        if field.inputs.iter().any(|it| changed.contains(first_of(it))) {
            changed.insert(field.field);
            affected.push(field);
        }
    }
    affected
}

/// The field of the record itself that an input begins with.
fn first_of(input: &InputPath) -> FieldId {
    *input.hops.first().unwrap_or(&input.leaf)
}

/// Whether anything follows from these fields of a model.
pub(super) fn is_input(session: &Session, model: &SchemaModel, named: &FieldSet) -> bool {
    let dependencies = &session.schema().dependencies;
    let is_elsewhere = dependencies.of_model(model.id).iter().any(|it| named.contains(it.on));
    is_elsewhere || !affected(session, model, named).is_empty()
}

/// Works out the fields of records, as far as they are known before they are written.
///
/// # Errors
/// When the database is away; whatever an author's function fails with.
pub(super) async fn foresee(session: &Session, set: &mut RawSet) -> Result<()> {
    let schema = set.schema.clone();
    let model = schema.model(set.model);
    let Some(first) = set.rows.first() else { return Ok(()) };
    let mut named = FieldSet::default();
    set.rows.iter().for_each(|row| row.request.values.iter().for_each(|it| named.insert(it.0)));
    let fields = match first.id {
        None => {
            session.schema().dependencies.stages_of(model.id).flat_map(|it| &it.fields).collect()
        }
        Some(_) => affected(session, model, &named),
    };
    if fields.is_empty() {
        return Ok(());
    }
    // Long texts that nothing follows from stay where they are.
    let inputs = fields.iter().flat_map(|it| &it.inputs).map(first_of).collect::<FieldSet>();
    let mut drafts = Vec::with_capacity(set.rows.len());
    for row in &set.rows {
        let mut draft = match &row.old {
            Some(old) => draft_of(model, old)?,
            None => Draft { id: row.id, values: vec![Value::Null; model.fields().len()] },
        };
        for (field, value) in row.request.values.iter().filter(|it| inputs.contains(it.0)) {
            draft.values[field.index()] = value.clone();
        }
        drafts.push(draft);
    }
    let system = session.as_system("work out what follows from a write");
    let of = (model, Inputs { hold: Hold::Referred, at_hand: &AtHand::default() });
    let worked_out = compute::work_out(&system, of, &fields, &mut drafts).await;
    worked_out.map_err(|it| it.within(&first.request.pointer))?;
    for (row, draft) in set.rows.iter_mut().zip(drafts) {
        for field in &fields {
            let value = draft.values[field.field.index()].clone();
            request::put(&mut row.request.values, field.field, value);
        }
    }
    Ok(())
}

/// Works out the fields of a form, as far as their inputs are there: what is missing is what a
/// new record would start with, and a field whose input is missing then is left out.
///
/// # Errors
/// When the database is away; whatever an author's function fails with.
pub(super) async fn guess(session: &Session, set: &mut RawSet) -> Result<()> {
    let schema = set.schema.clone();
    let model = schema.model(set.model);
    let row = set.only()?;
    let mut draft = Draft { id: None, values: vec![Value::Null; model.fields().len()] };
    for field in model.columns().filter(|it| it.is_writable()) {
        draft.values[field.id.index()] = request::default_of(field);
    }
    for (field, value) in &row.request.values {
        draft.values[field.index()] = value.clone();
    }
    let mut worked_out = FieldSet::default();
    let mut fields = Vec::new();
    for field in session.schema().dependencies.stages_of(model.id).flat_map(|it| &it.fields) {
        let is_there = |it: &InputPath| {
            let first = model.at(*it.hops.first().unwrap_or(&it.leaf));
            let is_held = first.def.nullable || worked_out.contains(first.id);
            !it.is_many && (is_held || !draft.values[first.id.index()].is_null())
        };
        if field.inputs.iter().all(is_there) {
            worked_out.insert(field.field);
            fields.push(field);
        }
    }
    let system = session.as_system("work out what follows from a form");
    let mut drafts = [draft];
    let inputs = Inputs { hold: Hold::Nothing, at_hand: &AtHand::default() };
    compute::work_out(&system, (model, inputs), &fields, &mut drafts).await?;
    for field in fields {
        let value = drafts[0].values[field.field.index()].clone();
        request::put(&mut row.request.values, field.field, value);
    }
    Ok(())
}

fn draft_of(model: &SchemaModel, row: &Snapshot) -> Result<Draft> {
    let value = |field: &SchemaField| match field.is_stored() {
        true => row.value(model, field.id),
        false => Ok(Value::Null),
    };
    let values = model.fields().iter().map(value).collect::<Result<_>>()?;
    Ok(Draft { id: Some(row.id()?), values })
}

impl Work {
    /// Notes whose records go stale because of a set that was written.
    ///
    /// # Errors
    /// When the database is away.
    pub(super) async fn note_stale(&mut self, set: &RawSet) -> Result<()> {
        let schema = set.schema.clone();
        let model = schema.model(set.model);
        for dependent in schema.dependencies.of_model(set.model) {
            // Where the way back begins with a reference of the record, both ends are known.
            let reference = dependent.back.first().and_then(|it| reference_of(set, *it));
            let mut ids = BTreeSet::new();
            for row in set.rows.iter().filter(|it| is_changed(model, it, dependent.on)) {
                for side in [&row.old, &row.new].into_iter().flatten() {
                    match reference {
                        Some(reference) => ids.extend(side.value(model, reference)?.as_int()),
                        None => ids.extend([side.id()?]),
                    }
                }
            }
            let back = &dependent.back[usize::from(reference.is_some())..];
            self.walk(dependent.stage, back, ids).await?;
        }
        Ok(())
    }

    /// Notes whose records go stale because links of `field` came or went.
    ///
    /// # Errors
    /// When the database is away.
    pub(super) async fn note_links(
        &mut self,
        model: &SchemaModel,
        field: FieldId,
        (near, far): (&[i64], &[i64]),
    ) -> Result<()> {
        let schema = self.session().database().schema().clone();
        for dependent in schema.dependencies.of_model(model.id).iter().filter(|it| it.on == field) {
            let from = if dependent.start == Start::OtherEnd { far } else { near };
            self.walk(dependent.stage, &dependent.back, from.iter().copied().collect()).await?;
        }
        Ok(())
    }

    /// Notes whose records go stale when records are deleted, and with them all that falls with
    /// them; called while they still stand.
    ///
    /// # Errors
    /// When the database is away.
    pub(super) async fn note_leaving(&mut self, model: &SchemaModel, ids: &[i64]) -> Result<()> {
        let schema = self.session().database().schema().clone();
        for (model, ids) in self.falling(&schema, model.id, ids).await? {
            for (stage, back) in schema.dependencies.on_leaving(model) {
                self.walk(*stage, back, ids.clone()).await?;
            }
        }
        Ok(())
    }

    /// The records that are deleted with these, as far as anything follows from any of them.
    async fn falling(
        &self,
        schema: &Schema,
        model: ModelId,
        ids: &[i64],
    ) -> Result<Vec<(ModelId, BTreeSet<i64>)>> {
        let mut falling: Vec<(ModelId, BTreeSet<i64>)> = Vec::new();
        if !falls_on(schema, model) {
            return Ok(falling);
        }
        let session = self.session().as_system("work out what follows from a write");
        let mut waiting = vec![(model, ids.iter().copied().collect::<BTreeSet<i64>>())];
        while let Some((model, ids)) = waiting.pop() {
            let known = falling.iter_mut().find(|it| it.0 == model);
            let new: BTreeSet<i64> = match &known {
                Some((_, known)) => ids.difference(known).copied().collect(),
                None => ids,
            };
            if new.is_empty() {
                continue;
            }
            match known {
                Some((_, known)) => known.extend(&new),
                None => falling.push((model, new.clone())),
            }
            for step in cascades_to(schema, model) {
                let statement = sql::way_back(&session, step, new.iter().copied().collect())?;
                let rows = session.link().await?.fetch(&statement.statement()).await?;
                waiting.push((step.model, rows.iter().map(|it| it.int(0)).collect::<Result<_>>()?));
            }
        }
        Ok(falling)
    }

    /// Follows the way back to the records that are stale.
    async fn walk(&mut self, stage: usize, back: &[Back], mut ids: BTreeSet<i64>) -> Result<()> {
        let session = self.session().as_system("work out what follows from a write");
        for step in back {
            if ids.is_empty() {
                return Ok(());
            }
            let statement = sql::way_back(&session, *step, ids.into_iter().collect())?;
            let rows = session.link().await?.fetch(&statement.statement()).await?;
            ids = rows.iter().map(|it| it.int(0)).collect::<Result<_>>()?;
        }
        if !ids.is_empty() {
            self.stale.entry(stage).or_default().extend(ids);
        }
        Ok(())
    }

    /// Brings everything up to date that went stale, and gives `set` its new rows.
    ///
    /// # Errors
    /// When the database is away; whatever an author's function fails with.
    pub(super) async fn recompute(&mut self, set: &mut RawSet) -> Result<()> {
        let schema = set.schema.clone();
        let mut followed: Vec<RawSet> = Vec::new();
        while let Some((stage, ids)) = self.stale.pop_first() {
            let stage = &schema.dependencies.stages[stage];
            let model = schema.model(stage.model);
            let written = self.bring_up_to_date(model, &stage.fields, (ids, &*set)).await;
            let mut written = match model.id == set.model {
                true => written?,
                false => written.map_err(|it| of_another(model, it))?,
            };
            let mut told = BTreeSet::new();
            for own in std::iter::once(&mut *set).chain(&mut self.lines) {
                told.extend(own.renew(&written));
            }
            self.remember(&written, &told).await?;
            self.note_stale(&written).await?;
            // Those that were asked to be written are checked with all that was asked of them.
            for earlier in &mut followed {
                told.extend(earlier.renew(&written));
            }
            written.rows.retain(|it| it.id.is_none_or(|id| !told.contains(&id)));
            followed.push(written);
        }
        if self.checks_followed { check::run_followed(self.session(), &followed) } else { Ok(()) }
    }

    /// Remembers what became of records that nobody asked to be written; the others are
    /// remembered with all that was asked of them.
    async fn remember(&self, written: &RawSet, told: &BTreeSet<i64>) -> Result<()> {
        let altered = written.rows.iter().filter_map(|it| {
            let (id, old, new) = (it.id?, it.old.as_ref(), Some(it.new.as_ref()?));
            (!told.contains(&id)).then_some(Altered { id, old, new, links: &[] })
        });
        history::record(self.session(), written.model(), written.verb, altered).await
    }

    /// The records of one stage: held in the order of their keys, worked out, and written where
    /// something is new; `own` is what was asked to be written.
    pub(super) async fn bring_up_to_date(
        &mut self,
        model: &SchemaModel,
        fields: &[ComputedField],
        (ids, own): (BTreeSet<i64>, &RawSet),
    ) -> Result<RawSet> {
        let system = self.session().as_system("work out what follows from a write");
        let rows = ids.into_iter().map(|id| (Some(id), Request::default()));
        let mut set = RawSet::new(&system, model, Verb::Update, rows);
        let at_hand = match self.is_alone() {
            true => AtHand::of(self.lines.iter().chain([own])),
            false => AtHand::default(),
        };
        for row in &mut set.rows {
            row.old = row.id.and_then(|it| at_hand.record(model.id, it)).cloned();
        }
        read_old(&system, model, &mut set).await?;
        set.rows.retain(|it| it.old.is_some());
        let olds = set.rows.iter().filter_map(|it| it.old.as_ref());
        let mut drafts = olds.map(|it| draft_of(model, it)).collect::<Result<Vec<_>>>()?;
        let before = drafts.clone();
        let fields: Vec<&ComputedField> = fields.iter().collect();
        let inputs = Inputs { hold: Hold::Nothing, at_hand: &at_hand };
        compute::work_out(&system, (model, inputs), &fields, &mut drafts).await?;
        let ids: Vec<FieldId> = fields.iter().map(|it| it.field).collect();
        let mut changed = Vec::new();
        for (draft, before) in drafts.into_iter().zip(before) {
            let is_new = ids.iter().any(|it| draft.values[it.index()] != before.values[it.index()]);
            if let (true, Some(id)) = (is_new, draft.id) {
                let values = ids.iter().map(|it| draft.values[it.index()].clone()).collect();
                changed.push(EachRow { id, is_raised: self.raises(model, id), values });
            }
        }
        if !changed.is_empty() {
            write(&system, model, &ids, changed, &mut set).await?;
        }
        Ok(set)
    }
}

/// Faults of a record of another model than was sent: they have no place in the body.
fn of_another(model: &SchemaModel, error: Error) -> Error {
    let ErrorKind::Invalid(faults) = error.kind() else { return error };
    let placeless = |it: &Violation| {
        let it = Violation { at: At::Pointer(String::new()), ..it.clone() };
        it.with("model", model.def.table)
    };
    Error::invalid(faults.iter().map(placeless).collect())
}

async fn write(
    system: &Session,
    model: &SchemaModel,
    fields: &[FieldId],
    changed: Vec<EachRow>,
    set: &mut RawSet,
) -> Result<()> {
    let statement = match <[EachRow; 1]>::try_from(changed) {
        // Of one record PostgreSQL keeps the plan.
        Ok([EachRow { id, is_raised, values }]) => {
            let values: Vec<_> = fields.iter().copied().zip(values).collect();
            sql::update(system, model, (id, Terms::followed(is_raised)), &values)?
        }
        Err(changed) => sql::update_each(system, model, fields, changed)?,
    };
    let done = system.link().await?.fetch(&statement.statement()).await;
    let positions = set.positions();
    for row in done.map_err(|it| conflict::of_write(model, it))? {
        let new = Snapshot::new(row, 0);
        if let Some(at) = positions.get(&new.id()?) {
            set.rows[*at].new = Some(new);
        }
    }
    set.text = Some(statement.text);
    Ok(())
}

/// Whether a field of a record holds something else than before.
fn is_changed(model: &SchemaModel, row: &RawChange, field: FieldId) -> bool {
    match (&row.old, &row.new) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(old), Some(new)) => {
            // What cannot be read is as good as changed: whoever works it out will say so.
            let [old, new] = [old, new].map(|it| it.value(model, field).ok());
            model.at(field).is_stored() && old != new
        }
    }
}

/// The reference of the records of a set that a step back follows, if it is one of theirs.
fn reference_of(set: &RawSet, step: Back) -> Option<FieldId> {
    match &set.schema.model(step.model).at(step.field).storage {
        Storage::Inverse { key } => set.model().by_key(key).map(|it| it.id),
        _ => None,
    }
}

/// The references over which records fall with those of a model.
fn cascades_to(schema: &Schema, model: ModelId) -> impl Iterator<Item = Back> {
    let of_model = move |from: &SchemaModel| {
        let falls = |it: &&SchemaField| {
            let is_falling = it.def.on_delete == OnDelete::Cascade || from.parent == Some(it.id);
            it.is_stored() && it.target == Some(model) && is_falling
        };
        let step = |it: &SchemaField| Back { model: from.id, field: it.id };
        from.fields().iter().filter(falls).map(step).collect::<Vec<_>>()
    };
    schema.models().iter().flat_map(of_model)
}

/// Whether anything follows from records of a model, or from what falls with them.
fn falls_on(schema: &Schema, model: ModelId) -> bool {
    let mut seen = vec![model];
    let mut at = 0;
    while let Some(model) = seen.get(at).copied() {
        if !schema.dependencies.on_leaving(model).is_empty() {
            return true;
        }
        for step in cascades_to(schema, model) {
            if !seen.contains(&step.model) {
                seen.push(step.model);
            }
        }
        at += 1;
    }
    false
}
