//! The worker that has the machines of all suites.

use super::Arguments;
use super::suite::Suite;
use crate::machines::Machines;
use asl_compiler::{Module, Options};
use std::collections::HashMap;

/// Compiles the definitions of the suites that have cases, each once.
pub(super) fn compile(suites: &mut [Suite], arguments: &Arguments) -> Result<Machines, String> {
    let mut machines = Machines::default();
    let mut compiled: HashMap<String, Option<usize>> = HashMap::new();
    let key = |suite: &Suite| format!("{} {:?}", suite.definition.title(), suite.substitutions);
    for suite in suites.iter_mut().filter(|suite| !suite.cases.is_empty()) {
        if let Some(machine) = compiled.get(&key(suite)) {
            suite.machine = *machine;
            continue;
        }
        let options = arguments.compile.options_of(suite.definition.path())?;
        let mut options = Options { tell_rules: true, ..options };
        options.substitutions.extend(suite.substitutions.iter().cloned());
        let module = Module::of_source(&suite.definition).for_worker();
        let compilation = asl_compiler::compile(&suite.definition, &options, &module);
        match compilation.tokens {
            Some(tokens) => suite.machine = Some(machines.add(&module, &tokens)),
            None => suite.refused = compilation.diagnostics,
        }
        compiled.insert(key(suite), suite.machine);
    }
    Ok(machines)
}
