//! Variables: which scope assigns them, and which can read them. What is wrong with a JSONata expression depends on that.

mod expressions;

use super::{Machine, ScopeId, State, targets};
use crate::code::Code;
use crate::definition::{QueryLanguage, Work};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::json::Text;
use crate::path::Path;
use crate::source::Span;
use crate::suggest::closest;
use crate::vocabulary::{Root, StateId};
use std::collections::{BTreeMap, HashMap, HashSet};

/// For each scope its variables, and for each of them the places that assign it.
type Assigned<'d> = Vec<BTreeMap<&'d str, Vec<Assignment>>>;

/// A place that assigns a variable.
struct Assignment {
    span: Span,
    /// The state that follows.
    next: Option<StateId>,
}

pub(super) fn check(machine: &Machine<'_>, diagnostics: &mut Diagnostics) {
    let assigned = assigned(machine);
    check_duplicates(machine, &assigned, diagnostics);
    // It is not known what a state of unknown type assigns.
    if machine.states.iter().any(|state| matches!(state.definition.work, Work::Unknown(_))) {
        return;
    }
    let mut reads = Reads::new(machine, &assigned, diagnostics);
    for state in &machine.states {
        for path in state.definition.paths() {
            reads.check(state, path);
        }
        for expression in state.definition.expressions() {
            expressions::check(&mut reads, state, expression);
        }
    }
    reads.check_misspelt_assignments();
}

fn assigned<'d>(machine: &Machine<'d>) -> Assigned<'d> {
    let mut assigned: Assigned<'_> = machine.scopes.iter().map(|_| BTreeMap::new()).collect();
    for state in &machine.states {
        let Some(scope) = assigned.get_mut(state.scope.0) else { continue };
        for found in state.definition.assigned() {
            let next = found.next.and_then(|name| machine.target(state.scope, &name.value));
            let places = scope.entry(found.variable.name()).or_default();
            places.push(Assignment { span: found.variable.key.span, next });
        }
    }
    assigned
}

/// Names that are assigned inside of a scope although they may have been assigned around it before. AWS takes a name that is
/// assigned around it only afterwards, such as in a catcher of the state that holds the scope.
fn check_duplicates(machine: &Machine<'_>, assigned: &Assigned<'_>, diagnostics: &mut Diagnostics) {
    let mut before = Before { machine, leading: Vec::new(), known: HashMap::new() };
    for state in &machine.states {
        for found in state.definition.assigned() {
            let key = &found.variable.key;
            let name = found.variable.name();
            let holders = machine
                .visible(state.scope)
                .filter(|scope| !machine.is_distributed(*scope))
                .filter_map(|scope| machine.scopes.get(scope.0)?.holder);
            let outer = holders.filter_map(|holder| before.assigned(holder, assigned, name)).last();
            if let Some(outer) = outer {
                diagnostics.push(duplicate(name, key, outer));
            }
        }
    }
}

fn duplicate(name: &str, key: &Text, outer: Span) -> Diagnostic {
    let message = format!("the variable `{name}` is assigned in an outer scope as well");
    Diagnostic::new(Code::DuplicateVariable, key.span, message)
        .label("a branch or an item processor reads the variables around it, and assigns only its own")
        .related(outer, "assigned here for the outer scope")
        .help("give the inner variable another name, and pass its value on in the state's output")
}

/// What comes before the states that hold scopes.
struct Before<'a> {
    machine: &'a Machine<'a>,
    /// For each state the states that lead to it.
    leading: Vec<Vec<StateId>>,
    /// For each state that was asked for, whether each state leads to it, directly or not.
    known: HashMap<StateId, Vec<bool>>,
}

impl Before<'_> {
    /// The first place that assigns a variable in the scope of `holder` before that state is entered.
    fn assigned(&mut self, holder: StateId, assigned: &Assigned<'_>, name: &str) -> Option<Span> {
        let places = assigned.get(self.machine.state(holder)?.scope.0)?.get(name)?;
        let leads = self.leads(holder);
        let leads = |next: StateId| leads.get(next.0) == Some(&true);
        places.iter().filter(|place| place.next.is_some_and(leads)).map(|place| place.span).min()
    }

    fn leads(&mut self, holder: StateId) -> &[bool] {
        if self.leading.is_empty() {
            self.leading = leading(self.machine);
        }
        let leading = &self.leading;
        self.known.entry(holder).or_insert_with(|| {
            let mut leads = vec![false; leading.len()];
            let mut waiting = vec![holder];
            while let Some(id) = waiting.pop() {
                let (Some(seen), Some(leading)) = (leads.get_mut(id.0), leading.get(id.0)) else { continue };
                if !std::mem::replace(seen, true) {
                    waiting.extend(leading);
                }
            }
            leads
        })
    }
}

fn leading(machine: &Machine<'_>) -> Vec<Vec<StateId>> {
    let mut leading = vec![Vec::new(); machine.states.len()];
    for (state, number) in machine.states.iter().zip(0..) {
        for target in targets(state.definition) {
            let next = machine.target(state.scope, &target.name.value);
            if let Some(next) = next.and_then(|next| leading.get_mut(next.0)) {
                next.push(StateId(number));
            }
        }
    }
    leading
}

/// How many comparisons of names all suggestions together may take: each compares a wrong name with all others.
const COMPARISONS: usize = 100_000;

