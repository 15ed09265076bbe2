//! The picture of a machine, with what happened in an execution of it.
//!
//! In: a [`Plan`] of its definition, which is laid out once, and the story of an execution. Out: SVG. What `asl-graph` has to be told is here alone.

use crate::console::address::Links;
use crate::console::story::Story;
use crate::definition::state_in;
use asl_compiler::outline::Machine;
use asl_compiler::source::SourceFile;
use asl_compiler::{Options, json};
use asl_graph::model::Graph;
use asl_graph::{Layout, Page, Theme, model};
use maud::{Markup, PreEscaped, html};
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

/// A machine with more states is drawn folded at first.
const LARGE: usize = 150;
/// A machine with more states is not drawn on a page, nor one with many more transitions than states: that takes long, and its lines
/// could not be followed.
const MOST_STATES: usize = 1_500;
const MOST_TRANSITIONS: usize = 200;
const MOST_TRANSITIONS_A_STATE: usize = 3;

/// Whether a machine can be drawn while a user waits.
fn is_drawable(graph: &Graph) -> bool {
    let states = graph.len();
    states <= MOST_STATES && transitions(graph) <= MOST_TRANSITIONS + MOST_TRANSITIONS_A_STATE * states
}

fn transitions(graph: &Graph) -> usize {
    let inner = graph.states.iter().flat_map(|state| &state.inner);
    graph.edges.len() + inner.map(transitions).sum::<usize>()
}

/// What pages of a definition have in common: its states, its graph, and where everything is in that.
#[derive(Debug)]
pub(crate) struct Plan {
    graph: Graph,
    definition: json::Value,
    /// The states that may set variables.
    assigning: BTreeSet<String>,
    /// By the states that are open in them, the one that was asked for last first.
    layouts: Mutex<VecDeque<(BTreeSet<String>, Arc<Layout>)>>,
}

/// So many layouts of one definition are kept, of which a machine that is not folded has one.
const LAYOUTS: usize = 8;

impl Plan {
    /// The plan of a definition, if that can be read.
    pub(crate) fn read(definition: &str) -> Option<Self> {
        let source = SourceFile::new("definition.asl.json", definition);
        let definition = asl_compiler::read(&source, &Options::default())?;
        let graph = model::read(&definition);
        let assigning =
            Machine::of(&definition).all_states().into_iter().filter(|state| assigns(state.value));
        let assigning = assigning.map(|state| state.name().to_owned()).collect();
        Some(Self { graph, definition, assigning, layouts: Mutex::default() })
    }

    pub(crate) const fn graph(&self) -> &Graph {
        &self.graph
    }

    /// A state as it is written.
    pub(crate) fn state(&self, name: &str) -> Option<serde_json::Value> {
        state_in(&self.definition, name)
    }

    /// Whether a state may set variables.
    pub(crate) fn assigns(&self, name: &str) -> bool {
        self.assigning.contains(name)
    }

    /// How many states the machine has.
    pub(crate) fn states(&self) -> usize {
        self.graph.len()
    }

    fn is_folded(&self) -> bool {
        self.graph.len() > LARGE
    }

    /// Where everything is while these states are open, if it can be drawn.
    fn layout(&self, open: &BTreeSet<&str>) -> Option<Arc<Layout>> {
        let open: BTreeSet<String> = if self.is_folded() {
            open.iter().map(|name| (*name).to_owned()).collect()
        } else {
            BTreeSet::new()
        };
        let mut layouts = self.layouts.lock().unwrap_or_else(PoisonError::into_inner);
        let known =
            layouts.iter().position(|(known, _)| *known == open).and_then(|place| layouts.remove(place));
        let layout = match known {
            Some((_, layout)) => layout,
            None => {
                let folded = self.is_folded().then(|| self.graph.clone().folded(&|name| open.contains(name)));
                let graph = folded.as_ref().unwrap_or(&self.graph);
                Arc::new(Layout::of(Some(graph).filter(|graph| is_drawable(graph))?))
            }
        };
        layouts.push_front((open, Arc::clone(&layout)));
        layouts.truncate(LAYOUTS);
        Some(layout)
    }
}

fn assigns(state: &json::Value) -> bool {
    let catchers = state.get("Catch").and_then(json::Value::as_array).into_iter().flatten();
    let rules = state.get("Choices").and_then(json::Value::as_array).into_iter().flatten();
    std::iter::once(state).chain(catchers).chain(rules).any(|part| part.get("Assign").is_some())
}

/// The plans of the definitions that were looked at last. A definition is laid out once for all pages that show it.
#[derive(Debug, Default)]
pub(crate) struct Plans(Mutex<VecDeque<(Arc<str>, Arc<Plan>)>>);

/// So many plans are kept, and so many states in all of them.
const PLANS: usize = 64;
const STATES: usize = 20_000;

impl Plans {
    /// The plan of a definition, if that can be read.
    pub(crate) fn of(&self, definition: &str) -> Option<Arc<Plan>> {
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = plans.iter().position(|(known, _)| **known == *definition);
        if let Some(entry) = known.and_then(|place| plans.remove(place)) {
            let plan = Arc::clone(&entry.1);
            plans.push_front(entry);
            return Some(plan);
        }
        // Others need not wait for it, even where two make the same.
        drop(plans);
        let plan = Arc::new(Plan::read(definition)?);
        if !plan.is_folded() {
            // Not when a story is looked at, which waits meanwhile.
            let _ = plan.layout(&BTreeSet::new());
        }
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        plans.push_front((definition.into(), Arc::clone(&plan)));
        let mut states = 0;
        let fitting = plans.iter().take(PLANS).take_while(|(_, plan)| {
            states += plan.states();
            states <= STATES
        });
        let fitting = fitting.count().max(1);
        plans.truncate(fitting);
        Some(plan)
    }
}

