//! The book says the truth: its files are written, its commands run, and their output compared; its links lead somewhere; its programs are those
//! that are compiled.
//!
//! A block of code says what it is: `file=NAME` is a file, `same=PATH` is a file of the repository, and in `console` a line with `$` is a command and what
//! follows is what it prints. `…` is anything: any lines, if it is alone on one. Times are not compared.

use crate::support::{asl, command, folder, stdout, write};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs");

/// A block of code.
struct Block<'p> {
    /// What is behind the language: `file=order.asl.json`
    info: &'p str,
    language: &'p str,
    text: &'p str,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let inside = page.split("```").skip(1).step_by(2);
    inside
        .filter_map(|block| {
            let (head, text) = block.split_once('\n')?;
            let (language, info) = head.split_once(' ').unwrap_or((head, ""));
            Some(Block { info: info.trim(), language, text })
        })
        .collect()
}

/// The pages of the summary, in their order.
fn pages() -> Vec<String> {
    let summary = fs::read_to_string(Path::new(DOCS).join("SUMMARY.md")).expect("a summary");
    links(&summary).into_iter().map(str::to_owned).collect()
}

/// Where a page links to.
fn links(page: &str) -> Vec<&str> {
    page.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect()
}

/// Texts without what differs each time.
fn without_times(line: &str) -> String {
    let is_number = |word: &str| word.trim_end_matches('s').parse::<f64>().is_ok_and(|_| word.contains('.'));
    let mut shown: Vec<&str> = Vec::new();
    for word in line.split_whitespace() {
        // `22 ms`
        if matches!(word, "ms" | "s")
            && let Some(number) = shown.last_mut()
        {
            *number = "#";
        }
        shown.push(if is_number(word) { "#" } else { word });
    }
    shown.join(" ")
}

/// Whether a line is what was said, in which `…` is anything.
fn is_like(line: &str, said: &str) -> bool {
    let said = without_times(said);
    let line = without_times(line);
    let mut parts = said.split('…').map(str::trim);
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = line.strip_prefix(first) else { return false };
    let mut is_open = false;
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
        is_open = part.is_empty();
    }
    rest.is_empty() || is_open
}

/// Whether lines are what was said.
fn says(lines: &[&str], said: &[&str]) -> bool {
    match said {
        [] => lines.is_empty(),
        ["…", rest @ ..] => (0..=lines.len()).any(|from| says(lines.split_at(from).1, rest)),
        [first, rest @ ..] => {
            lines.split_first().is_some_and(|(line, lines)| is_like(line, first) && says(lines, rest))
        }
    }
}

