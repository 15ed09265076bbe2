//! Pictures of our own definitions, and what must be true of every picture.

#![expect(clippy::expect_used, reason = "a test that cannot set its scene fails")]

use asl_compiler::diagnostic::Diagnostics;
use asl_compiler::json;
use asl_compiler::source::SourceFile;
use asl_graph::history::{Event, Role, What};
use asl_graph::model::{self, Graph};
use asl_graph::{Layout, Page, Summary, Theme, dot, mermaid, svg, svg_for_page, updates};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

fn graph_of(path: &Path) -> Option<Graph> {
    let source = SourceFile::new("machine.asl.json", std::fs::read(path).expect("a definition"));
    Some(model::read(&json::parse(&source, &mut Diagnostics::default())?))
}

#[test]
fn pictures_of_definitions() {
    insta::glob!("definitions/*.asl.json", |path| {
        let graph = graph_of(path).expect("JSON");
        let texts = [svg(&graph, "machine", None, Theme::Light), dot(&graph, "machine"), mermaid(&graph)];
        insta::assert_snapshot!(texts.join("\n"));
    });
}

/// All definitions of the repository's tests, and the examples.
fn definitions() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut folders =
        vec![root.join("tests/fixtures"), root.join("examples"), root.join("asl-compiler/tests/diagnostics")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(".asl.json") || path.ends_with("machine.json") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(found.len() > 100, "only {} definitions", found.len());
    found
}

#[test]
fn every_definition_has_a_well_formed_picture_with_every_state_in_it() {
    for (path, graph, picture) in pictures() {
        let document = roxmltree::Document::parse(picture).expect("XML");
        let drawn = document.descendants().filter(|node| has_class(node, "state")).count();
        assert_eq!(drawn, count(graph, &|graph| graph.states.len()), "{}", path.display());
        let wires = document.descendants().filter(|node| has_class(node, "wire")).count();
        let starts = count(graph, &|graph| usize::from(graph.start_at.is_some()));
        assert_eq!(wires, starts + count(graph, &|graph| graph.edges.len()), "{}", path.display());
        assert!(!picture.contains("NaN") && !picture.contains("inf"), "{}", path.display());
    }
}

#[test]
fn two_pictures_side_by_side_have_ids_of_their_own() {
    for (path, graph, _) in pictures() {
        let summaries = [("<left>", &Summary::default()), ("right", &Summary::default())];
        let picture = Layout::of(graph).side_by_side("machine", summaries, Theme::Light);
        let document = roxmltree::Document::parse(&picture).expect("XML");
        let drawn = document.descendants().filter(|node| has_class(node, "state")).count();
        assert_eq!(drawn, 2 * count(graph, &|graph| graph.states.len()), "{}", path.display());
        let ids: Vec<_> = document.descendants().filter_map(|node| node.attribute("id")).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{}", path.display());
    }
}

/// All of them with their pictures, which are drawn once for all tests.
fn pictures() -> &'static [(PathBuf, Graph, String)] {
    static PICTURES: LazyLock<Vec<(PathBuf, Graph, String)>> = LazyLock::new(|| {
        let drawn = definitions().into_iter().filter_map(|path| {
            let graph = graph_of(&path)?;
            let picture = svg(&graph, "machine", None, Theme::Auto);
            Some((path, graph, picture))
        });
        drawn.collect()
    });
    &PICTURES
}

fn has_class(node: &roxmltree::Node<'_, '_>, class: &str) -> bool {
    node.attribute("class").is_some_and(|classes| classes.split(' ').any(|one| one == class))
}

fn count(graph: &Graph, what: &dyn Fn(&Graph) -> usize) -> usize {
    let inner = graph.states.iter().flat_map(|state| &state.inner);
    what(graph) + inner.map(|graph| count(graph, what)).sum::<usize>()
}

type Rectangle = (f64, f64, f64, f64);

/// The boxes of the states that are side by side, by the group that they are in.
fn boxes(group: roxmltree::Node<'_, '_>) -> Vec<Rectangle> {
    let states = group.children().filter(|node| has_class(node, "state"));
    states
        .map(|state| {
            let place = state.attribute("transform").expect("a place");
            let mut numbers = place
                .trim_start_matches("translate(")
                .trim_end_matches(')')
                .split(' ')
                .map(|number| number.parse::<f64>().expect("a number"));
            let mut next = || numbers.next().expect("a number");
            let area = state.descendants().find(|node| has_class(node, "box")).expect("a box");
            let number = |name| area.attribute(name).and_then(|text| text.parse().ok()).expect("a number");
            (next(), next(), number("width"), number("height"))
        })
        .collect()
}