/// What a picture shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'p> {
    pub(crate) plan: &'p Plan,
    pub(crate) title: &'p str,
    pub(crate) story: Option<&'p Story>,
    pub(crate) selected: Option<&'p str>,
    /// The state whose inside is wanted of a large machine.
    pub(crate) opened: Option<&'p str>,
    pub(crate) links: Links,
}

/// The picture for a page, whose style sheet colours it.
pub(crate) fn picture(subject: &Subject<'_>) -> Markup {
    let wanted = [subject.opened, subject.selected].into_iter().flatten();
    let open: BTreeSet<&str> =
        wanted.filter_map(|name| way_to(&subject.plan.graph, name)).flatten().collect();
    let page = Page {
        prefix: "p-",
        link: &|state| {
            let stay = || subject.story.and_then(|story| story.stay_in(&state.name));
            subject.links.state(&state.name, stay)
        },
        selected: subject.selected,
    };
    let Some(layout) = subject.plan.layout(&open) else {
        return html! { p class="empty" { "The machine has too many states or transitions to be drawn here: " code { "asl graph" } " draws it." } };
    };
    let summary = subject.story.map(|story| &story.summary);
    html! { (PreEscaped(layout.svg_for_page(subject.title, summary, &page))) }
}

/// The states around one, and itself.
fn way_to<'g>(graph: &'g Graph, name: &str) -> Option<Vec<&'g str>> {
    graph.states.iter().find_map(|state| {
        if state.name == name {
            return Some(vec![state.name.as_str()]);
        }
        let mut way = state.inner.iter().find_map(|inner| way_to(inner, name))?;
        way.push(&state.name);
        Some(way)
    })
}

/// The picture as a file, which has its style in it; none of a machine that cannot be drawn while a user waits.
pub(crate) fn file(plan: &Plan, title: &str, story: &Story) -> Option<String> {
    if !is_drawable(&plan.graph) {
        return None;
    }
    // A file shows everything, which is laid out for it alone where a page is folded.
    let layout = match plan.is_folded() {
        true => Arc::new(Layout::of(&plan.graph)),
        false => plan.layout(&BTreeSet::new())?,
    };
    Some(layout.svg(title, Some(&story.summary), Theme::Auto))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine of states that each lead to so many others.
    fn dense(states: usize, transitions: usize) -> String {
        let rule =
            |to: usize| format!(r#"{{"Variable":"$.x","NumericEquals":{to},"Next":"S{}"}}"#, to % states);
        let state = |from: usize| {
            let rules: Vec<_> = (0..transitions).map(|to| rule(from * 7 + to)).collect();
            format!(r#""S{from}":{{"Type":"Choice","Choices":[{}],"Default":"S0"}}"#, rules.join(","))
        };
        let states: Vec<_> = (0..states).map(state).collect();
        format!(r#"{{"StartAt":"S0","States":{{{}}}}}"#, states.join(","))
    }

    fn subject(plan: &Plan) -> Subject<'_> {
        Subject { plan, title: "t", story: None, selected: None, opened: None, links: Links::Pages }
    }

    #[test]
    fn only_what_can_be_followed_is_drawn() {
        assert!(is_drawable(Plan::read(&dense(100, 2)).unwrap().graph()));
        let plan = Plan::read(&dense(100, 20)).unwrap();
        assert!(!is_drawable(plan.graph()));
        assert!(picture(&subject(&plan)).into_string().contains("too many"));
    }

    #[test]
    fn a_definition_is_laid_out_once() {
        let plans = Plans::default();
        let plan = plans.of(&dense(20, 2)).unwrap();
        let layout = plan.layout(&BTreeSet::new()).unwrap();
        assert!(Arc::ptr_eq(&plan, &plans.of(&dense(20, 2)).unwrap()));
        assert!(!Arc::ptr_eq(&plan, &plans.of(&dense(20, 1)).unwrap()));
        picture(&subject(&plan));
        // What is open makes no difference where nothing is folded.
        assert!(Arc::ptr_eq(&layout, &plan.layout(&BTreeSet::from(["S1"])).unwrap()));
        assert_eq!(plan.layouts.lock().unwrap().len(), 1);
        assert!(plans.of("no JSON").is_none());
    }

    /// A machine of states of which each is the last, which takes no time to lay out.
    fn loose(states: usize) -> String {
        let states: Vec<_> = (0..states).map(|state| format!(r#""S{state}":{{"Type":"Succeed"}}"#)).collect();
        format!(r#"{{"StartAt":"S0","States":{{{}}}}}"#, states.join(","))
    }

    #[test]
    fn plans_that_take_much_room_go_first() {
        let plans = Plans::default();
        for number in 0..PLANS + 9 {
            plans.of(&loose(1).replace("S0", &format!("S{number}"))).unwrap();
        }
        assert_eq!(plans.0.lock().unwrap().len(), PLANS);
        for fewer in 0..20 {
            plans.of(&loose(MOST_STATES - fewer)).unwrap();
        }
        let kept = plans.0.lock().unwrap().iter().map(|(_, plan)| plan.states()).sum::<usize>();
        assert!(kept <= STATES, "{kept}");
    }
}
