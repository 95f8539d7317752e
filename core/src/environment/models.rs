//! Which models an environment has, and what extends them: those that the crates of its modules
//! registered.

use orm::{ExtendDef, ModelDef, Registered, RegisteredExtension};

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
             `.module({krate}::MODULE)` or take the crate out of Cargo.toml; if it is listed, its \
             MODULE must say `name: \"{krate}\"`, as the crate is called"
        )
    };
    models.iter().filter(|it| !is_of(it, modules)).map(|it| fault(&it)).collect()
}

/// Every extension that is linked into the program.
pub(crate) fn linked_extensions() -> Vec<&'static ExtendDef> {
    let mut extensions: Vec<_> =
        inventory::iter::<RegisteredExtension>().map(|it| (it.0)()).collect();
    extensions.sort_by_key(|it| (it.krate, it.name));
    extensions
}

/// The extensions of listed modules, and a line for each that its module may not make: a module
/// extends its own models and those of modules that it depends on.
pub(crate) fn extensions_of(
    modules: &[Module],
    linked: Vec<&'static ExtendDef>,
) -> (Vec<&'static ExtendDef>, Vec<String>) {
    let mut faults = Vec::new();
    let listed = linked.into_iter().filter(|it| {
        let Some(module) = modules.iter().find(|module| module.name == it.krate) else {
            return false;
        };
        let (name, krate, model) = (it.name, it.krate, (it.model)());
        if !reaches(module, model.krate) {
            faults.push(format!(
                "`{name}` of module `{krate}` extends `{}` of module `{home}`, which `{krate}` does \
                 not depend on; add `&{home}::MODULE` to its `depends`",
                model.name,
                home = model.krate,
            ));
        }
        true
    });
    (listed.collect(), faults)
}

/// A line for each reference that does not point down the graph of modules: a model refers to
/// those of its own module and of modules that this one depends on.
pub(crate) fn strangers(models: &[&'static ModelDef], modules: &[Module]) -> Vec<String> {
    let mut faults = Vec::new();
    for model in models {
        let Some(module) = modules.iter().find(|it| it.name == model.krate) else { continue };
        for field in model.fields {
            let Some(target) = field.kind.target().map(|it| it()) else { continue };
            let (home, krate) = (target.krate, module.name);
            let is_listed = modules.iter().any(|it| it.name == home);
            if is_listed && !reaches(module, home) {
                faults.push(format!(
                    "`{}.{}` of module `{krate}` leads to `{}` of module `{home}`, which \
                     `{krate}` does not depend on; add `&{home}::MODULE` to its `depends`",
                    model.table, field.name, target.name,
                ));
            }
        }
    }
    faults
}

/// Whether a module is the one of this name or depends on it, be it through others.
fn reaches(module: &Module, name: &str) -> bool {
    module.name == name || module.depends.iter().any(|it| reaches(it, name))
}

#[cfg(test)]
mod tests {
    use orm::{FieldDef, Kind};

    use super::*;

    static PARTNER: ModelDef = ModelDef::new("Partner", "partners", "partners");
    static TAX: ExtendDef = ExtendDef {
        name: "PartnerTax",
        krate: "taxes",
        model: || &PARTNER,
        fields: &[],
        unique: &[],
        unique_unless_archived: &[],
        choices: None,
        defaults: &[],
        check: None,
        before: None,
        after: None,
    };
    const PARTNERS: Module = Module { name: "partners", depends: &[], setup: |_| {} };
    const SALES: Module = Module { name: "sales", depends: &[&PARTNERS], setup: |_| {} };

    #[test]
    fn a_module_extends_what_it_depends_on() {
        check(&[PARTNERS, Module { depends: &[&PARTNERS], ..taxes() }], 1, "");
        check(&[PARTNERS, SALES, Module { depends: &[&SALES], ..taxes() }], 1, "");
        check(
            &[PARTNERS, taxes()],
            1,
            "`PartnerTax` of module `taxes` extends `Partner` of module `partners`, which `taxes` \
             does not depend on; add `&partners::MODULE` to its `depends`",
        );
    }

    #[test]
    fn an_extension_of_a_module_that_is_not_listed_counts_for_nothing() {
        check(&[PARTNERS, SALES], 0, "");
    }

    #[test]
    fn a_reference_points_down_the_graph_of_modules() {
        static BILL: ModelDef = ModelDef {
            fields: &[FieldDef {
                kind: Kind::Many2One(|| &PARTNER),
                ..FieldDef::of::<i64>(orm::FieldNames {
                    name: "partner",
                    one: "partner_id",
                    many: "partner_ids",
                    any: "partner_ref",
                })
            }],
            ..ModelDef::new("Bill", "bills", "taxes")
        };
        let found = |modules: &[Module]| strangers(&[&PARTNER, &BILL], modules).join("\n");
        assert_eq!(found(&[PARTNERS, Module { depends: &[&PARTNERS], ..taxes() }]), "");
        assert_eq!(
            found(&[PARTNERS, taxes()]),
            "`bills.partner` of module `taxes` leads to `Partner` of module `partners`, which \
             `taxes` does not depend on; add `&partners::MODULE` to its `depends`",
        );
    }

    #[test]
    fn a_module_that_is_called_otherwise_than_its_crate_is_told_so() {
        let faults = homeless(&[&PARTNER], &[Module { name: "partner", ..PARTNERS }]);
        assert!(faults[0].ends_with("must say `name: \"partners\"`, as the crate is called"));
    }

    const fn taxes() -> Module {
        Module { name: "taxes", depends: &[], setup: |_| {} }
    }

    #[track_caller]
    fn check(modules: &[Module], count: usize, faults: &str) {
        let (extensions, found) = extensions_of(modules, vec![&TAX]);
        assert_eq!((extensions.len(), found.join("\n")), (count, faults.to_owned()));
    }
}
