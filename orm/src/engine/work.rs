//! One operation that writes: what it has touched, and what must hold before the commit.
//!
//! **Invariant:** a rule that looks at other tables is judged once, over every record that the
//! operation touched, when nothing is left to be written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{
    Error, Result, Scope, Session, Verb,
    engine::{
        change_set::RawSet,
        check, history,
        hold::hold_parents,
        hook,
        recompute::Stale,
        rows::{Rows, Written},
        snapshot::Snapshot,
        touch,
        transaction::refuse_written,
        whole,
    },
    schema::{FieldId, ModelId, SchemaModel},
    sql::{self, Question},
};

/// What one operation has done so far.
pub(super) struct Work {
    session: Session,
    /// Lines that were written, a set a verb and field; the innermost first.
    pub(super) lines: Vec<RawSet>,
    unjudged: Vec<Unjudged>,
    /// By the model of the parts: the wholes that they were or are parts of.
    wholes: BTreeMap<ModelId, BTreeSet<i64>>,
    /// Wholes that had parts before, by the model of the parts: judged as they are left.
    left: BTreeMap<ModelId, BTreeSet<i64>>,
    /// Records whose version has risen.
    raised: BTreeSet<(ModelId, i64)>,
    /// Records whose stored computed fields no longer follow from what they follow from.
    pub(super) stale: Stale,
    /// Whether the asker may read what they wrote, as far as it is known.
    visible: HashMap<(ModelId, i64), bool>,
    /// Whether authors are asked about records that only follow: not where a definition has
    /// changed, which must not stop at records that were sound by another.
    pub(super) checks_followed: bool,
    /// How many writers the transaction has had, when this one first inserted something.
    writers: Option<u64>,
}

/// A record whose new row is judged when all is written.
struct Unjudged {
    model: ModelId,
    verb: Verb,
    id: i64,
    /// Whether it is the part of a whole that it was not a part of before.
    is_moved: bool,
}

impl Work {
    pub(super) fn new(session: Session) -> Self {
        session.note_writer();
        Self {
            session,
            lines: Vec::new(),
            unjudged: Vec::new(),
            wholes: BTreeMap::new(),
            left: BTreeMap::new(),
            raised: BTreeSet::new(),
            stale: Stale::new(),
            visible: HashMap::new(),
            checks_followed: true,
            writers: None,
        }
    }

    /// Notes that records are about to be inserted: from here on it is known whether anybody else
    /// writes in the transaction.
    pub(super) fn note_inserting(&mut self) {
        self.writers.get_or_insert_with(|| self.session.writers());
    }

    /// Whether nobody else has written in the transaction since records were first inserted.
    pub(super) fn is_alone(&self) -> bool {
        self.writers.is_some_and(|it| it == self.session.writers())
    }

    /// Who writes, inside the transaction.
    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    /// Keeps lines as they were written, until their author is asked.
    pub(super) fn keep(&mut self, lines: RawSet) {
        self.lines.push(lines);
    }

    /// Notes the wholes that parts had before they were written.
    pub(super) fn note_left(&mut self, model: &SchemaModel, wholes: &[i64]) {
        self.left.entry(model.id).or_default().extend(wholes);
        self.note_wholes(model, wholes);
    }

    /// Notes the wholes of parts that were written.
    pub(super) fn note_wholes(&mut self, model: &SchemaModel, wholes: &[i64]) {
        self.wholes.entry(model.id).or_default().extend(wholes);
    }

    /// Notes a record whose version has risen.
    pub(super) fn note_raised(&mut self, model: &SchemaModel, id: i64) {
        self.raised.insert((model.id, id));
    }

    /// Takes the verdicts that a statement gave of a new row: whether the asker may have written
    /// it so, and whether they may read it. What is unknown is asked before the commit.
    ///
    /// # Errors
    /// Denied.
    pub(super) fn note_verdicts(
        &mut self,
        (model, verb): (&SchemaModel, Verb),
        id: i64,
        (may_write, may_read): (Option<bool>, Option<bool>),
        is_moved: bool,
    ) -> Result<()> {
        // What follows from others is worked out when these are written: it is judged then.
        let is_final = !self.looks_at_computed(model, verb);
        match (may_write, may_read) {
            (Some(false), _) => return Err(refuse_written(&self.session)),
            (Some(true), Some(may_read)) if is_final && (may_read || !is_moved) => {
                self.visible.insert((model.id, id), may_read);
            }
            (Some(true), Some(_)) if is_final => return Err(refuse_written(&self.session)),
            _ => self.unjudged.push(Unjudged { model: model.id, verb, id, is_moved }),
        }
        Ok(())
    }

