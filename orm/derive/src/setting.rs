//! What stands in an attribute: options and their values, checked against what it knows.
//!
//! An option is known by the way it is written, `max = 200` or `unique`, so every message can
//! show its cure.

use proc_macro2::{Group, Ident};
use syn::{
    Attribute, Expr, ExprLit, ExprUnary, Lit, LitInt, LitStr, Path, Token, UnOp,
    ext::IdentExt,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
    token,
};

use crate::{faults::Faults, names};

/// One option of an attribute: `unique` or `max = 200`.
pub(crate) struct Setting {
    pub(crate) name: Ident,
    value: Option<Expr>,
    /// What stands in parentheses behind it, where nothing does.
    group: Option<Group>,
    /// An example of how it is written.
    form: &'static str,
}

/// The options that an attribute knows.
pub(crate) struct Vocabulary {
    pub(crate) attribute: &'static str,
    /// What the attribute stands above.
    pub(crate) place: &'static str,
    /// Each as it is written: `max = 200`.
    pub(crate) options: &'static [&'static str],
    /// Those that may be said more than once.
    pub(crate) repeatable: &'static [&'static str],
    /// What it is called elsewhere, and what is written here.
    pub(crate) foreign: &'static [(&'static str, &'static str)],
}

/// A whole number, and the tokens that say it.
pub(crate) struct Whole {
    pub(crate) value: i64,
    pub(crate) written: Expr,
}

impl Vocabulary {
    /// The options that `attributes` hold; an unknown one or a second one is a fault and left out.
    /// `elsewhere` is the attribute that an option may have been meant for.
    pub(crate) fn read(
        &self,
        attributes: &[Attribute],
        elsewhere: Option<&Self>,
        faults: &mut Faults,
    ) -> Vec<Setting> {
        self.refuse_misplaced(attributes, elsewhere, faults);
        let mut settings: Vec<Setting> = Vec::new();
        for attribute in self.own(attributes) {
            match parsed(attribute) {
                Ok(list) => settings.extend(list),
                Err(fault) => faults.extend(fault),
            }
        }
        let mut said: Vec<String> = Vec::new();
        settings.retain_mut(|it| {
            let name = it.name.to_string();
            let Some(form) = self.form(&name) else {
                faults.add(&it.name, self.unknown(&name, elsewhere));
                return false;
            };
            if said.contains(&name) && !self.repeatable.contains(&name.as_str()) {
                faults.add(&it.name, format!("`{name}` is said twice; keep one of them"));
                return false;
            }
            if let Some(group) = &it.group {
                faults.add(group, format!("options have no parentheses; write `{form}`"));
                // It was meant, so nothing is said of its absence.
                said.push(name);
                return false;
            }
            it.form = form;
            it.check_form(faults);
            said.push(name);
            true
        });
        settings
    }

    /// Whether all of them can be read at all: if not, nobody knows what is missing.
    pub(crate) fn is_readable(&self, attributes: &[Attribute]) -> bool {
        self.own(attributes).all(|it| parsed(it).is_ok())
    }

    fn own<'a>(&self, attributes: &'a [Attribute]) -> impl Iterator<Item = &'a Attribute> {
        let name = self.attribute;
        attributes.iter().filter(move |it| it.path().is_ident(name))
    }

    /// The attribute of another place would be passed over in silence.
    fn refuse_misplaced(
        &self,
        attributes: &[Attribute],
        elsewhere: Option<&Self>,
        faults: &mut Faults,
    ) {
        let Some(other) = elsewhere.filter(|it| it.attribute != self.attribute) else { return };
        for attribute in other.own(attributes) {
            let (place, own, found) = (self.place, self.attribute, other.attribute);
            let message = format!("above {place} stands `#[{own}(...)]`, not `#[{found}(...)]`");
            faults.add(attribute.path(), message);
        }
    }

    fn form(&self, name: &str) -> Option<&'static str> {
        self.options.iter().copied().find(|it| option_name(it) == name)
    }

    fn unknown(&self, name: &str, elsewhere: Option<&Self>) -> String {
        if let Some((other, form)) = elsewhere.and_then(|it| Some((it, it.form(name)?))) {
            let (attribute, place) = (other.attribute, other.place);
            return format!(
                "`{name}` is an option of {place}; write `#[{attribute}({form})]` above it"
            );
        }
        if let Some((_, cure)) = self.foreign.iter().find(|(word, _)| *word == name) {
            return format!("`{name}` is no option; {cure}");
        }
        let known = self.options.iter().map(|it| option_name(it));
        match names::closest(name, known.clone()) {
            Some(meant) => format!("unknown option `{name}`; did you mean `{meant}`?"),
            None => {
                let known: Vec<String> = known.map(|it| format!("`{it}`")).collect();
                let (attribute, known) = (self.attribute, known.join(", "));
                format!("unknown option `{name}`; `#[{attribute}(...)]` knows {known}")
            }
        }
    }
}

