//! The Rust that expressions, paths, rules and templates become.
//!
//! Each file of `emitted/` is a test, and the snapshot beside it has the Rust below each row. A row is an expression (`jsonata`, and
//! `jsonata_of_states` for those of states), or a value in the place `ROW` of the definition at the head of its file (`states`), whose line
//! `show` names the items of the module that the snapshot has; one with `with` names an option. What runs such Rust is in other crates; here
//! a form that becomes other Rust than it did is found without building it.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test reads its fixtures, looks for few kinds of tokens, and fails by a panic"
)]

mod print;

use asl_compiler::jsonata::{self, Dialect};
use asl_compiler::source::SourceFile;
use asl_compiler::{Module, Options, Profile, compile, emit_stub};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::fs;
use std::path::{Path, PathBuf};

/// What a row becomes, or why it becomes nothing.
type Row = Box<dyn Fn(&str) -> Result<String, String>>;

/// Makes a snapshot for each file of a folder, of what each of its rows becomes. `of_file` says how long the head of a file is.
fn every_row(folder: &str, of_file: impl Fn(&str) -> (usize, Row)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/emitted").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "txt"));
    paths.sort();
    assert!(!paths.is_empty(), "{} has no rows", folder.display());
    let mut faults = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let (head, row) = of_file(&text);
        let mut shown = String::new();
        for line in text.lines().skip(head).skip_while(|line| line.is_empty()) {
            if line.is_empty() || line.starts_with("# ") {
                shown.push_str(&format!("{line}\n"));
                continue;
            }
            match row(line) {
                Ok(rust) => shown.push_str(&format!("\n{line}\n{}", indented(&rust))),
                Err(fault) => faults.push(format!("{}: {line}: {fault}", path.display())),
            }
        }
        insta::with_settings!({
            snapshot_path => &folder,
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), shown.trim());
        });
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn indented(rust: &str) -> String {
    rust.lines().map(|line| if line.is_empty() { "\n".into() } else { format!("    {line}\n") }).collect()
}

#[test]
fn expressions_become_rust() {
    every_row("jsonata", |_| (0, Box::new(|text| expression(text, Dialect::Plain))));
    every_row("jsonata_of_states", |_| (0, Box::new(|text| expression(text, Dialect::States))));
}

fn expression(text: &str, dialect: Dialect) -> Result<String, String> {
    let expression = jsonata::parse(text).map_err(|fault| fault.message)?;
    let tokens = jsonata::emit(&expression, "expression", dialect);
    let function = functions(tokens).pop().expect("a function");
    let body = print::statements(function.body());
    let import = "use rt::jsonata;\n";
    let shown = body.replacen(import, "", 1);
    // The import is there where it is needed, and is not shown.
    assert_eq!(body.starts_with(import), shown.contains("jsonata::"), "{text}: {body}");
    Ok(shown)
}

#[test]
fn what_rustc_would_say_of_an_expression_is_switched_off_once() {
    let expression = jsonata::parse("(a)").expect("an expression");
    for (dialect, is_alone) in [(Dialect::Plain, true), (Dialect::States, false)] {
        let rust = jsonata::emit(&expression, "expression", dialect).to_string();
        assert_eq!(rust.contains("allow (unused_parens"), is_alone, "{rust}");
    }
}

/// Code that names something of the module of a broken definition gets the errors of the definition, and no others.
#[test]
fn the_module_of_a_broken_definition_has_all_that_others_have() {
    let module = items(emit_stub(&module())).pop().expect("a module");
    let names: Vec<_> = items(module.body()).into_iter().map(|item| item.name).collect();
    for name in ["State", "Machine", "run", "run_json", "start", "test"] {
        assert!(names.iter().any(|known| known == name), "{name}: {names:?}");
    }
}

#[test]
fn fields_of_states_become_rust() {
    every_row("states", |text| {
        let head = text.lines().take_while(|line| !line.is_empty()).count();
        let mut lines = text.lines().take(head);
        let names = lines.next().and_then(|line| line.strip_prefix("show ")).expect("what is shown");
        let names: Vec<String> = names.split(", ").map(String::from).collect();
        let (settings, definition): (Vec<&str>, Vec<&str>) =
            lines.partition(|line| line.starts_with("with "));
        let (options, definition) = (options(&settings), definition.concat());
        if settings.contains(&INPUT) {
            let of_input = |row: &str| SourceFile::new("row.schema.json", row);
            return (
                head,
                Box::new(move |row| {
                    field(&definition, &module().with_input(&of_input(row)), &options, &names)
                }),
            );
        }
        assert!(definition.contains("ROW"), "a place for the rows: {definition}");
        (head, Box::new(move |row| field(&definition.replace("ROW", row), &module(), &options, &names)))
    });
}

