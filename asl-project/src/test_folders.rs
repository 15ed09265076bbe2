//! Folders for tests, which have the folders of the project again: `tests/flows/order.test.json` is for `flows/order.asl.json`.
//!
//! In: the path of one without its endings. Out: those of the other. Reads no file.

use std::path::{Path, PathBuf, absolute};

/// Where test files are that are not beside their definitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestFolders {
    /// Where `asl.toml` is.
    project: PathBuf,
    folders: Vec<PathBuf>,
}

impl TestFolders {
    /// The folders that a project names.
    #[must_use]
    pub fn new(project: &Path, folders: &[String]) -> Self {
        let folders = folders.iter().map(|folder| project.join(folder)).collect();
        Self { project: project.to_owned(), folders }
    }

    /// The folders themselves.
    #[must_use]
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// Where the tests of a definition may be.
    #[must_use]
    pub fn tests_of(&self, definition: &Path) -> Vec<PathBuf> {
        let Some(inside) = inside(definition, &self.project) else { return Vec::new() };
        self.folders.iter().map(|folder| folder.join(&inside)).collect()
    }

    /// Where the definition of tests may be.
    #[must_use]
    pub fn definition_of(&self, tests: &Path) -> Option<PathBuf> {
        let inside = self.folders.iter().find_map(|folder| inside(tests, folder))?;
        Some(self.project.join(inside))
    }
}

/// The path from a folder on, if it is in it.
fn inside(path: &Path, folder: &Path) -> Option<PathBuf> {
    // The folder of a bare file name is empty.
    let whole = |path: &Path| absolute(Path::new(".").join(path)).ok();
    Some(whole(path)?.strip_prefix(whole(folder)?).ok()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_and_definitions_find_each_other() {
        let folders = TestFolders::new(Path::new("shop"), &["tests".to_owned(), "more".to_owned()]);
        let paths = |paths: &[&str]| paths.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(
            folders.tests_of(Path::new("shop/flows/order")),
            paths(&["shop/tests/flows/order", "shop/more/flows/order"])
        );
        assert_eq!(folders.tests_of(Path::new("order")), paths(&[]));
        assert_eq!(
            folders.definition_of(Path::new("./shop/more/flows/order")),
            Some(PathBuf::from("shop/flows/order"))
        );
        assert_eq!(folders.definition_of(Path::new("shop/flows/order")), None);
    }
}
