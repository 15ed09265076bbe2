//! The picture of a machine, with what happened in an execution of it.
//!
//! What `asl-graph` has to be told is here alone.

use crate::console::address::Links;
use crate::console::story::Story;
use asl_compiler::Options;
use asl_compiler::source::SourceFile;
use asl_graph::model::Graph;
use asl_graph::{Page, Theme, model};
use maud::{Markup, PreEscaped, html};
use std::collections::BTreeSet;

/// A machine with more states is drawn folded at first.
const LARGE: usize = 150;
/// A machine with more states is not drawn on a page, nor one with many more transitions than states: that takes long, and its lines
/// could not be followed.
const MOST_STATES: usize = 1_500;
const MOST_TRANSITIONS: usize = 200;
const MOST_TRANSITIONS_A_STATE: usize = 3;

/// Whether a machine can be drawn while somebody waits.
pub(crate) fn is_drawable(graph: &Graph) -> bool {
    let states = graph.len();
    states <= MOST_STATES && transitions(graph) <= MOST_TRANSITIONS + MOST_TRANSITIONS_A_STATE * states
}

fn transitions(graph: &Graph) -> usize {
    let inner = graph.states.iter().flat_map(|state| &state.inner);
    graph.edges.len() + inner.map(transitions).sum::<usize>()
}

/// The graph of a definition, if that can be read.
pub(crate) fn graph(definition: &str) -> Option<Graph> {
    let source = SourceFile::new("definition.asl.json", definition);
    Some(model::read(&asl_compiler::read(&source, &Options::default())?))
}

/// What a picture shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'p> {
    pub(crate) graph: &'p Graph,
    pub(crate) title: &'p str,
    pub(crate) story: Option<&'p Story>,
    pub(crate) selected: Option<&'p str>,
    /// The state whose inside is wanted of a large machine.
    pub(crate) opened: Option<&'p str>,
    pub(crate) links: Links,
}

/// The picture for a page, whose style sheet colours it.
pub(crate) fn picture(subject: &Subject<'_>) -> Markup {
    let graph = subject.graph;
    let wanted = [subject.opened, subject.selected].into_iter().flatten();
    let open: BTreeSet<&str> = wanted.filter_map(|name| way_to(graph, name)).flatten().collect();
    let folded = (graph.len() > LARGE).then(|| graph.clone().folded(&|name| open.contains(name)));
    let page = Page {
        prefix: "p-",
        link: &|state| {
            let stay = || subject.story.and_then(|story| story.stay_in(&state.name));
            subject.links.state(&state.name, stay)
        },
        selected: subject.selected,
    };
    let graph = folded.as_ref().unwrap_or(graph);
    if !is_drawable(graph) {
        return html! { p class="empty" { "The machine has too many states or transitions to be drawn here: " code { "asl graph" } " draws it." } };
    }
    let summary = subject.story.map(|story| &story.summary);
    html! { (PreEscaped(asl_graph::svg_for_page(graph, subject.title, summary, &page))) }
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

/// The picture as a file, which has its style in it.
pub(crate) fn file(graph: &Graph, title: &str, story: &Story) -> String {
    asl_graph::svg(graph, title, Some(&story.summary), Theme::Auto)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine of states that each lead to so many others.
    fn dense(states: usize, transitions: usize) -> Graph {
        let rule =
            |to: usize| format!(r#"{{"Variable":"$.x","NumericEquals":{to},"Next":"S{}"}}"#, to % states);
        let state = |from: usize| {
            let rules: Vec<_> = (0..transitions).map(|to| rule(from * 7 + to)).collect();
            format!(r#""S{from}":{{"Type":"Choice","Choices":[{}],"Default":"S0"}}"#, rules.join(","))
        };
        let states: Vec<_> = (0..states).map(state).collect();
        graph(&format!(r#"{{"StartAt":"S0","States":{{{}}}}}"#, states.join(","))).unwrap_or_default()
    }

    #[test]
    fn only_what_can_be_followed_is_drawn() {
        assert!(is_drawable(&dense(100, 2)));
        let graph = dense(100, 20);
        assert!(!is_drawable(&graph));
        let subject = Subject {
            graph: &graph,
            title: "t",
            story: None,
            selected: None,
            opened: None,
            links: Links::Pages,
        };
        assert!(picture(&subject).into_string().contains("too many"));
    }
}