/// Each row is the schema of the input.
const INPUT: &str = "with input";
/// The documentation of the module.
const DOC: &str = "doc";

fn module() -> Module {
    Module::of_file("row.asl.json")
}

/// What AWS takes becomes Rust, even if it can only fail.
fn options(settings: &[&str]) -> Options {
    let accepted = Options { profile: Profile::Aws, ..Options::default() };
    settings.iter().filter(|setting| **setting != INPUT).fold(accepted, |options, setting| match *setting {
        "with tell_rules" => Options { tell_rules: true, ..options },
        "with tell_stages" => Options { tell_stages: true, ..options },
        other => panic!("`{other}` is not an option"),
    })
}

fn field(definition: &str, module: &Module, options: &Options, names: &[String]) -> Result<String, String> {
    let source = SourceFile::new("row.asl.json", definition);
    let compilation = compile(&source, options, module);
    let Some(tokens) = compilation.tokens else {
        let problems = compilation.diagnostics.iter().map(|found| found.message.as_str());
        return Err(problems.collect::<Vec<_>>().join("; "));
    };
    let module = items(tokens).pop().expect("a module");
    let doc = if names.iter().any(|name| name == DOC) { module.head() } else { String::new() };
    let items = items(module.body());
    Ok(items.iter().map(|item| item.shown(names)).fold(doc, |shown, item| shown + &item))
}

/// The groups in braces that are at the top of some tokens.
fn braces(tokens: TokenStream) -> Vec<Group> {
    let groups = tokens.into_iter().filter_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
        TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    });
    groups.collect()
}

/// An item of a module.
struct Item {
    keyword: String,
    name: String,
    tokens: TokenStream,
}

/// The items of a module or of an implementation.
fn items(tokens: TokenStream) -> Vec<Item> {
    let (mut items, mut tokens_of_item, mut words) = (Vec::new(), Vec::new(), Vec::<String>::new());
    for token in tokens {
        let has_value =
            words.first().is_some_and(|word| ["const", "static", "type", "use"].contains(&word.as_str()));
        let ends = match &token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !has_value,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Ident(_) | TokenTree::Literal(_) => false,
        };
        // Who sees it is not a part of its name.
        if let TokenTree::Ident(ident) = &token
            && *ident != "pub"
            && *ident != "async"
        {
            words.push(ident.to_string());
        }
        tokens_of_item.push(token);
        if ends {
            let words = std::mem::take(&mut words);
            let keyword = words.first().cloned().unwrap_or_default();
            // `impl Trait for Name`
            let name = if keyword == "impl" { words.last() } else { words.get(1) };
            let tokens = std::mem::take(&mut tokens_of_item).into_iter().collect();
            items.push(Item { keyword, name: name.cloned().unwrap_or_default(), tokens });
        }
    }
    items
}

fn functions(tokens: TokenStream) -> Vec<Item> {
    items(tokens).into_iter().filter(|item| item.keyword == "fn").collect()
}

impl Item {
    /// What is before its braces.
    fn head(&self) -> String {
        let is_body = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        print::statements(self.tokens.clone().into_iter().take_while(|token| !is_body(token)).collect())
    }

    /// What is between its braces.
    fn body(&self) -> TokenStream {
        braces(self.tokens.clone()).pop().map(|group| group.stream()).unwrap_or_default()
    }

    /// What is named of it: all of it, or a function in it, as in `enter::a`.
    fn shown(&self, names: &[String]) -> String {
        let is_named = |name: &str| names.iter().any(|known| known == name);
        if self.keyword != "mod" {
            return if is_named(&self.name) { print::statements(self.tokens.clone()) } else { String::new() };
        }
        let functions = functions(self.body()).into_iter().map(|function| {
            let name = format!("{}::{}", self.name, function.name);
            let shown = is_named(&self.name) || is_named(&name);
            if shown {
                format!("{name}\n{}", indented(&print::statements(function.body())))
            } else {
                String::new()
            }
        });
        let imports = items(self.body()).into_iter().filter(|item| item.keyword == "use" && is_named("use"));
        let imports = imports.map(|item| format!("{}::{}", self.name, print::statements(item.tokens)));
        imports.chain(functions).collect()
    }
}
