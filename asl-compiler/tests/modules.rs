//! The modules of the compiler use each other in one direction: no stage knows one that comes after it.
//!
//! The graph is drawn from the paths in the sources, `crate::a::b`, `crate::{a, b}` and `super::a`; tests may use what they like.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing has failed")]
#![expect(clippy::string_slice, reason = "places are those of ASCII characters")]
#![expect(clippy::disallowed_methods, reason = "the test reads the sources; the compiler does no IO")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

/// What may know each other: a problem has a code and a place, a code has a severity, and a source file can have a problem.
const TOGETHER: &[&str] = &["code", "diagnostic", "source"];

/// For each module at the top the modules that it uses, each with a file that does.
type Graph = BTreeMap<String, BTreeMap<String, String>>;

#[test]
fn no_module_uses_one_that_uses_it() {
    let graph = graph();
    assert!(graph.len() > 30, "{:?}", graph.keys());
    assert!(graph["analysis"].contains_key("definition") && graph["json"].contains_key("source"));
    let mut wrong = Vec::new();
    for (from, uses) in &graph {
        for (to, file) in uses {
            let is_allowed = TOGETHER.contains(&from.as_str()) && TOGETHER.contains(&to.as_str());
            if !is_allowed && let Some(way) = way(&graph, to, from) {
                wrong.push(format!("`{from}` uses `{to}` in {file}, and `{}`", way.join("` uses `")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How one module leads to another.
fn way<'g>(graph: &'g Graph, from: &'g str, to: &str) -> Option<Vec<&'g str>> {
    let mut ways = vec![vec![from]];
    let mut seen = BTreeSet::from([from]);
    while let Some(way) = ways.pop() {
        let last = *way.last()?;
        if last == to {
            return Some(way);
        }
        for next in graph.get(last).into_iter().flat_map(BTreeMap::keys) {
            if seen.insert(next) {
                ways.push(way.iter().copied().chain([next.as_str()]).collect());
            }
        }
    }
    None
}

fn graph() -> Graph {
    let mut files = Vec::new();
    collect(Path::new(SOURCES), &mut files);
    let root = code(&fs::read_to_string(Path::new(SOURCES).join("lib.rs")).unwrap());
    let modules: BTreeSet<String> = files.iter().filter_map(|file| inside(file).into_iter().next()).collect();
    let exported = exported(&root, &modules);
    let mut graph: Graph = modules.iter().map(|module| (module.clone(), BTreeMap::new())).collect();
    for file in &files {
        let place = inside(file);
        let Some(module) = place.first() else { continue };
        let text = code(&fs::read_to_string(file).unwrap());
        for name in names(&text, place.len()) {
            let used = modules.get(&name).or_else(|| exported.get(&name));
            if let Some(used) = used.filter(|used| *used != module) {
                let shown = file.strip_prefix(SOURCES).unwrap().display().to_string();
                graph.get_mut(module).unwrap().entry(used.clone()).or_insert(shown);
            }
        }
    }
    graph
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_test = path.file_stem().is_some_and(|stem| stem == "tests");
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !is_test {
            files.push(path);
        }
    }
}

/// The modules that a file is inside of, from the top, itself the last: none for the root.
fn inside(file: &Path) -> Vec<String> {
    let path = file.strip_prefix(SOURCES).unwrap().with_extension("");
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts == ["lib"] { Vec::new() } else { parts }
}

/// The text without its comments, and without the tests at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// The first names of all paths that start at the root; a file is so many modules deep.
fn names(text: &str, depth: usize) -> BTreeSet<String> {
    let up = "super::".repeat(depth);
    let starts = text.match_indices("crate::").map(|(at, start)| (at, at + start.len()));
    let starts = starts.chain(text.match_indices(&up).map(|(at, start)| (at, at + start.len())));
    // `super::super::a` has `super::a` in it, which is less far up.
    let is_whole = |at: usize| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    let paths = starts.filter(|(at, _)| is_whole(*at)).map(|(_, end)| &text[end..]);
    paths
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(group) => members(group),
            None => vec![word(rest)],
        })
        .collect()
}

/// The first names in a group, up to its brace.
fn members(group: &str) -> Vec<String> {
    let (mut depth, mut found, mut at) = (0_usize, Vec::new(), 0);
    for (place, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                found.push(word(&group[at..place]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(word(&group[at..place]));
                at = place + 1;
            }
            _ => {}
        }
    }
    found
}

fn word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// What the root re-exports under a short name, with the modules that it is from.
fn exported(root: &str, modules: &BTreeSet<String>) -> BTreeMap<String, String> {
    let uses = root.split("pub use ").skip(1).map(|rest| rest.split(';').next().unwrap());
    let mut exported = BTreeMap::new();
    for path in uses {
        let Some(module) = modules.get(&word(path)) else { continue };
        let names = path.rsplit("::").next().unwrap().trim_matches(['{', '}']);
        exported.extend(names.split(',').map(|name| (word(name), module.clone())));
    }
    exported
}

#[test]
fn paths_are_found_in_all_their_forms() {
    let text = code(
        "use crate::{a::{self, b}, c};\nuse super::super::d;\nfn f() { crate::e::g(); super::h::i() } // crate::j",
    );
    assert_eq!(names(&text, 2).into_iter().collect::<Vec<_>>(), ["a", "c", "d", "e"]);
    assert_eq!(names(&text, 1).into_iter().collect::<Vec<_>>(), ["a", "c", "e", "h", "super"]);
    let modules = BTreeSet::from(["a".to_owned()]);
    assert_eq!(exported("pub use a::{B, c};\npub use d::E;", &modules).len(), 2);
}
