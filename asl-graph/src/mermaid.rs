//! The graph in the language of Mermaid, as a flow chart: it is shown by GitHub and by many editors.

use crate::model::{Edge, Graph, Reason, State, StateKind};
use asl_language::visible;
use std::fmt::Write as _;

/// The text of a flow chart.
#[must_use]
pub fn mermaid(graph: &Graph) -> String {
    let mut text = String::from("flowchart TD\n");
    scope(graph, "s", 1, &mut text);
    text
}

fn scope(graph: &Graph, prefix: &str, depth: usize, text: &mut String) {
    let indent = depth * 2;
    for (index, state) in graph.states.iter().enumerate() {
        node(state, &format!("{prefix}{index}"), depth, text);
    }
    if let Some(start) = graph.start_at {
        let _ = writeln!(text, "{:indent$}{prefix}start(( )) --> {prefix}{start}", "");
    }
    for (index, edge) in graph.edges.iter().enumerate() {
        transition(edge, prefix, index, indent, text);
    }
}

fn node(state: &State, id: &str, depth: usize, text: &mut String) {
    let indent = depth * 2;
    let label = if state.detail.is_empty() {
        quoted(&state.name)
    } else {
        format!("{}<br/><small>{}</small>", quoted(&state.name), quoted(&state.detail))
    };
    let (open, close) = match state.kind {
        StateKind::Choice => ("{", "}"),
        StateKind::Succeed | StateKind::Fail => ("([", "])"),
        StateKind::Task(_)
        | StateKind::Pass
        | StateKind::Wait
        | StateKind::Parallel
        | StateKind::Map
        | StateKind::Unknown => ("[", "]"),
    };
    let _ = writeln!(text, "{:indent$}{id}{open}\"{label}\"{close}", "");
    for (number, inner) in state.inner.iter().enumerate() {
        let name = format!("{id}_{number}_");
        let _ = writeln!(text, "{:indent$}subgraph {name}box[\" \"]", "");
        scope(inner, &name, depth + 1, text);
        let _ = writeln!(text, "{:indent$}end", "");
        if inner.start_at.is_some() {
            let _ = writeln!(text, "{:indent$}{id} -.- {name}start", "");
        }
    }
}

fn transition(edge: &Edge, prefix: &str, index: usize, indent: usize, text: &mut String) {
    let to = edge.to.map_or_else(|| format!("{prefix}end{index}((( )))"), |to| format!("{prefix}{to}"));
    let arrow = if edge.reason == Reason::Catch { "-.->" } else { "-->" };
    let label = if edge.label.is_empty() { String::new() } else { format!("|\"{}\"|", quoted(&edge.label)) };
    let _ = writeln!(text, "{:indent$}{prefix}{} {arrow}{label} {to}", "", edge.from);
}

/// Texts are in quotation marks; what Mermaid would read in them is written by its number.
fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    for letter in visible::lines(text).chars() {
        match letter {
            '"' | '#' | '<' | '>' | '&' | ';' | '`' | '\\' => {
                let _ = write!(quoted, "#{};", u32::from(letter));
            }
            '\n' => quoted.push(' '),
            letter => quoted.push(letter),
        }
    }
    quoted
}
