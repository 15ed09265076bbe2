//! The picture of a machine, with what happened in an execution of it.
//!
//! What `asl-graph` has to be told is here alone.

use crate::console::story::Story;
use asl_compiler::Options;
use asl_compiler::source::SourceFile;
use asl_graph::model::Graph;
use asl_graph::{Page, Theme, model};
use maud::{Markup, PreEscaped, html};
use std::collections::BTreeSet;

/// A machine with more states is drawn folded at first.
const LARGE: usize = 150;

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
            let query =
                form_urlencoded::Serializer::new(String::new()).append_pair("state", &state.name).finish();
            format!("?{query}#inspect")
        },
        selected: subject.selected,
    };
    let graph = folded.as_ref().unwrap_or(graph);
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