/// Runs the commands of a block, and says what is not as the page has it.
fn run(folder: &Path, page: &str, text: &str, wrong: &mut Vec<String>) {
    for step in text.split("\n$ ").map(|step| step.strip_prefix("$ ").unwrap_or(step)) {
        let mut lines = step.lines();
        let mut line = lines.next().unwrap_or_default().to_owned();
        while line.ends_with('\\') {
            line = format!("{}\n{}", line.trim_end_matches('\\'), lines.next().unwrap_or_default());
        }
        let said: Vec<_> = lines.filter(|line| !line.trim().is_empty()).collect();
        let asl = command(folder, &[]);
        let program = Path::new(asl.get_program()).parent().expect("a folder").to_owned();
        let path = std::env::join_paths(
            [program].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").expect("a path"))),
        );
        let output = Command::new("sh")
            .args(["-c", &format!("{{ {line}\n}} 2>&1")])
            .current_dir(folder)
            .envs(asl.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .env("PATH", path.expect("a path"))
            .output()
            .expect("a shell");
        let printed = String::from_utf8_lossy(&output.stdout);
        let printed: Vec<_> = printed.lines().filter(|line| !line.trim().is_empty()).collect();
        if !says(&printed, &said) {
            wrong.push(format!(
                "{page}: `{line}` prints\n{}\nand not\n{}",
                printed.join("\n"),
                said.join("\n")
            ));
        }
    }
}

#[test]
#[cfg(unix)]
fn commands_of_the_book_do_what_it_says() {
    let folder = folder(module_path!(), "commands_of_the_book_do_what_it_says");
    let (mut wrong, mut commands) = (Vec::new(), 0);
    // Commands are run where files are made for them: the pages of the tutorial follow each other, and so do all others.
    for page in pages() {
        let text = fs::read_to_string(Path::new(DOCS).join(&page)).expect("a page");
        let blocks = blocks(&text);
        if !blocks.iter().any(|block| block.info.starts_with("file=")) {
            continue;
        }
        for block in blocks {
            if let Some(name) = block.info.strip_prefix("file=") {
                write(&folder, name, block.text);
            } else if block.language == "console" {
                commands += 1;
                run(&folder, &page, block.text, &mut wrong);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(commands > 12, "{commands}");
}

#[test]
fn programs_of_the_book_are_compiled() {
    let mut programs = 0;
    for page in pages() {
        let text = fs::read_to_string(Path::new(DOCS).join(&page)).expect("a page");
        for block in blocks(&text) {
            let Some(path) = block.info.strip_prefix("same=") else { continue };
            let file = fs::read_to_string(Path::new(DOCS).join("..").join(path)).expect("a program");
            // What is only said to the lints of this workspace is left out.
            let (before, after) = file.split_once("#![expect(").expect("a lint");
            let (_, after) = after.split_once("]\n\n").expect("the rest");
            assert_eq!(block.text, format!("{before}{after}"), "{page} shows another {path}");
            programs += 1;
        }
    }
    assert!(programs > 0);
    // The README has a part of one.
    let readme = fs::read_to_string(docs().join("../README.md")).expect("a page");
    let program = fs::read_to_string(docs().join("../examples/tutorial/main.rs")).expect("a program");
    let mut lines = program.lines();
    let shown = blocks(&readme).into_iter().find(|block| block.language == "rust").expect("a program");
    for line in shown.text.lines() {
        assert!(lines.any(|known| known == line), "the README has a line that the program has not: {line}");
    }
}

#[test]
fn the_picture_of_the_readme_is_drawn_by_the_command() {
    let file = docs().join("../examples/tutorial/order.asl.json");
    let output = asl(&docs(), &["graph", file.to_str().expect("a path")]);
    assert_eq!(stdout(&output), fs::read_to_string(docs().join("order.svg")).expect("a picture"));
}

/// The anchors of a page, made of its headings as mdBook and GitHub do.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let kept = line.trim_start_matches('#').trim().chars().filter_map(|c| match c {
                ' ' => Some('-'),
                c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c.to_ascii_lowercase()),
                _ => None,
            });
            kept.collect()
        })
        .collect()
}

#[test]
fn links_lead_somewhere_and_every_page_is_in_the_summary() {
    let known: BTreeSet<_> = pages().into_iter().collect();
    let mut wrong = Vec::new();
    let mut look = |page: &str, is_in_book: bool| {
        let path = Path::new(DOCS).join(page);
        let text = fs::read_to_string(&path).expect("a page");
        for link in links(&text).into_iter().filter(|link| !link.contains("://") && !link.contains(' ')) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let to = if file.is_empty() { path.clone() } else { path.parent().expect("a folder").join(file) };
            let is_there = to.exists()
                && (anchor.is_empty()
                    || fs::read_to_string(&to).is_ok_and(|text| anchors(&text).contains(anchor)));
            let leaves = is_in_book && !to.canonicalize().is_ok_and(|to| to.starts_with(docs()));
            if !is_there || leaves {
                wrong.push(format!("{page} links to {link}"));
            }
        }
    };
    known.iter().for_each(|page| look(page, true));
    ["../README.md", "../CONTRIBUTING.md", "../SECURITY.md"].into_iter().for_each(|page| look(page, false));
    for entry in fs::read_dir(DOCS).expect("the folder") {
        let name = entry.expect("a file").file_name().to_string_lossy().into_owned();
        if name.ends_with(".md") && name != "SUMMARY.md" && !known.contains(&name) {
            wrong.push(format!("{name} is not in the summary"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn docs() -> PathBuf {
    Path::new(DOCS).canonicalize().expect("the folder")
}

/// `INSTA_UPDATE=always` writes it anew, as it does with all that is compared.
#[test]
fn every_code_is_in_the_list() {
    let path = docs().join("diagnostics.md");
    let page = fs::read_to_string(&path).expect("a page");
    let (text, _) = page.split_once("| code |").expect("a table");
    let mut told = format!("{text}| code | what it means |\n| --- | --- |\n");
    for code in asl_compiler::code::Code::ALL {
        told += &format!("| [`{code}`](diagnostics/{code}.md) | {} |\n", code.summary());
    }
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        fs::write(&path, &told).expect("a page");
    }
    assert!(page == told, "docs/diagnostics.md is not as\n{told}");
}
