//! Pages about problems that an editor can open.
//!
//! In: a code. Out: the address of its page, which is written to the user's cache the first time. Without a place for it there is none.

use crate::explain::page;
use asl_compiler::code::Code;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// The address of the page about a code.
pub(super) fn uri(code: Code) -> Option<String> {
    let folder = cache()?.join("asl").join(env!("CARGO_PKG_VERSION"));
    let path = folder.join(format!("{code}.md"));
    let page = page(code)?;
    if fs::read_to_string(&path).ok().as_deref() != Some(page) {
        fs::create_dir_all(&folder).ok()?;
        fs::write(&path, page).ok()?;
    }
    to_uri(&path)
}

/// Where programs keep what they can make anew.
fn cache() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    variable("XDG_CACHE_HOME")
        .or_else(|| variable("LOCALAPPDATA"))
        .or_else(|| variable("HOME").map(|home| home.join(".cache")))
}

fn to_uri(path: &Path) -> Option<String> {
    let mut uri = String::from("file://");
    let path = path.to_str()?.replace('\\', "/");
    if !path.starts_with('/') {
        uri.push('/');
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~:".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").ok()?;
        }
    }
    Some(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_escaped() {
        assert_eq!(to_uri(Path::new("/a b/é.md")).as_deref(), Some("file:///a%20b/%C3%A9.md"));
        assert_eq!(to_uri(Path::new("C:\\x")).as_deref(), Some("file:///C:/x"));
    }
}