    /// Whether a rule for reading or for the verb looks at a computed field of the record itself.
    fn looks_at_computed(&self, model: &SchemaModel, verb: Verb) -> bool {
        let is_computed = |name: &str| model.is_computed(name);
        [verb, Verb::Read].into_iter().any(|verb| match self.session.scope(model, verb) {
            Scope::Where(rule) => rule.looks_at(&is_computed),
            Scope::Denied | Scope::All => false,
        })
    }

    /// Asks the authors about a set as it was written, and about all lines that were written with
    /// it: first what their checks say, then their hooks, those of the innermost lines first.
    ///
    /// # Errors
    /// Invalid, or whatever an author says.
    pub(super) async fn ask_author(&mut self, set: RawSet) -> Result<RawSet> {
        let lines = std::mem::take(&mut self.lines);
        check::run(&self.session, std::iter::once(&set).chain(&lines))?;
        for it in lines.iter().chain([&set]) {
            history::record_set(&self.session, it).await?;
        }
        for it in lines {
            let it = hook::after(&self.session, it).await?;
            hook::after_commit(&self.session, &it);
        }
        let set = hook::after(&self.session, set).await?;
        hook::after_commit(&self.session, &set);
        Ok(set)
    }

    /// Judges what could not be judged before, and raises the versions of wholes.
    ///
    /// # Errors
    /// Denied: nothing of the transaction can be committed then.
    pub(super) async fn settle(&mut self) -> Result<()> {
        let session = self.session.clone();
        for (model, wholes) in std::mem::take(&mut self.left) {
            let wholes: Vec<i64> = wholes.into_iter().collect();
            whole::judge(&session, session.schema().model(model), &wholes).await?;
        }
        let mut unjudged = std::mem::take(&mut self.unjudged);
        unjudged.sort_by_key(|it| (it.model, it.verb as u8));
        for group in unjudged.chunk_by(|one, next| (one.model, one.verb) == (next.model, next.verb))
        {
            self.judge(&session, group).await?;
        }
        for (model, wholes) in std::mem::take(&mut self.wholes) {
            touch::touch(self, &session, session.schema().model(model), wholes).await?;
        }
        Ok(())
    }

    /// Records of one model that were written with one verb.
    async fn judge(&mut self, session: &Session, group: &[Unjudged]) -> Result<()> {
        let model = session.schema().model(group[0].model);
        let verb = group[0].verb;
        let moved: Vec<i64> = group.iter().filter(|it| it.is_moved).map(|it| it.id).collect();
        if !moved.is_empty() {
            hold_parents(session, model, &moved).await?;
        }
        let ids = group.iter().map(|it| it.id).collect();
        let verbs = [verb, Verb::Read];
        let judged = sql::judge(session, model, ids, Question::of(&verbs))?;
        for row in session.link().await?.fetch(&judged.statement()).await? {
            let (id, may_write, may_read) = (row.int(0)?, row.bool(2)?, row.bool(3)?);
            // The whole of a part was seen before it was held, and must be seen still.
            if !may_write || (moved.contains(&id) && !may_read) {
                return Err(refuse_written(session));
            }
            self.visible.insert((model.id, id), may_read);
        }
        Ok(())
    }

    /// Whether a record's version has risen already; from now on it has.
    pub(super) fn raises(&mut self, model: &SchemaModel, id: i64) -> bool {
        self.raised.insert((model.id, id))
    }

    /// The record of a set of one, for whoever wrote it.
    ///
    /// # Errors
    /// When it is not there any more.
    pub(super) fn written(&self, mut set: RawSet) -> Result<Written> {
        let text = set.text.take().ok_or_else(|| Error::broken("nothing was written"))?;
        let (model, row) = (set.model, set.only()?);
        let id = row.id.ok_or_else(|| Error::broken("a record without a key was written"))?;
        let new = row.new.take().ok_or_else(Error::missing)?;
        let is_visible = self.visible.get(&(model, id)).copied().unwrap_or(true);
        let mut rows = Rows::of(text, vec![Snapshot::into_row(new)]);
        let model = set.model();
        let at_read: Vec<FieldId> = model.at_read().map(|it| it.id).collect();
        let layout = rows.text.clone();
        rows.work_out(model, &at_read, |it| layout.layout.position(it))?;
        let version = rows.int(model, "version")?;
        Ok(Written { rows, is_visible, id, version })
    }
}
