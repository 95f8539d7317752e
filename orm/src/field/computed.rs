//! Fields that follow from others: what an author says of them, and their type.
//!
//! A computed field is a function of its declared inputs and of nothing else. Three sorts:
//! *stored* is a column, which every write of an input brings up to date; *sql* is an expression
//! that PostgreSQL works out at every read; *read* is worked out in Rust at every read, and can
//! neither be filtered nor sorted by.

use std::ops::Deref;

use crate::{Error, FieldType, Kind, Result, Value};

/// The value of a field that follows from others; nobody sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Computed<T>(T);

/// The values at the end of a path through a to-many relation, in the order of their records'
/// keys. Inputs of one field over the same relation stand in the same order.
#[derive(Debug, Clone, PartialEq)]
pub struct Many<T>(Vec<T>);

/// What a field follows from.
#[derive(Debug, Clone, Copy)]
pub struct Compute {
    /// Names and paths, in the order of the function's parameters: `price`, `lines.subtotal`.
    pub inputs: &'static [&'static str],
    /// How it is worked out.
    pub sort: ComputeSort,
    /// Whether it tells of inputs to those who may not read them.
    pub reveals: bool,
}

/// How a computed field is worked out.
#[derive(Debug, Clone, Copy)]
pub enum ComputeSort {
    /// By a function, whenever an input is written; a column holds it.
    Stored(Function),
    /// By a function, at every read.
    Read(Function),
    /// By PostgreSQL, at every read; `{price}` stands for a column.
    Sql(&'static str),
}

/// A function of the author's, behind one type.
#[derive(Debug, Clone, Copy)]
pub struct Function {
    /// What its parameters are.
    pub params: &'static [ParamDef],
    /// Runs it.
    pub call: fn(Vec<Input>) -> Result<Value>,
    /// Raised by the author when it gives other values than before.
    pub revision: u32,
}

/// One argument of a function.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// The value of a field, or of one behind references.
    One(Value),
    /// Those at the end of a path through a to-many relation.
    Many(Vec<Value>),
}

/// One parameter of a function.
#[derive(Debug, Clone, Copy)]
pub struct ParamDef {
    /// The kind of its values.
    pub kind: Kind,
    /// Whether they may be absent.
    pub nullable: bool,
    /// Whether it takes any number of them.
    pub is_many: bool,
}

/// A type that a parameter of such a function can have.
#[diagnostic::on_unimplemented(
    message = "a function of computed fields cannot take `{Self}`",
    label = "no type of an input",
    note = "take the field's own type by value: `Decimal`, `Option<String>`; over a to-many relation, `Many<Decimal>`"
)]
pub trait Param: Sized {
    /// What it takes.
    const DEF: ParamDef;

    /// The argument.
    ///
    /// # Errors
    /// When the value is of another kind, which the schema rules out.
    fn take(input: Input) -> Result<Self>;
}

impl<T: FieldType> Param for T {
    const DEF: ParamDef = ParamDef { kind: T::KIND, nullable: T::NULLABLE, is_many: false };

    fn take(input: Input) -> Result<Self> {
        match input {
            Input::One(value) => T::take(value),
            Input::Many(_) => Err(Error::broken("one value was wanted, many were given")),
        }
    }
}

impl<T: FieldType> Param for Many<T> {
    const DEF: ParamDef = ParamDef { kind: T::KIND, nullable: T::NULLABLE, is_many: true };

    fn take(input: Input) -> Result<Self> {
        match input {
            Input::Many(values) => values.into_iter().map(T::take).collect::<Result<_>>().map(Self),
            Input::One(_) => Err(Error::broken("many values were wanted, one was given")),
        }
    }
}

/// A field that a function can give: its parameter is what the function returns.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot be computed by a function that gives `{R}`",
    label = "not what the function gives",
    note = "write `Computed<...>` around what the function gives: `Computed<Decimal>`, `Computed<Option<Decimal>>`"
)]
pub trait Computes<R> {}

impl<T: FieldType> Computes<T> for Computed<T> {}

impl<T: FieldType> FieldType for Computed<T> {
    type Base = T::Base;
    type Nullable = T::Nullable;
    const KIND: Kind = T::KIND;
    const NULLABLE: bool = T::NULLABLE;
    const IS_COMPUTED: bool = true;

    fn take(value: Value) -> Result<Self> {
        T::take(value).map(Self)
    }

    fn give(&self) -> Value {
        self.0.give()
    }
}

impl<T> Deref for Computed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Deref for Many<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> IntoIterator for Many<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Many<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl Compute {
    /// The function that is run when an input is written, if it is one.
    pub const fn stored(&self) -> Option<&Function> {
        match &self.sort {
            ComputeSort::Stored(function) => Some(function),
            ComputeSort::Read(_) | ComputeSort::Sql(_) => None,
        }
    }
}

macro_rules! functions {
    ($($name:ident: $($param:ident)*;)*) => {$(
        /// For the derive: a function of so many inputs that gives a field of type `F`.
        pub const fn $name<F: Computes<R>, $($param: Param,)* R: FieldType>(
            _: fn($($param),*) -> R,
            call: fn(Vec<Input>) -> Result<Value>,
            revision: u32,
        ) -> Function {
            Function { params: const { &[$($param::DEF),*] }, call, revision }
        }
    )*};
}
functions! {
    function_1: A;
    function_2: A B;
    function_3: A B C;
    function_4: A B C D;
    function_5: A B C D E;
    function_6: A B C D E G;
    function_7: A B C D E G H;
    function_8: A B C D E G H I;
}

/// For the derive: the next argument.
pub fn argument<P: Param>(inputs: &mut std::vec::IntoIter<Input>) -> Result<P> {
    let input = inputs.next().ok_or_else(|| Error::broken("a function lacks an argument"))?;
    P::take(input)
}
