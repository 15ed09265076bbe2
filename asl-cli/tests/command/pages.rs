//! The pages under `asl-cli/diagnostics` say the truth: the wrong example has the problem, the right one has none.

use asl_compiler::code::Code;
use asl_compiler::source::SourceFile;
use asl_compiler::{Module, Options, Profile};
use std::path::Path;

/// The examples of a part of a page, each with the ending of a file of its kind.
fn examples<'a>(page: &'a str, part: &str) -> Vec<(&'static str, &'a str)> {
    let after = page.split_once(part).map_or("", |(_, after)| after);
    let section = after.split_once("\n## ").map_or(after, |(section, _)| section);
    let blocks = |language: &'static str| {
        let blocks = section.split(language).skip(1);
        blocks.filter_map(|block| block.split_once("```").map(|(text, _)| text))
    };
    let json = blocks("```json\n").map(|text| ("json", text));
    json.chain(blocks("```yaml\n").map(|text| ("yaml", text))).collect()
}

fn problems(code: Code, (ending, example): (&str, &str)) -> Vec<Code> {
    let profile = if code.as_str().starts_with("aws-") { Profile::Aws } else { Profile::Local };
    let warn = if code.is_on_request() { vec![code] } else { Vec::new() };
    let options = Options { profile, allow: unrelated_to(code), warn, ..Options::default() };
    let source = SourceFile::new(format!("example.{ending}"), example);
    let compilation = asl_compiler::compile(&source, &options, &Module::of_file("example.json"));
    compilation.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

/// The warnings about AWS would only distract on the pages of other problems.
fn unrelated_to(code: Code) -> Vec<Code> {
    [Code::AwsNeedsConnection, Code::AwsNeedsHttps].into_iter().filter(|other| *other != code).collect()
}

#[test]
fn wrong_examples_have_the_problem_and_right_ones_have_none() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("diagnostics");
    let mut untrue = Vec::new();
    for &code in Code::ALL {
        let page = std::fs::read_to_string(folder.join(format!("{code}.md"))).expect("a page");
        for example in examples(&page, "## Wrong\n") {
            let found = problems(code, example);
            if !found.contains(&code) {
                untrue.push(format!("{code}: the wrong example has only {found:?}"));
            }
        }
        for example in examples(&page, "## Right\n") {
            let found = problems(code, example);
            if !found.is_empty() {
                untrue.push(format!("{code}: the right example has {found:?}"));
            }
        }
    }
    assert!(untrue.is_empty(), "{untrue:#?}");
}

#[test]
fn every_file_is_about_a_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("diagnostics");
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("a file").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
        assert!(Code::ALL.iter().any(|code| code.as_str() == name), "{name}.md is about no code");
    }
}