#[test]
fn states_do_not_overlap() {
    for (path, _, picture) in pictures() {
        let document = roxmltree::Document::parse(picture).expect("XML");
        for group in document.descendants().filter(roxmltree::Node::is_element) {
            let boxes = boxes(group);
            for (index, a) in boxes.iter().enumerate() {
                for b in boxes.iter().skip(index + 1) {
                    let apart = a.0 + a.2 <= b.0 || b.0 + b.2 <= a.0 || a.1 + a.3 <= b.1 || b.1 + b.3 <= a.1;
                    assert!(apart, "{}: {a:?} and {b:?}", path.display());
                }
            }
        }
    }
}

#[test]
fn what_a_name_holds_is_text_in_every_form() {
    let source = SourceFile::new(
        "machine.asl.json",
        r#"{"StartAt":"<a> & \"b\"","States":{"<a> & \"b\"":{"Type":"Pass","Comment":"]]> </svg> \u0007","Next":"a|b#;"},"a|b#;":{"Type":"Pass","Next":"c\u001b\r"},"c\u001b\r":{"Type":"Fail"}}}"#,
    );
    let definition = json::parse(&source, &mut Diagnostics::default()).expect("JSON");
    let graph = model::read(&definition);
    let picture = svg(&graph, "</title>", None, Theme::Auto);
    roxmltree::Document::parse(&picture).expect("XML");
    let link = |state: &model::State| format!("?state={}&x", state.name);
    let page = Page { prefix: "p-", link: &link, selected: None };
    let picture = svg_for_page(&graph, "</svg>\u{202e}\"", Some(&Summary::default()), &page);
    let document = roxmltree::Document::parse(&picture).expect("XML");
    let states: Vec<_> = document.descendants().filter_map(|node| node.attribute("data-state")).collect();
    assert_eq!(states, [r#"<a> & "b""#, "a|b#;", "c\u{fffd}\u{fffd}"]);
    assert!(!picture.contains('\u{202e}') && !picture.contains("<style"), "{picture}");
    assert!(mermaid(&graph).contains("#60;a#62; #38; #34;b#34;"));
    assert!(dot(&graph, "a\"b").starts_with("digraph \"a\\\"b\""));
    for text in [mermaid(&graph), dot(&graph, "a\u{1b}\r\u{202e}")] {
        assert!(
            text.lines().flat_map(str::chars).all(|letter| !asl_language::visible::is_hidden(letter)),
            "{text}"
        );
    }
}

#[test]
fn machines_of_hundreds_of_states_and_what_is_no_machine_are_drawn() {
    let mut states = Vec::new();
    for index in 0..300 {
        let next = if index % 7 == 0 { index / 2 } else { index + 1 };
        states.push(format!(r#""S{index}":{{"Type":"Pass","Next":"S{}"}}"#, next.min(299)));
    }
    let text = format!(r#"{{"StartAt":"S0","States":{{{}}}}}"#, states.join(","));
    for text in [
        text.as_str(),
        "{}",
        "[]",
        "3",
        r#"{"States":{"A":{"Next":"A"}}}"#,
        r#"{"States":{"A":null,"B":{"Type":7}}}"#,
    ] {
        let source = SourceFile::new("machine.asl.json", text);
        let definition = json::parse(&source, &mut Diagnostics::default()).expect("JSON");
        let picture = svg(&model::read(&definition), "m", None, Theme::Dark);
        roxmltree::Document::parse(&picture).expect("XML");
    }
}

/// What happens in `choices_and_errors.asl.json` until its first task has failed.
fn first_events() -> [What<'static>; 4] {
    let entered = |name| What::Entered { name, role: Role::Plain };
    let failed = What::Failed { role: Role::Plain, name: None, error: Some("Busy") };
    let begun = What::Begun { items: None, role: Role::Plain };
    [What::Other, entered("Fetch"), begun, failed]
}

#[test]
fn a_page_gets_links_and_signs_and_afterwards_what_has_changed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/definitions/choices_and_errors.asl.json");
    let graph = graph_of(&path).expect("JSON");
    let mut summary = Summary::default();
    for (id, what) in (1..).zip(first_events()) {
        summary.event(Event { id, previous: id - 1, milliseconds: None, what });
    }
    let page =
        Page { prefix: "p-", link: &|state| format!("?state={}", state.number), selected: Some("Fetch") };
    insta::assert_snapshot!("page", svg_for_page(&graph, "Picture of the machine", Some(&summary), &page));
    insta::assert_snapshot!(
        "changes",
        serde_json::to_string_pretty(&updates(&graph, &summary, 1)).expect("JSON")
    );
    assert_eq!(updates(&graph, &summary, 4)["states"].as_array().map(Vec::len), Some(0));
}

#[test]
fn what_is_folded_is_counted_and_keeps_its_numbers() {
    let source = SourceFile::new(
        "machine.asl.json",
        r#"{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","End":true}}},"Next":"C"},"C":{"Type":"Succeed"}}}"#,
    );
    let graph = model::read(&json::parse(&source, &mut Diagnostics::default()).expect("JSON"));
    assert_eq!(graph.len(), 4);
    let folded = graph.clone().folded(&|_| false);
    assert_eq!((folded.len(), folded.states[0].folded, folded.states[1].number), (2, 2, 3));
    assert!(svg(&folded, "m", None, Theme::Light).contains("Map \u{b7} 2 states"));
    assert_eq!(graph.clone().folded(&|name| name == "M"), graph);
}

/// The middle of each state, by its name, of the states of the machine itself.
fn middles(picture: &str) -> std::collections::BTreeMap<String, f64> {
    let document = roxmltree::Document::parse(picture).expect("XML");
    let states = document.root_element().children().filter(|node| has_class(node, "state"));
    let name = |state: &roxmltree::Node<'_, '_>| {
        let title = state.descendants().find(|node| node.has_tag_name("title")).and_then(|node| node.text());
        title.expect("a title").lines().next().unwrap_or_default().to_owned()
    };
    states
        .map(|state| name(&state))
        .zip(boxes(document.root_element()).iter().map(|area| area.0 + area.2 / 2.0))
        .collect()
}

#[test]
fn the_main_path_is_one_straight_line_and_errors_are_on_its_right() {
    let source = SourceFile::new(
        "machine.asl.json",
        r#"{"StartAt":"Validate","States":{
            "Validate":{"Type":"Task","Resource":"a","Next":"Large?","Catch":[{"ErrorEquals":["States.ALL"],"Next":"Cancel"}]},
            "Large?":{"Type":"Choice","Choices":[{"Variable":"$.a","NumericGreaterThan":3,"Next":"Wait"},{"Variable":"$.a","NumericLessThan":0,"Next":"Refuse"}],"Default":"Ship"},
            "Wait":{"Type":"Wait","Seconds":3,"Next":"Ship"},
            "Ship":{"Type":"Task","Resource":"a much longer name of a resource","Next":"Shipped","Catch":[{"ErrorEquals":["States.Timeout"],"Next":"Refund"},{"ErrorEquals":["States.ALL"],"Next":"Cancel"}]},
            "Shipped":{"Type":"Succeed"},"Refuse":{"Type":"Fail"},
            "Refund":{"Type":"Pass","Next":"Cancel"},"Cancel":{"Type":"Fail"}}}"#,
    );
    let graph = model::read(&json::parse(&source, &mut Diagnostics::default()).expect("JSON"));
    let middles = middles(&svg(&graph, "machine", None, Theme::Light));
    let main = ["Validate", "Large?", "Wait", "Ship", "Shipped"].map(|name| middles[name]);
    assert!(main.iter().all(|middle| (middle - main[0]).abs() < 0.2), "{middles:?}");
    assert!(middles["Refund"] > main[0] && middles["Cancel"] > main[0], "{middles:?}");
    assert!((middles["Refund"] - middles["Cancel"]).abs() < 0.2, "{middles:?}");
}

/// The steps of a path: a letter, and where it leads to.
fn steps(path: &str) -> Vec<(char, f64, f64)> {
    let letters = path.chars().filter(char::is_ascii_alphabetic);
    let places = path.split(|letter: char| letter.is_ascii_alphabetic()).skip(1).map(|numbers| {
        let mut numbers = numbers.split(' ').rev().map(|number| number.parse().expect("a number"));
        let y = numbers.next().expect("a place");
        (numbers.next().expect("a place"), y)
    });
    letters.zip(places).map(|(letter, (x, y))| (letter, x, y)).collect()
}

#[test]
fn lines_go_up_and_down_and_to_the_sides_and_never_aslant() {
    for (path, _, picture) in pictures() {
        let document = roxmltree::Document::parse(picture).expect("XML");
        for wire in document.descendants().filter(|node| has_class(node, "wire")) {
            let line = wire.attribute("d").expect("a line");
            for pair in steps(line).windows(2) {
                let (aside, down): (f64, f64) = (pair[1].1 - pair[0].1, pair[1].2 - pair[0].2);
                let is_square = pair[1].0 != 'L' || aside.abs() < 0.7 || down.abs() < 0.7;
                assert!(is_square, "{}: {line}", path.display());
            }
        }
    }
}
