//! The book says the truth: its files are written, its commands run, and their output compared; its links lead somewhere; its programs are those
//! that are compiled.
//!
//! A block of code says what it is:
//!
//! | behind the language | |
//! | --- | --- |
//! | `file=NAME` | a file, which is written where commands run |
//! | `same=PATH` | a whole file of the repository |
//! | `part=PATH` | lines that follow each other in such a file, or in one that is there when the page is read |
//! | `needs=WHAT` | commands that no test runs, because they need that |
//!
//! Commands in `sh` succeed. In `console` a line with `$` is a command and what follows is what it prints. `…` is anything: any lines, if it is alone on one. Times are not
//! compared. In a comment of HTML, `<!-- $ COMMAND -->` is a command that readers do not see, and `<!-- file=NAME` the head of such a file.
//!
//! Nothing is left out: `every_block_is_held_by_a_test`.

use crate::support::{asl, command, folder, stdout, write};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs");

/// A block of code.
struct Block {
    language: String,
    /// What is behind the language: `file`, `order.asl.json`
    info: Option<(String, String)>,
    text: String,
}

/// The blocks of a page in their order, those among them that readers do not see.
fn blocks(page: &str) -> Vec<Block> {
    let (mut blocks, mut lines) = (Vec::new(), page.lines());
    while let Some(line) = lines.next() {
        let (head, end) = if let Some(head) = line.strip_prefix("```") {
            (head.to_owned(), "```")
        } else if let Some(command) = line.strip_prefix("<!-- $ ") {
            let command = command.strip_suffix(" -->").expect("the end of a comment");
            let text = format!("$ {command}\n");
            blocks.push(Block { language: "hidden".to_owned(), info: None, text });
            continue;
        } else if line.starts_with("<!-- file=") {
            (line.replacen("<!--", "hidden", 1), "-->")
        } else {
            continue;
        };
        let text: String =
            lines.by_ref().take_while(|line| *line != end).map(|line| format!("{line}\n")).collect();
        let (language, info) = head.split_once(' ').unwrap_or((&head, ""));
        let info = info.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()));
        blocks.push(Block { language: language.to_owned(), info, text });
    }
    blocks
}

impl Block {
    /// What is said of it by this word.
    fn says(&self, word: &str) -> Option<&str> {
        self.info.as_ref().filter(|(key, _)| key == word).map(|(_, value)| value.as_str())
    }

    /// Whether its commands are run.
    fn is_run(&self) -> bool {
        self.info.is_none() && matches!(self.language.as_str(), "hidden" | "console" | "sh")
    }

