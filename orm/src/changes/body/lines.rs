//! The lines of a record in its body: `{"create": [{..}], "update": [{"id": 5, ..}], "delete": [6]}`.

use std::collections::HashSet;

use crate::{
    At, LINE_LEVELS_MAX, LINES_MAX, LineChange, LineUpdate, Purpose, Verb, Violation,
    changes::body::{Reader, Record},
    field::many2one,
    filter::child,
    json::{Node, Object},
    schema::SchemaField,
};

impl Reader<'_, '_> {
    /// What becomes of the lines of a record; `None` when that cannot be read.
    pub(super) fn lines(
        &mut self,
        of: Record<'_>,
        field: &SchemaField,
        node: &Node<'_>,
        pointer: &str,
    ) -> Option<LineChange> {
        let Node::Object(object) = node else {
            self.unlike(node, "object", pointer);
            return None;
        };
        let level = of.level + 1;
        if level > LINE_LEVELS_MAX {
            let fault = Violation::at_pointer(pointer, "invalid").with("reason", "too_deep");
            self.faults.push(fault.with("max", LINE_LEVELS_MAX));
            return None;
        }
        let schema = self.judge.outlook().schema;
        let (model, reference) = schema.lines(field)?;
        // A part is written by whoever may write the whole.
        let has_own_rights = model.parent != Some(reference.id);
        let whole = Some(reference.id);
        let mut change = LineChange::default();
        let mut named = HashSet::new();
        for (key, node) in &object.entries {
            let pointer = child(pointer, key);
            let (verb, purpose) = match &**key {
                "create" => (Verb::Create, Purpose::Create),
                // A new record has no lines yet.
                "update" if of.purpose == Purpose::Update => (Verb::Update, Purpose::Update),
                "delete" if of.purpose == Purpose::Update => (Verb::Delete, Purpose::Update),
                _ => {
                    self.faults.push(Violation::at_pointer(pointer, "unknown_field"));
                    continue;
                }
            };
            let Some(items) = self.items(node, &pointer) else { continue };
            if has_own_rights && !items.is_empty() {
                if verb != Verb::Create {
                    self.judge.model(model, Verb::Read);
                }
                self.judge.model(model, verb);
            }
            let line = Record { model, purpose, whole, level };
            for (at, item) in items.iter().enumerate() {
                let pointer = format!("{pointer}/{at}");
                match verb {
                    Verb::Delete => {
                        let id = self.int(reference, item, pointer.clone());
                        self.name_once(&mut named, id, pointer);
                        change.delete.extend(id);
                    }
                    Verb::Update => {
                        let update = self.update((line, reference), item, &pointer);
                        let id = update.as_ref().map(|it| it.id);
                        self.name_once(&mut named, id, format!("{pointer}/id"));
                        change.update.extend(update);
                    }
                    _ => {
                        let Some(body) = self.object(item, &pointer) else { continue };
                        // Whoever may not say what it belongs to may not say so from there either.
                        let reference_pointer = child(&pointer, reference.def.key);
                        self.judge.writes(model, reference, &At::Pointer(reference_pointer));
                        change.create.push(self.record(line, body, &pointer));
                    }
                }
            }
        }
        Some(change)
    }

    /// A line that stays, by its key.
    fn update(
        &mut self,
        (line, reference): (Record<'_>, &SchemaField),
        item: &Node<'_>,
        pointer: &str,
    ) -> Option<LineUpdate> {
        let body = self.object(item, pointer)?;
        let id_pointer = format!("{pointer}/id");
        let id = match body.get("id") {
            Some(id) => self.int(reference, id, id_pointer),
            None => {
                self.faults.push(Violation::at_pointer(id_pointer, "required"));
                None
            }
        };
        let version = body.get("version");
        let version = version.map(|it| self.int(reference, it, format!("{pointer}/version")));
        let changes = self.record(line, body, pointer);
        Some(LineUpdate { id: id?, version: version.flatten(), changes })
    }

    /// A line that is named twice is a fault: nobody can say what becomes of it.
    fn name_once(&mut self, named: &mut HashSet<i64>, id: Option<i64>, pointer: String) {
        if id.is_some_and(|it| !named.insert(it)) {
            self.faults.push(Violation::at_pointer(pointer, "invalid"));
        }
    }

    /// The items of a list, if there are not too many lines by now.
    fn items<'n, 'b>(&mut self, node: &'n Node<'b>, pointer: &str) -> Option<&'n [Node<'b>]> {
        let Node::Array(items, _) = node else {
            self.unlike(node, "array", pointer);
            return None;
        };
        self.lines = self.lines.saturating_add(items.len());
        if self.lines > LINES_MAX {
            self.faults.push(Violation::at_pointer(pointer, "too_many").with("max", LINES_MAX));
            return None;
        }
        Some(items)
    }

    fn object<'n, 'b>(&mut self, node: &'n Node<'b>, pointer: &str) -> Option<&'n Object<'b>> {
        if let Node::Object(object) = node {
            return Some(object);
        }
        self.unlike(node, "object", pointer);
        None
    }

    /// A number, read as the key of a record is.
    fn int(&mut self, reference: &SchemaField, node: &Node<'_>, pointer: String) -> Option<i64> {
        match (many2one::RULES.parse)(&reference.loose, &node.as_leaf()) {
            Ok(value) => value.as_int(),
            Err(fault) => {
                let params = fault.params;
                self.faults
                    .push(Violation { params, ..Violation::at_pointer(pointer, fault.code) });
                None
            }
        }
    }

    fn unlike(&mut self, node: &Node<'_>, expected: &'static str, pointer: &str) {
        let fault = node.as_leaf().unlike(expected);
        let params = fault.params;
        self.faults.push(Violation { params, ..Violation::at_pointer(pointer, fault.code) });
    }
}
