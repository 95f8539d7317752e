//! What a project consists of, without a database: `artel modules`, `routes`,
//! `openapi`, `asyncapi`.

use std::{fmt::Write, process::ExitCode, sync::Arc};

use crate::{
    Clock,
    cli::{Project, failure::Failure, output::print},
    environment::Plan,
    http::{Front, Readiness, Routes},
};

/// Prints modules with their models, then services with their phase.
pub(crate) fn modules(project: &Project) -> Result<ExitCode, Failure> {
    let plan = project.environment()?.plan()?;
    let mut text = String::from("modules, in the order in which they are set up\n");
    for module in &plan.modules {
        let depends: Vec<_> = module.depends.iter().map(|it| it.name).collect();
        let models = models_of(&plan, module.name);
        // Writing into a string cannot fail.
        let _ = writeln!(text, "  {}", module.name);
        for (what, list) in [("needs", depends), ("models", models)] {
            if !list.is_empty() {
                let _ = writeln!(text, "      {what} {}", list.join(", "));
            }
        }
    }
    text += "\nservices, in the order in which they are started\n";
    for service in &plan.services {
        let _ = writeln!(text, "  {:<24}{}", service.name(), service.phase());
    }
    print(&text);
    Ok(ExitCode::SUCCESS)
}

/// Prints every method and path.
pub(crate) fn routes(project: &Project) -> Result<ExitCode, Failure> {
    let listing = routes_of(project)?.listing;
    let line = |(method, path): (http::Method, String)| format!("{:<8}{path}\n", method.as_str());
    print(&listing.into_iter().map(line).collect::<String>());
    Ok(ExitCode::SUCCESS)
}

/// Prints the OpenAPI document.
pub(crate) fn openapi(project: &Project) -> Result<ExitCode, Failure> {
    print_document(&routes_of(project)?.openapi);
    Ok(ExitCode::SUCCESS)
}

/// Prints the AsyncAPI document.
pub(crate) fn asyncapi(project: &Project) -> Result<ExitCode, Failure> {
    print_document(&routes_of(project)?.asyncapi);
    Ok(ExitCode::SUCCESS)
}

fn print_document(document: &[u8]) {
    print(&String::from_utf8_lossy(document));
    print("\n");
}

/// Every route, without a database.
pub(crate) fn routes_of(project: &Project) -> Result<Routes, Failure> {
    let environment = project.environment()?;
    let plan = environment.plan()?;
    let app = plan.app(environment.settings().clone(), Clock::system());
    Ok(Front::routes(&app, plan.routes, &Arc::new(Readiness::default()))?)
}

/// The tables of a module's models.
fn models_of(plan: &Plan, module: &str) -> Vec<&'static str> {
    let models = plan.schema.models().iter().map(|it| it.def);
    models.filter(|it| it.krate == module).map(|it| it.table).collect()
}