    /// Whether its lines are among those of a text, one after the other. How far a block is indented, the marks of comments, and commas at the ends of lines do not count.
    fn is_part_of(&self, text: &str) -> bool {
        let plain = |text: &str| -> Vec<String> {
            let lines = text
                .lines()
                .map(|line| line.trim().trim_start_matches("//!").trim().trim_end_matches(',').to_owned());
            lines.filter(|line| !line.is_empty()).collect()
        };
        let (part, whole) = (plain(&self.text), plain(text));
        whole.windows(part.len()).any(|lines| lines == part)
    }
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

/// Runs a line as in a shell.
fn shell(folder: &Path, line: &str) -> Output {
    let asl = command(folder, &[]);
    let program = Path::new(asl.get_program()).parent().expect("a folder").to_owned();
    let path = std::env::join_paths(
        [program].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").expect("a path"))),
    );
    Command::new("sh")
        .args(["-c", &format!("{{ {line}\n}} 2>&1")])
        .current_dir(folder)
        .envs(asl.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .env("PATH", path.expect("a path"))
        .env("REPOSITORY", docs().join(".."))
        .output()
        .expect("a shell")
}

/// Runs the commands of a block, and says what is not as the page has it.
fn run(folder: &Path, page: &str, block: &Block, wrong: &mut Vec<String>) {
    if block.language == "sh" {
        let output = shell(folder, &format!("set -e\n{}", block.text));
        if !output.status.success() {
            let printed = String::from_utf8_lossy(&output.stdout);
            wrong.push(format!("{page}: these commands do not succeed\n{}\n{printed}", block.text));
        }
        return;
    }
    for step in block.text.split("\n$ ").map(|step| step.strip_prefix("$ ").unwrap_or(step)) {
        let mut lines = step.lines();
        let mut line = lines.next().unwrap_or_default().to_owned();
        while line.ends_with('\\') {
            line = format!("{}\n{}", line.trim_end_matches('\\'), lines.next().unwrap_or_default());
        }
        let said: Vec<_> = lines.filter(|line| !line.trim().is_empty()).collect();
        let output = shell(folder, &line);
        let printed = String::from_utf8_lossy(&output.stdout);
        let printed: Vec<_> = printed.lines().filter(|line| !line.trim().is_empty()).collect();
        let is_right =
            if block.language == "hidden" { output.status.success() } else { says(&printed, &said) };
        if !is_right {
            wrong.push(format!(
                "{page}: `{line}` prints\n{}\nand not\n{}",
                printed.join("\n"),
                said.join("\n")
            ));
        }
    }
}

/// Files of pages are written where commands run, one page after the other, so that later pages find what earlier ones have made.
#[test]
#[cfg(unix)]
fn commands_of_the_book_do_what_it_says() {
    let folder = folder(module_path!(), "commands_of_the_book_do_what_it_says");
    let (mut wrong, mut commands) = (Vec::new(), 0);
    for page in pages() {
        for block in blocks(&fs::read_to_string(Path::new(DOCS).join(&page)).expect("a page")) {
            if let Some(name) = block.says("file") {
                write(&folder, name, &block.text);
            } else if let Some(name) = block.says("part").filter(|name| folder.join(name).exists()) {
                let file = fs::read_to_string(folder.join(name)).expect("a file");
                if !block.is_part_of(&file) {
                    wrong.push(format!("{page}: what it shows of {name} is not in\n{file}"));
                }
            } else if block.is_run() {
                commands += 1;
                run(&folder, &page, &block, &mut wrong);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(commands > 40, "{commands}");
}

/// What holds a block, if anything does.
fn held(block: &Block) -> Result<(), String> {
    match (block.language.as_str(), block.info.as_ref().map(|(key, _)| key.as_str())) {
        (_, Some("file" | "same" | "part" | "needs")) => Ok(()),
        _ if block.is_run() => Ok(()),
        // An object, or some fields of one.
        ("json", None) => {
            let is_json = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok();
            let is_one = is_json(&block.text) || is_json(&format!("{{{}}}", block.text));
            is_one.then_some(()).ok_or_else(|| String::from("is not JSON"))
        }
        ("toml", None) => {
            toml::de::DeTable::parse(&block.text).map(|_| ()).map_err(|error| error.to_string())
        }
        // What the compiler prints, a configuration of another program, a file of another service.
        ("text" | "lua" | "yaml", None) => Ok(()),
        (language, _) => Err(format!("is {language}, which no test looks at")),
    }
}

#[test]
fn every_block_is_held_by_a_test() {
    let mut wrong = Vec::new();
    for page in pages().into_iter().filter(|page| !page.starts_with("diagnostics/")) {
        for block in blocks(&fs::read_to_string(Path::new(DOCS).join(&page)).expect("a page")) {
            if let Err(reason) = held(&block) {
                wrong.push(format!("{page}: this {reason}\n{}", block.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn programs_of_the_book_are_compiled() {
    let (mut programs, mut parts) = (0, 0);
    for page in pages() {
        for block in blocks(&fs::read_to_string(Path::new(DOCS).join(&page)).expect("a page")) {
            let file = |path: &str| fs::read_to_string(docs().join("..").join(path)).expect("a program");
            if let Some(path) = block.says("same") {
                let file = file(path);
                // What is only said to the lints of this workspace is left out.
                let (before, after) = file.split_once("#![expect(").expect("a lint");
                let (_, after) = after.split_once("]\n\n").expect("the rest");
                assert_eq!(block.text, format!("{before}{after}"), "{page} shows another {path}");
                programs += 1;
            } else if let Some(path) = block.says("part").filter(|_| block.language == "rust") {
                assert!(block.is_part_of(&file(path)), "{page}: {path} has not\n{}", block.text);
                parts += 1;
            }
        }
    }
    assert!(programs > 0 && parts > 8, "{programs} {parts}");
    // The README has a part of one.
    let readme = fs::read_to_string(docs().join("../README.md")).expect("a page");
    let program = fs::read_to_string(docs().join("../examples/tutorial/main.rs")).expect("a program");
    let mut lines = program.lines();
    let shown = blocks(&readme).into_iter().find(|block| block.language == "rust").expect("a program");
    for line in shown.text.lines() {
        assert!(lines.any(|known| known == line), "the README has a line that the program has not: {line}");
    }
}

/// What the page about CI says of the action and the hooks is in their files.
#[test]
fn the_action_and_the_hooks_are_what_the_book_says() {
    let page = fs::read_to_string(docs().join("ci.md")).expect("a page");
    let file = |name: &str| fs::read_to_string(docs().join("..").join(name)).expect("a file");
    let (action, hooks) = (file("action.yml"), file(".pre-commit-hooks.yaml"));
    let (_, table) = page.split_once("| input | what it is |\n| --- | --- |\n").expect("a table");
    let (table, _) = table.split_once("\n\n").expect("the end of the table");
    let (_, inputs) = action.split_once("\ninputs:\n").expect("inputs");
    let (inputs, _) = inputs.split_once("\noutputs:\n").expect("outputs");
    let names = |text: &str| -> BTreeSet<String> {
        let lines = text.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        lines.map(|line| line.trim().trim_end_matches(':').to_owned()).collect()
    };
    let told = table.lines().filter_map(|row| row.split('|').nth(1));
    let told: BTreeSet<String> =
        told.flat_map(|cell| cell.split(',')).map(|name| name.trim().trim_matches('`').to_owned()).collect();
    assert_eq!(told, names(inputs));
    for hook in page.lines().filter_map(|line| line.trim().strip_prefix("- id: ")) {
        assert!(hooks.contains(&format!("- id: {hook}\n")), "{hook}");
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
            // A page that is not in the summary is not in the book.
            let in_docs =
                to.canonicalize().ok().and_then(|to| to.strip_prefix(docs()).map(Path::to_owned).ok());
            let leaves = is_in_book
                && in_docs.is_none_or(|to| {
                    to.extension().is_some_and(|kind| kind == "md")
                        && !to.to_str().is_some_and(|to| known.contains(to))
                });
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
fn every_code_is_in_the_list_and_in_the_summary() {
    let is_about_code = |line: &str| line.trim_start().starts_with("- [`") && line.contains("](diagnostics/");
    let (mut table, mut chapters) =
        (String::from("| code | what it means |\n| --- | --- |\n"), String::new());
    for code in asl_compiler::code::Code::ALL {
        table += &format!("| [`{code}`](diagnostics/{code}.md) | {} |\n", code.summary());
        chapters += &format!("  - [`{code}`](diagnostics/{code}.md)\n");
    }
    let page = fs::read_to_string(docs().join("diagnostics.md")).expect("a page");
    let (text, _) = page.split_once("| code |").expect("a table");
    is_as(&docs().join("diagnostics.md"), &format!("{text}{table}"));

    let summary = fs::read_to_string(docs().join("SUMMARY.md")).expect("a summary");
    let others: String =
        summary.lines().filter(|line| !is_about_code(line)).map(|line| format!("{line}\n")).collect();
    let chapter = "- [Diagnostics](diagnostics.md)\n";
    is_as(&docs().join("SUMMARY.md"), &others.replace(chapter, &format!("{chapter}{chapters}")));
}

/// Compares a file with what it should be.
fn is_as(path: &Path, told: &str) {
    let is = fs::read_to_string(path).expect("a page");
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        fs::write(path, told).expect("a page");
    }
    assert!(is == told, "{} is not as\n{told}", path.display());
}