/// The options in one attribute.
fn parsed(attribute: &Attribute) -> syn::Result<Punctuated<Setting, Token![,]>> {
    attribute.parse_args_with(Punctuated::parse_terminated)
}

/// `max = 200` → `max`.
fn option_name(form: &str) -> &str {
    form.split(' ').next().unwrap_or(form)
}

impl Setting {
    /// Whether it has a value where it must, and none where it must not.
    fn check_form(&self, faults: &mut Faults) {
        let (name, form) = (&self.name, self.form);
        match (form.contains('='), self.value.is_some()) {
            _ if form.contains('[') => {}
            (true, false) => faults.add(name, format!("`{name}` needs a value; write `{form}`")),
            (false, true) => faults.add(name, format!("`{name}` takes no value; write `{name}`")),
            _ => {}
        }
    }

    /// Whether a value was said, where that is up to the author.
    pub(crate) fn has_value(&self) -> bool {
        self.value.is_some()
    }

    /// Its value as text in quotes.
    pub(crate) fn text(&self, faults: &mut Faults) -> Option<LitStr> {
        match self.value()? {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.clone()),
            _ => self.refuse("text in quotes", faults),
        }
    }

    /// Its value as a whole number of 64 bits.
    pub(crate) fn whole(&self, faults: &mut Faults) -> Option<Whole> {
        let written = self.value()?;
        match whole(written) {
            Some(value) => Some(Whole { value, written: written.clone() }),
            None => self.refuse("a whole number", faults),
        }
    }

    /// Its value as the name of a function.
    pub(crate) fn path(&self, faults: &mut Faults) -> Option<Path> {
        match self.value()? {
            Expr::Path(path) if path.qself.is_none() => Some(path.path.clone()),
            _ => self.refuse("the name of a function", faults),
        }
    }

    /// Its value, whatever it is.
    pub(crate) fn expression(&self) -> Option<Expr> {
        self.value().cloned()
    }

    /// The value without the invisible group that a `macro_rules!` puts around an argument.
    fn value(&self) -> Option<&Expr> {
        let mut value = self.value.as_ref()?;
        while let Expr::Group(group) = value {
            value = &group.expr;
        }
        Some(value)
    }

    fn refuse<T>(&self, wanted: &str, faults: &mut Faults) -> Option<T> {
        let (name, form) = (&self.name, self.form);
        let message = match form.split_once(" [") {
            Some((alone, value)) => {
                let value = value.trim_end_matches(']');
                format!("`{name}` takes {wanted} or nothing; write `{alone}` or `{alone} {value}`")
            }
            None => format!("`{name}` takes {wanted}; write `{form}`"),
        };
        faults.add(&self.value, message);
        None
    }
}

impl Parse for Setting {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = Ident::parse_any(input)?;
        if input.peek(token::Paren) {
            let group = Some(input.parse()?);
            return Ok(Self { name, value: None, group, form: "" });
        }
        let has_value = input.parse::<Option<Token![=]>>()?.is_some();
        let value = if has_value { Some(input.parse()?) } else { None };
        Ok(Self { name, value, group: None, form: "" })
    }
}

/// `200`, `-5`.
fn whole(written: &Expr) -> Option<i64> {
    let parse =
        |sign: &str, digits: &LitInt| format!("{sign}{}", digits.base10_digits()).parse().ok();
    match written {
        Expr::Lit(ExprLit { lit: Lit::Int(digits), .. }) => parse("", digits),
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => match &**expr {
            Expr::Lit(ExprLit { lit: Lit::Int(digits), .. }) => parse("-", digits),
            _ => None,
        },
        _ => None,
    }
}
