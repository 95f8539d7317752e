//! The rights of somebody who sees leads by three rules, two of them of inherited roles.
//!
//! They are a module of their own, which the program runs with once more, beside the plain one.

use artel_core::{Environment, Grant, ME, Module, Rights, Settings};
use leads::Lead;
use orm::Id;

/// The role that has it all.
pub(crate) const SELLER: &str = "benchmark.seller";
/// The first of the other owners, whom the seller stands in for.
pub(crate) const COLLEAGUE: i64 = 1_000_001;

const OWN: &str = "benchmark.own";
const FREE: &str = "benchmark.free";

const MODULE: Module =
    Module { name: "benchmark", depends: &[&leads::MODULE], setup: |to| _ = to.rights(rights) };

/// The project with these rights.
pub(crate) fn environment(settings: Settings) -> Environment {
    project_setup::environment(settings).module(MODULE)
}

fn rights(to: &mut Rights) {
    to.role(OWN, "Benchmark: own leads");
    to.role(FREE, "Benchmark: free leads");
    to.role(SELLER, "Benchmark: seller").implies(&[OWN, FREE]);
    to.grant::<Lead>(SELLER, Grant::READ);
    to.rule("benchmark: own leads", &[OWN], Grant::READ, Lead::OWNER.is(ME));
    to.rule("benchmark: free leads", &[FREE], Grant::READ, Lead::OWNER.is_none());
    let of_colleague = Lead::OWNER.eq(Id::new(COLLEAGUE));
    to.rule("benchmark: leads of a colleague", &[SELLER], Grant::READ, of_colleague);
}
