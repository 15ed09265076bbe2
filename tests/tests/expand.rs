//! The Rust that one small machine for each state type becomes, beside its definition in one snapshot.
//!
//! The same machines are compiled and run: they have cases beside them, as those of `fixtures/execute`.

use asl_compiler::source::SourceFile;
use asl_compiler::{Module, Options, compile};
use std::error::Error;
use std::fs;
use std::path::Path;

datatest_stable::harness! {
    { test = expand, root = "fixtures/expand", pattern = r"\.asl\.json$" },
    { test = names_the_runtime_only_as_it_is_told, root = "fixtures/expand", pattern = r"\.asl\.json$" },
    { test = needs_the_engine_alone_in_a_worker, root = "fixtures/expand", pattern = r"\.asl\.json$" },
}

fn read(path: &Path) -> Result<SourceFile, Box<dyn Error>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(SourceFile::new(name, fs::read(path)?))
}

fn expand(path: &Path) -> Result<(), Box<dyn Error>> {
    let source = read(path)?;
    let module = Module::of_file(source.name());
    let compilation = compile(&source, &Options::default(), &module);
    let tokens = compilation.tokens.ok_or("the definition has errors")?;
    let rust = prettyplease::unparse(&syn::parse2(tokens)?);
    let folder = path.parent().ok_or("a file has a folder")?.canonicalize()?;
    insta::with_settings!({
        snapshot_path => folder,
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(module.name, format!("{}\n\n// becomes\n\n{rust}", source.text().trim()));
    });
    Ok(())
}

/// A program may know the runtime by another name: nothing in the expansion counts on the usual one.
fn names_the_runtime_only_as_it_is_told(path: &Path) -> Result<(), Box<dyn Error>> {
    let source = read(path)?;
    let mut module = Module::of_file(source.name());
    module.runtime = quote::quote!(::steps);
    let compilation = compile(&source, &Options::default(), &module);
    let text = compilation.tokens.ok_or("the definition has errors")?.to_string();
    assert!(!text.contains("asl_runtime"), "the expansion names the runtime itself: {text}");
    assert_eq!(text.matches(":: steps").count(), 1, "the expansion names the runtime once: {text}");
    Ok(())
}

/// A worker holds the machine, and leaves to others what becomes of it.
fn needs_the_engine_alone_in_a_worker(path: &Path) -> Result<(), Box<dyn Error>> {
    let source = read(path)?;
    let module = Module::of_file(source.name()).for_worker();
    let compilation = compile(&source, &Options::default(), &module);
    let text = compilation.tokens.ok_or("the definition has errors")?.to_string();
    assert_eq!(text.matches(":: asl_engine").count(), 1, "the expansion names the engine once: {text}");
    for other in ["asl_runtime", "async", "rt :: Host", "rt :: Test", "rt :: Action", "rt :: Job"] {
        assert!(!text.contains(other), "there is `{other}` in the module of a worker: {text}");
    }
    Ok(())
}
