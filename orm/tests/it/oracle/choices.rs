//! Decisions taken from a list of numbers, so that a shorter list is a simpler world.

/// A list of numbers that decides; when it is used up, the first choice is always taken.
pub(crate) struct Choices<'a>(std::slice::Iter<'a, u16>);

impl<'a> Choices<'a> {
    pub(crate) fn of(list: &'a [u16]) -> Self {
        Self(list.iter())
    }

    /// A number below `count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        usize::from(*self.0.next().unwrap_or(&0)) % count
    }

    /// One of a list.
    pub(crate) fn one<'l, T>(&mut self, of: &'l [T]) -> &'l T {
        &of[self.below(of.len())]
    }

    /// True once in `in_how_many` times.
    pub(crate) fn rarely(&mut self, in_how_many: usize) -> bool {
        self.below(in_how_many) == in_how_many - 1
    }
}
