//! The graph in the language of Graphviz.

use crate::model::{Edge, Graph, Reason, State, StateKind};
use asl_language::visible;
use std::fmt::Write as _;

/// The text of a directed graph.
#[must_use]
pub fn dot(graph: &Graph, title: &str) -> String {
    let mut text = format!("digraph {} {{\n", quoted(title));
    text.push_str("  compound=true;\n  node [shape=box, style=rounded, fontname=Helvetica];\n");
    text.push_str("  edge [fontname=Helvetica, fontsize=10];\n");
    scope(graph, "s", 1, &mut text);
    text.push_str("}\n");
    text
}

fn scope(graph: &Graph, prefix: &str, depth: usize, text: &mut String) {
    let indent = depth * 2;
    for (index, state) in graph.states.iter().enumerate() {
        node(state, &format!("{prefix}{index}"), depth, text);
    }
    if let Some(start) = graph.start_at {
        let _ = writeln!(
            text,
            "{:indent$}{prefix}start [shape=circle, label=\"\", width=0.15, style=filled];",
            ""
        );
        let _ = writeln!(text, "{:indent$}{prefix}start -> {prefix}{start};", "");
    }
    for (index, edge) in graph.edges.iter().enumerate() {
        transition(edge, prefix, index, indent, text);
    }
}

fn node(state: &State, id: &str, depth: usize, text: &mut String) {
    let indent = depth * 2;
    let label = if state.detail.is_empty() {
        state.name.clone()
    } else {
        format!("{}\n{}", state.name, state.detail)
    };
    let shape = match state.kind {
        StateKind::Choice => ", shape=diamond, style=solid",
        StateKind::Fail => ", color=red",
        StateKind::Succeed => ", color=green",
        StateKind::Task(_)
        | StateKind::Pass
        | StateKind::Wait
        | StateKind::Parallel
        | StateKind::Map
        | StateKind::Unknown => "",
    };
    let _ = writeln!(text, "{:indent$}{id} [label={}{shape}];", "", quoted(&label));
    for (number, inner) in state.inner.iter().enumerate() {
        let name = format!("{id}_{number}_");
        let _ = writeln!(text, "{:indent$}subgraph cluster_{name} {{", "");
        let _ = writeln!(text, "{:indent$}  style=dashed; label={};", "", quoted(&state.name));
        scope(inner, &name, depth + 1, text);
        let _ = writeln!(text, "{:indent$}}}", "");
        if inner.start_at.is_some() {
            let _ = writeln!(text, "{:indent$}{id} -> {name}start [style=dotted];", "");
        }
    }
}

fn transition(edge: &Edge, prefix: &str, index: usize, indent: usize, text: &mut String) {
    let to = match edge.to {
        Some(to) => format!("{prefix}{to}"),
        None => {
            let _ = writeln!(
                text,
                "{:indent$}{prefix}end{index} [shape=doublecircle, label=\"\", width=0.12];",
                ""
            );
            format!("{prefix}end{index}")
        }
    };
    let style = if edge.reason == Reason::Catch { ", style=dashed, color=red" } else { "" };
    let _ =
        writeln!(text, "{:indent$}{prefix}{} -> {to} [label={}{style}];", "", edge.from, quoted(&edge.label));
}

fn quoted(text: &str) -> String {
    let text = visible::lines(text).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{text}\"")
}