/// Looks for variables that are read but never assigned.
struct Reads<'a> {
    machine: &'a Machine<'a>,
    assigned: &'a Assigned<'a>,
    /// A place that assigns a variable, in whatever scope.
    anywhere: HashMap<&'a str, Span>,
    comparisons: usize,
    /// The names that are read.
    read: HashSet<String>,
    /// Names that are read and that nothing assigns, each with its place and with the variable that it is almost.
    missing: Vec<(&'a str, String, Span)>,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Reads<'a> {
    fn new(machine: &'a Machine<'a>, assigned: &'a Assigned<'a>, diagnostics: &'a mut Diagnostics) -> Self {
        let mut anywhere = HashMap::new();
        for (name, places) in assigned.iter().flatten() {
            if let Some(place) = places.first() {
                anywhere.entry(*name).or_insert(place.span);
            }
        }
        Self {
            machine,
            assigned,
            anywhere,
            comparisons: COMPARISONS,
            read: HashSet::new(),
            missing: Vec::new(),
            diagnostics,
        }
    }

    fn check(&mut self, state: &State<'_>, path: &Path) {
        let Root::Variable(name) = &path.root else { return };
        self.read.insert(name.clone());
        let visible = self.visible(state.scope);
        if visible.iter().any(|scope| scope.contains_key(name.as_str())) {
            return;
        }
        let diagnostic = self.out_of_reach(state, name, path.root_span).unwrap_or_else(|| {
            let suggestion = self.suggestion(name, path.root_span, &visible);
            let help = match name.as_str() {
                "states" => "`$states` belongs to the query language JSONata".to_owned(),
                name => format!("a path into the data starts with a dot: `$.{name}`"),
            };
            unknown(name, path.root_span, suggestion, &help)
        });
        self.diagnostics.push(diagnostic);
    }

    /// Says of a variable that is not visible where it is.
    fn out_of_reach(&self, state: &State<'_>, name: &str, span: Span) -> Option<Diagnostic> {
        let place = self.anywhere.get(name)?;
        Some(match self.behind(state.scope, name) {
            Some(place) => {
                let example = match state.definition.query_language {
                    QueryLanguage::JsonPath => format!("\"{name}.$\": \"${name}\""),
                    QueryLanguage::Jsonata => format!("\"{name}\": \"{{% ${name} %}}\""),
                };
                of_another_execution(name, span, place, &example)
            }
            None => out_of_reach(name, span, *place),
        })
    }

    /// The variables that a scope sees: its own and those of the scopes around it.
    fn visible(&self, scope: ScopeId) -> Vec<&'a BTreeMap<&'a str, Vec<Assignment>>> {
        self.machine.visible(scope).filter_map(|scope| self.assigned.get(scope.0)).collect()
    }

    /// A place around a distributed Map that assigns the variable.
    fn behind(&self, scope: ScopeId, name: &str) -> Option<Span> {
        let mut scopes = std::iter::successors(Some(scope), |scope| self.machine.around(*scope));
        let places = scopes.find_map(|scope| self.assigned.get(scope.0)?.get(name))?;
        places.first().map(|place| place.span)
    }

    /// A variable that is almost that which is read at a place.
    fn suggestion(
        &mut self,
        name: &str,
        place: Span,
        visible: &[&'a BTreeMap<&'a str, Vec<Assignment>>],
    ) -> Option<&'a str> {
        let names = visible.iter().map(|scope| scope.len()).sum();
        self.comparisons = self.comparisons.checked_sub(names)?;
        let found = closest(name, visible.iter().flat_map(|scope| scope.keys().copied()))?;
        self.missing.push((found, name.to_owned(), place));
        Some(found)
    }

    /// A variable that nothing reads, and almost the one that is read and never assigned: the typo is rather here.
    fn check_misspelt_assignments(&mut self) {
        let mut seen = HashSet::new();
        for (assigned, read, place) in &self.missing {
            if self.read.contains(*assigned) || !seen.insert(*assigned) {
                continue;
            }
            let places = self.assigned.iter().filter_map(|scope| scope.get(assigned)).flatten();
            for assignment in places {
                let message = format!("the variable `{assigned}` is assigned, and nothing reads it");
                let mut diagnostic = Diagnostic::new(Code::UnknownVariable, assignment.span, message)
                    .label("a name with a typo?")
                    .related(*place, "this is read, and nothing assigns it")
                    .help(format!("did you mean `{read}`?"));
                diagnostic.severity = Severity::Warning;
                self.diagnostics.push(diagnostic);
            }
        }
    }
}

fn out_of_reach(name: &str, span: Span, place: Span) -> Diagnostic {
    Diagnostic::new(Code::UnknownVariable, span, format!("the variable `${name}` is out of reach"))
        .label("no state of this or an outer scope assigns it")
        .related(place, "this one is gone when its branch or item processor ends")
}

fn of_another_execution(name: &str, span: Span, place: Span, example: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownVariable, span, format!("the variable `${name}` is out of reach"))
        .label("the iterations of a distributed Map are separate executions, with their own variables")
        .related(place, "this one belongs to the execution around them")
        .help(format!("hand its value in: `\"ItemSelector\": {{ {example} }}`"))
}

/// `otherwise` is the help where no other name is near.
fn unknown(name: &str, span: Span, suggestion: Option<&str>, otherwise: &str) -> Diagnostic {
    let message = format!("no `Assign` defines the variable `${name}`");
    let diagnostic = Diagnostic::new(Code::UnknownVariable, span, message).label("no such variable");
    match suggestion {
        Some(suggestion) => diagnostic.help(format!("did you mean `${suggestion}`?")),
        None => diagnostic.help(otherwise),
    }
}
