//! What modules keep beside a database in this process: a bell, a place where sockets meet.
//!
//! **Invariant:** one of each type a database, so several environments in one process share
//! nothing.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// One value of each type.
#[derive(Default)]
pub(super) struct Kept(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Kept {
    /// The one of this type.
    pub(super) fn of<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.get(&TypeId::of::<T>()).cloned().and_then(|it| it.downcast().ok());
        known.unwrap_or_else(|| {
            let made = Arc::new(T::default());
            kept.insert(TypeId::of::<T>(), made.clone());
            made
        })
    }
}
