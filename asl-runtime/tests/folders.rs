//! Folders that are used as buckets: what is in them is served, and nothing else.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use asl_runtime::{Folders, ObjectLocation, ObjectStore, StoreError};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder for one test, with a bucket in it, and beside that what must not be reached.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("asl-folders-{}-{name}", std::process::id()));
        // What an earlier process of this number has left.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("bucket/in")).unwrap();
        fs::write(folder.join("bucket/in/a.txt"), "a").unwrap();
        fs::create_dir(folder.join("outside")).unwrap();
        fs::write(folder.join("outside/secret.txt"), "hunter2").unwrap();
        Self(folder)
    }

    fn at(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    fn link(&self, target: impl AsRef<Path>, path: &str) {
        symlink(target, self.at("bucket").join(path)).unwrap();
    }

    fn store(&self) -> Folders {
        Folders::new().bucket("data", self.at("bucket"))
    }

    async fn read(&self, key: &str) -> Result<String, StoreError> {
        let mut body = self.store().open(&ObjectLocation::new("data", key)).await?;
        let mut text = Vec::new();
        while let Some(chunk) = body.chunk().await? {
            text.extend(chunk);
        }
        Ok(String::from_utf8(text).unwrap())
    }

    async fn write(&self, key: &str) -> Result<(), StoreError> {
        self.store().put(&ObjectLocation::new("data", key), b"new".to_vec()).await
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let mut listing = self.store().list("data", prefix).await?;
        let mut keys = Vec::new();
        while let Some(page) = listing.page().await? {
            keys.extend(page.into_iter().map(|object| object.key.to_string()));
        }
        Ok(keys)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn refused<T>(result: Result<T, StoreError>, reason: &str) {
    let error = result.err().unwrap();
    assert_eq!(error.to_string(), format!("Access Denied: s3://data/{reason} (AccessDenied)"));
}

const OUTSIDE: &str = "is a symbolic link that leads out of the folder of the bucket";
const TO_FOLDER: &str = "is a symbolic link to a folder, which is not followed";

#[tokio::test]
async fn a_link_out_of_the_folder_is_refused() {
    let folder = Folder::new("outside");
    folder.link(folder.at("outside/secret.txt"), "absolute");
    folder.link("../../outside/secret.txt", "in/relative");
    folder.link("../outside", "way");
    for key in ["absolute", "in/relative", "way"] {
        refused(folder.read(key).await, &format!("{key} {OUTSIDE}"));
        refused(folder.write(key).await, &format!("{key} {OUTSIDE}"));
        refused(folder.list(key).await, &format!("{key} {OUTSIDE}"));
    }
    refused(folder.read("way/secret.txt").await, &format!("way/secret.txt {OUTSIDE}"));
    refused(folder.write("way/new/file.txt").await, &format!("way/new/file.txt {OUTSIDE}"));
    refused(folder.list("way/s").await, &format!("way {OUTSIDE}"));
    assert_eq!(fs::read_to_string(folder.at("outside/secret.txt")).unwrap(), "hunter2");
    assert_eq!(fs::read_dir(folder.at("outside")).unwrap().count(), 1);
    assert_eq!(folder.list("in/a").await.unwrap(), ["in/a.txt"]);
}

#[tokio::test]
async fn a_link_to_a_file_in_the_folder_is_that_file() {
    let folder = Folder::new("inside");
    folder.link("in/a.txt", "alias.txt");
    assert_eq!(folder.read("alias.txt").await.unwrap(), "a");
    assert_eq!(folder.list("").await.unwrap(), ["alias.txt", "in/a.txt"]);
    assert_eq!(folder.list("alias.txt/").await.unwrap(), [""; 0]);
    folder.write("alias.txt").await.unwrap();
    assert_eq!(folder.read("in/a.txt").await.unwrap(), "new");
    // The folder itself may be behind a link.
    symlink(folder.at("bucket"), folder.at("link")).unwrap();
    let store = Folders::new().bucket("data", folder.at("link"));
    assert!(store.open(&ObjectLocation::new("data", "alias.txt")).await.is_ok());
}

#[tokio::test]
async fn a_list_of_a_folder_that_leads_to_itself_ends() {
    let folder = Folder::new("endless");
    folder.link(".", "in/loop");
    refused(folder.list("").await, &format!("in/loop {TO_FOLDER}"));
    refused(folder.list("in/loop/loop/a").await, &format!("in/loop {TO_FOLDER}"));
    refused(folder.read("in/loop/a.txt").await, &format!("in/loop/a.txt {TO_FOLDER}"));
    refused(folder.write("in/loop/b.txt").await, &format!("in/loop/b.txt {TO_FOLDER}"));
    assert_eq!(folder.list("in/a").await.unwrap(), ["in/a.txt"]);
}

#[tokio::test]
async fn a_pipe_or_a_link_to_nothing_is_no_object() {
    let folder = Folder::new("pipe");
    let made = Command::new("mkfifo").arg(folder.at("bucket/pipe")).status().unwrap();
    assert!(made.success());
    folder.link("pipe", "to-pipe");
    folder.link("self", "self");
    folder.link(folder.at("outside/missing.txt"), "broken");
    for (key, reason) in [
        ("pipe", "is neither a file nor a folder"),
        ("to-pipe", "is neither a file nor a folder"),
        ("self", "is a symbolic link to nothing"),
        ("broken", "is a symbolic link to nothing"),
    ] {
        refused(folder.read(key).await, &format!("{key} {reason}"));
        refused(folder.write(key).await, &format!("{key} {reason}"));
    }
    assert_eq!(folder.list("").await.unwrap(), ["in/a.txt"]);
    assert!(!folder.at("outside/missing.txt").exists());
}

#[tokio::test]
async fn a_key_that_is_no_path_in_the_folder_is_the_key_of_nothing() {
    let folder = Folder::new("keys");
    let absolute = folder.at("outside/secret.txt");
    let absolute = absolute.to_str().unwrap();
    for key in [
        "../outside/secret.txt",
        "in/../../outside/secret.txt",
        absolute,
        "..",
        "",
        "in/",
        "in",
        "in/a.txt/b",
        "b",
    ] {
        assert_eq!(folder.read(key).await.unwrap_err().code(), "NoSuchKey", "{key}");
    }
    for key in ["../new.txt", "in/../../new.txt", absolute, "..", "", "new/"] {
        assert_eq!(folder.write(key).await.unwrap_err().code(), "NoSuchKey", "{key}");
    }
    for key in ["in", "in/a.txt/b"] {
        assert_eq!(folder.write(key).await.unwrap_err().code(), "InternalError", "{key}");
    }
    assert_eq!(fs::read_to_string(absolute).unwrap(), "hunter2");
    assert_eq!(folder.list("../").await.unwrap(), [""; 0]);
    assert_eq!(folder.list("").await.unwrap(), ["in/a.txt"]);
}

#[tokio::test]
async fn a_part_of_a_file_is_that_of_the_same_content() {
    let folder = Folder::new("part");
    fs::write(folder.at("bucket/file"), "0123456789").unwrap();
    let mut location = ObjectLocation::new("data", "file");
    let end = folder.store().read_end(&location, 4).await.unwrap();
    assert_eq!((end.bytes.as_slice(), end.size), (&b"6789"[..], 10));
    assert_eq!(folder.store().read_end(&location, 40).await.unwrap().bytes, b"0123456789");
    location.etag = end.etag;
    let mut body = folder.store().open_range(&location, 2..5).await.unwrap();
    assert_eq!(body.chunk().await.unwrap().as_deref(), Some(&b"234"[..]));
    assert_eq!(body.chunk().await.unwrap(), None);
    let mut body = folder.store().open_range(&location, 8..50).await.unwrap();
    assert_eq!(body.chunk().await.unwrap().as_deref(), Some(&b"89"[..]));
    fs::write(folder.at("bucket/file"), "another content").unwrap();
    let changed = folder.store().open_range(&location, 2..5).await.err().unwrap();
    assert_eq!(changed.code(), "PreconditionFailed");
}
