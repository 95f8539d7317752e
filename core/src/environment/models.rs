//! Which models an environment has: those that the crates of its modules registered.

use orm::{ModelDef, Registered};

use crate::Module;

/// Every model that is linked into the program, by table.
///
/// The order of registration differs between builds.
pub(crate) fn linked() -> Vec<&'static ModelDef> {
    let mut models: Vec<_> = inventory::iter::<Registered>().map(|it| (it.0)()).collect();
    models.sort_by_key(|it| (it.table, it.krate));
    models
}

/// Whether the model belongs to one of the modules.
pub(crate) fn is_of(model: &ModelDef, modules: &[Module]) -> bool {
    modules.iter().any(|it| it.name == model.krate)
}

/// A line for each model whose module is not listed.
pub(crate) fn homeless(models: &[&'static ModelDef], modules: &[Module]) -> Vec<String> {
    let fault = |it: &&&'static ModelDef| {
        let ModelDef { name, krate, .. } = it;
        format!(
            "model `{name}` belongs to module `{krate}`, which is linked but not listed; add \
             `.module({krate}::MODULE)` or take the crate out of Cargo.toml"
        )
    };
    models.iter().filter(|it| !is_of(it, modules)).map(|it| fault(&it)).collect()
}
