//! Finds and reads the definition.

use asl_compiler::embedded::choose;
use asl_compiler::source::{SIZE_LIMIT, SourceFile};
use asl_language::files;
use asl_project::Definitions;
use proc_macro2::Span;
use std::env;
use std::path::{Path, PathBuf};
use syn::LitStr;

/// A file that was read.
pub(crate) struct Located {
    pub(crate) source: SourceFile,
    path: PathBuf,
    /// Its path as the user's source code would name it, if `include_bytes!` would find it there: then its changes can be tracked.
    pub(crate) tracked: Option<LitStr>,
}

/// The definition that is meant.
pub(crate) struct Definition {
    pub(crate) source: SourceFile,
    /// The paths of the files whose changes count, as the user's source code would name them.
    pub(crate) tracked: Vec<LitStr>,
    /// The folder of the file.
    folder: PathBuf,
}

/// What the project of a definition says.
#[derive(Default)]
pub(crate) struct Project {
    pub(crate) says: Definitions,
    /// The folder of `asl.toml`.
    folder: PathBuf,
    /// The same folder as the user's source code would name it, if it can be tracked, and the place of the name.
    written: Option<(PathBuf, Span)>,
    pub(crate) tracked: Vec<LitStr>,
}

/// Reads the `asl.toml` that counts for a definition, if there is one.
pub(crate) fn project(literal: &LitStr, definition: &Definition) -> Result<Project, String> {
    let Some((file, up)) = asl_project::find(&definition.folder) else { return Ok(Project::default()) };
    let says =
        asl_project::definitions(&file).map_err(|reason| format!("cannot read the project: {reason}"))?;
    let mut written = Path::new(&literal.value()).parent().unwrap_or(Path::new("")).to_owned();
    written.extend(std::iter::repeat_n("..", up));
    let written = Some((written, literal.span())).filter(|_| !definition.tracked.is_empty());
    let tracked = written.iter().map(|(folder, place)| at(&folder.join(asl_project::FILE), *place)).collect();
    Ok(Project { says, folder: asl_project::folder(&file).to_owned(), written, tracked })
}

impl Project {
    /// The schema of the input of executions, if there is one.
    pub(crate) fn schema(&self) -> Option<Result<Located, String>> {
        let path = self.says.input.clone()?;
        let inside = path.strip_prefix(&self.folder).unwrap_or(&path);
        let tracked = self.written.as_ref().map(|(folder, place)| at(&folder.join(inside), *place));
        Some(read_file("schema", &path).map(|source| Located { source, path, tracked }))
    }
}

fn at(path: &Path, place: Span) -> LitStr {
    LitStr::new(&path.to_string_lossy(), place)
}

/// Reads a definition: of the file that a path in the user's source code names, or of a state machine in it, if it is a template.
pub(crate) fn definition(literal: &LitStr, machine: Option<&LitStr>) -> Result<Definition, syn::Error> {
    let file = read("definition", literal).map_err(|reason| syn::Error::new(literal.span(), reason))?;
    let at_literal = |path: &str| LitStr::new(path, literal.span());
    let mut tracked = vec![at_literal(&literal.value())];
    let wanted = machine.map(LitStr::value);
    let source = choose(&file.source, wanted.as_deref(), "machine = \"NAME\"", &mut |named| {
        let written = Path::new(&literal.value()).with_file_name(named);
        tracked.push(at_literal(&written.to_string_lossy()));
        read_file("definition", &file.path.with_file_name(named))
    });
    let source = source.map_err(|reason| syn::Error::new(machine.unwrap_or(literal).span(), reason))?;
    let folder = file.path.parent().unwrap_or(Path::new("")).to_owned();
    Ok(Definition { source, tracked: if file.tracked.is_some() { tracked } else { Vec::new() }, folder })
}

/// Reads the file, a definition or something else as `what` says, that a path in the user's source code names.
pub(crate) fn read(what: &str, literal: &LitStr) -> Result<Located, String> {
    let written = literal.value();
    if written.is_empty() {
        return Err(format!("expected the path of a {what}"));
    }
    let (path, beside_caller) = locate(literal, Path::new(&written));
    let tracked = beside_caller.then(|| at(Path::new(&written), literal.span()));
    Ok(Located { source: read_file(what, &path)?, path, tracked })
}

fn read_file(what: &str, path: &Path) -> Result<SourceFile, String> {
    let name = shown(path);
    let bytes = files::start(&name, path, SIZE_LIMIT)
        .map_err(|reason| format!("cannot read the {what}: {reason}"))?;
    Ok(SourceFile::new(name, bytes))
}

/// The path from the folder of the calling source file; where that is not known (an editor may not say), from the package.
fn locate(literal: &LitStr, written: &Path) -> (PathBuf, bool) {
    let caller = literal.span().unwrap().local_file();
    if let Some(folder) = caller.as_deref().and_then(Path::parent) {
        return (folder.join(written), true);
    }
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let in_source_folder = package.join("src").join(written);
    (if in_source_folder.exists() { in_source_folder } else { package.join(written) }, false)
}

/// The path as messages show it: relative to the folder that cargo runs in, like the paths of rustc's own messages.
fn shown(path: &Path) -> String {
    let folder = env::current_dir().unwrap_or_default();
    path.strip_prefix(&folder).unwrap_or(path).display().to_string()
}
