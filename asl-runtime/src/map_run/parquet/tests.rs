//! Files that `tests/map_run/parquet/make.py` has written with another implementation, whole and damaged.

use super::*;
use crate::Objects;
use crate::integration::BoxFuture;
use crate::map_run::store::{ObjectBody, ObjectListing, StoreError};
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/map_run/parquet")
}

fn file(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap()
}

/// The files, and the name of the items in each.
fn files() -> Vec<(String, String)> {
    let names =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.ends_with(".parquet")).collect();
    names.sort();
    names.into_iter().map(|name| (name.clone(), name.split(['_', '.']).next().unwrap().to_owned())).collect()
}

fn items(name: &str) -> Vec<Value> {
    let text = fs::read_to_string(folder().join(format!("{name}.jsonl"))).unwrap();
    text.lines().map(|line| Value::from_json(line).unwrap()).collect()
}

async fn rows(store: &dyn ObjectStore) -> Result<Vec<Value>, String> {
    let (mut rows, mut read) = (Rows::open(store, ObjectLocation::new("data", "file")).await?, Vec::new());
    while let Some(row) = rows.next().await? {
        read.push(row);
    }
    Ok(read)
}

async fn read(bytes: impl Into<Vec<u8>>) -> Result<Vec<Value>, String> {
    let store = Objects::new();
    store.insert("data", "file", bytes);
    rows(&store).await
}

/// A store that can only read an object from its start, in small pieces.
#[derive(Debug)]
struct Plain(Vec<u8>);

struct Pieces(std::vec::IntoIter<Vec<u8>>);

impl ObjectBody for Pieces {
    fn chunk(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>> {
        let piece = self.0.next();
        Box::pin(async { Ok(piece) })
    }
}

impl ObjectStore for Plain {
    fn open<'a>(&'a self, _: &'a ObjectLocation) -> BoxFuture<'a, Result<Box<dyn ObjectBody>, StoreError>> {
        let pieces: Vec<_> = self.0.chunks(1000).map(<[u8]>::to_vec).collect();
        Box::pin(async { Ok(Box::new(Pieces(pieces.into_iter())) as Box<dyn ObjectBody>) })
    }

    fn list<'a>(
        &'a self,
        bucket: &'a str,
        _: &'a str,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectListing>, StoreError>> {
        Box::pin(async { Err(StoreError::no_such_bucket(bucket)) })
    }

    fn put<'a>(&'a self, _: &'a ObjectLocation, _: Vec<u8>) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn files_of_another_implementation_are_read() {
    let mut wrong = Vec::new();
    for (name, expected) in files() {
        if expected == "refused" {
            continue;
        }
        let expected = items(&expected);
        match read(file(&name)).await {
            Ok(rows) if rows == expected => {}
            Ok(rows) => {
                let place = rows.iter().zip(&expected).position(|(row, expected)| row != expected);
                let (row, item) = place.map(|at| (rows[at].to_string(), expected[at].to_string())).unzip();
                wrong.push(format!(
                    "{name}: {} rows, {} items\n{row:?}\n{item:?}",
                    rows.len(),
                    expected.len()
                ));
            }
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn stores_need_not_know_ranges() {
    for name in ["many_row_groups.parquet", "nested.parquet"] {
        let (whole, plain) = (read(file(name)).await.unwrap(), rows(&Plain(file(name))).await.unwrap());
        assert_eq!(whole, plain, "{name}");
    }
}

#[tokio::test]
async fn what_is_packed_otherwise_is_named() {
    for (name, packing) in [("refused_brotli.parquet", "Brotli"), ("refused_lz4.parquet", "LZ4")] {
        let expected = format!(
            "The Parquet file cannot be read here: its pages are packed with {packing}, and not with Snappy, gzip, or Zstandard."
        );
        assert_eq!(read(file(name)).await.unwrap_err(), expected);
    }
}

#[tokio::test]
async fn what_is_no_parquet_file_is_told() {
    assert_eq!(read("").await.unwrap_err(), "The file is not a Parquet file: it is too short.");
    let text = "id,name\n1,Ana\n";
    assert_eq!(read(text).await.unwrap_err(), "The file is not a Parquet file: it does not end with `PAR1`.");
    assert_eq!(
        read("12345678PARE").await.unwrap_err(),
        "The Parquet file cannot be read here: it is encrypted."
    );
    assert_eq!(
        read("PAR1\x7f\0\0\0PAR1").await.unwrap_err(),
        "The Parquet file is damaged: its footer is longer than the file."
    );
}

/// How many rows are read of a damaged file, which may say that it has any number of them.
const ENOUGH: usize = 1_000;

async fn try_to_read(bytes: Vec<u8>) -> Result<usize, String> {
    let store = Objects::new();
    store.insert("data", "file", bytes);
    let mut rows = Rows::open(&store, ObjectLocation::new("data", "file")).await?;
    for count in 0..ENOUGH {
        if rows.next().await?.is_none() {
            return Ok(count);
        }
    }
    Ok(ENOUGH)
}

#[tokio::test]
async fn no_damage_is_more_than_an_error() {
    let mut refused = 0;
    for name in [
        "nested.parquet",
        "numbers_second_pages.parquet",
        "texts.parquet",
        "old_timestamps.parquet",
        "small_zstd_2.parquet",
        "small_deltas.parquet",
    ] {
        let whole = file(name);
        for at in (0..whole.len()).step_by(13) {
            for bits in [0x01, 0xff] {
                let mut damaged = whole.clone();
                damaged[at] ^= bits;
                refused += usize::from(try_to_read(damaged).await.is_err());
            }
        }
        for end in (0..whole.len()).step_by(67) {
            let cut_off = [&whole[..end], &whole[whole.len() - 8..]].concat();
            refused += usize::from(try_to_read(cut_off).await.is_err());
            assert!(try_to_read(whole[..end].to_vec()).await.is_err(), "{name} up to {end}");
        }
    }
    assert!(refused > 500, "only {refused} were refused");
}
