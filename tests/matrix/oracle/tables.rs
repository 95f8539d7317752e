//! The shape of the tables, written down a second time.

/// A table.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// The key of the reference to the record that this one is a part of, and its table.
    pub(crate) part_of: Option<(&'static str, &'static str)>,
    /// Whether rules hold for administrators, too.
    pub(crate) is_private: bool,
    /// Whether it is remembered who changed what.
    pub(crate) keeps_history: bool,
    pub(crate) fields: &'static [Field],
}

/// A field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    /// As rights call it: `owner`.
    pub(crate) name: &'static str,
    /// As records and columns call it: `owner_id`.
    pub(crate) key: &'static str,
    pub(crate) kind: Kind,
    /// Whether the framework writes it, and nobody else.
    pub(crate) is_fixed: bool,
    /// Whether `q` looks into it.
    pub(crate) is_searched: bool,
    /// Whether a new record starts with a value.
    pub(crate) has_default: bool,
    /// Whether it may be absent.
    pub(crate) is_optional: bool,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Bool,
    Int,
    Money,
    Text,
    /// A time; not compared here.
    Moment,
    /// A reference to a row of this table.
    One(&'static str),
    /// The rows of this table whose column points here.
    Back(&'static str, &'static str),
    /// Tags of a note.
    Tags,
    /// Notes of a tag.
    Tagged,
}

impl Table {
    pub(crate) fn field(&self, name: &str) -> &'static Field {
        let found = self.fields.iter().find(|it| it.name == name || it.key == name);
        found.unwrap_or_else(|| panic!("{} has no field {name}", self.name))
    }

    /// The table of the lines of a record, and the field that has them.
    pub(crate) fn lines(&self) -> Option<(&'static Self, &'static Field)> {
        self.fields.iter().find_map(|it| match it.kind {
            Kind::Back(target, _) => Some((table(target), it)),
            _ => None,
        })
    }

    /// The fields that are columns.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().filter(|it| !it.kind.is_to_many())
    }
}

impl Kind {
    pub(crate) fn is_to_many(self) -> bool {
        matches!(self, Self::Back(..) | Self::Tags | Self::Tagged)
    }

    /// Where a relation leads.
    pub(crate) fn target(self) -> Option<&'static str> {
        match self {
            Self::One(it) | Self::Back(it, _) => Some(it),
            Self::Tags => Some("tags"),
            Self::Tagged => Some("notes"),
            _ => None,
        }
    }
}

/// The table of that name.
pub(crate) fn table(name: &str) -> &'static Table {
    let found = TABLES.iter().find(|it| it.name == name);
    found.unwrap_or_else(|| panic!("there is no table {name}"))
}

/// The tables whose records are asked for: those of the module of these tests.
pub(crate) const WORLD: [&str; 5] = ["spaces", "notes", "note_lines", "diaries", "tags"];

const fn field(name: &'static str, key: &'static str, kind: Kind) -> Field {
    Field {
        name,
        key,
        kind,
        is_fixed: false,
        is_searched: false,
        has_default: false,
        is_optional: true,
    }
}

const fn plain(name: &'static str, kind: Kind) -> Field {
    field(name, name, kind)
}

const fn fixed(name: &'static str, key: &'static str, kind: Kind) -> Field {
    Field { is_fixed: true, is_optional: false, ..field(name, key, kind) }
}

const fn required(of: Field) -> Field {
    Field { is_optional: false, ..of }
}

const fn searched(of: Field) -> Field {
    Field { is_searched: true, ..of }
}

const ID: Field = fixed("id", "id", Kind::Int);
const VERSION: Field = fixed("version", "version", Kind::Int);
const CREATED_AT: Field = fixed("created_at", "created_at", Kind::Moment);
const CREATED_BY: Field = fixed("created_by", "created_by_id", Kind::One("users"));
const UPDATED_AT: Field = fixed("updated_at", "updated_at", Kind::Moment);
const UPDATED_BY: Field = fixed("updated_by", "updated_by_id", Kind::One("users"));

/// All of them; of those that other modules bring, only what is named here.
pub(crate) static TABLES: &[Table] = &[
    Table {
        name: "spaces",
        part_of: None,
        is_private: false,
        keeps_history: false,
        fields: &[
            ID,
            VERSION,
            required(plain("name", Kind::Text)),
            field("owner", "owner_id", Kind::One("users")),
            field("company", "company_id", Kind::One("companies")),
            field("parent", "parent_id", Kind::One("spaces")),
            field("audience", "audience_id", Kind::One("roles")),
            field("notes", "note_ids", Kind::Back("notes", "space_id")),
            CREATED_AT,
            CREATED_BY,
            UPDATED_AT,
            UPDATED_BY,
        ],
    },
    Table {
        name: "notes",
        part_of: None,
        is_private: false,
        keeps_history: true,
        fields: &[
            ID,
            VERSION,
            searched(required(plain("title", Kind::Text))),
            searched(plain("secret", Kind::Text)),
            plain("level", Kind::Int),
            plain("amount", Kind::Money),
            Field { has_default: true, ..required(plain("active", Kind::Bool)) },
            field("owner", "owner_id", Kind::One("users")),
            field("space", "space_id", Kind::One("spaces")),
            field("tags", "tag_ids", Kind::Tags),
            field("lines", "line_ids", Kind::Back("note_lines", "note_id")),
            CREATED_AT,
            CREATED_BY,
            UPDATED_AT,
            UPDATED_BY,
        ],
    },
    Table {
        name: "note_lines",
        part_of: Some(("note_id", "notes")),
        is_private: false,
        keeps_history: true,
        fields: &[
            ID,
            VERSION,
            required(field("note", "note_id", Kind::One("notes"))),
            required(plain("label", Kind::Text)),
            plain("amount", Kind::Int),
            field("owner", "owner_id", Kind::One("users")),
            CREATED_AT,
            CREATED_BY,
            UPDATED_AT,
            UPDATED_BY,
        ],
    },
    Table {
        name: "diaries",
        part_of: None,
        is_private: true,
        keeps_history: true,
        fields: &[
            ID,
            VERSION,
            searched(required(plain("title", Kind::Text))),
            plain("mood", Kind::Int),
            field("owner", "owner_id", Kind::One("users")),
            CREATED_AT,
            CREATED_BY,
            UPDATED_AT,
            UPDATED_BY,
        ],
    },
    Table {
        name: "tags",
        part_of: None,
        is_private: false,
        keeps_history: false,
        fields: &[
            ID,
            VERSION,
            searched(required(plain("name", Kind::Text))),
            plain("hue", Kind::Int),
            field("notes", "note_ids", Kind::Tagged),
            CREATED_AT,
            CREATED_BY,
            UPDATED_AT,
            UPDATED_BY,
        ],
    },
    Table {
        name: "users",
        part_of: None,
        is_private: false,
        keeps_history: false,
        fields: &[
            ID,
            required(plain("name", Kind::Text)),
            required(plain("login", Kind::Text)),
            required(plain("active", Kind::Bool)),
            field("company", "company_id", Kind::One("companies")),
        ],
    },
    Table {
        name: "companies",
        part_of: None,
        is_private: false,
        keeps_history: false,
        fields: &[ID, required(plain("name", Kind::Text))],
    },
    Table {
        name: "roles",
        part_of: None,
        is_private: false,
        keeps_history: false,
        fields: &[ID, required(plain("name", Kind::Text))],
    },
];
