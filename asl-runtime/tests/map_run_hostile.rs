//! Files that are made to take all memory: reading them ends with an error or stays below a bound. A test of its own, because it counts the
//! memory of its process.

#![cfg(feature = "parquet")]
#![expect(clippy::unwrap_used, reason = "a test that finds nothing has failed")]

#[expect(dead_code, reason = "another test writes pages of texts")]
#[path = "support/parquet.rs"]
mod parquet;

use asl_runtime::{
    BoxFuture, InMemory, ObjectBody, ObjectListing, ObjectLocation, ObjectStore, ObjectSummary, StoreError,
    Timestamp, Value, VirtualClock, asl_machine,
};
use flate2::Compression;
use flate2::write::GzEncoder;
use parquet::Column;
use peak_alloc::PeakAlloc;
use std::io::Write;

asl_machine!("map_run/hostile.asl.json");

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The size of the pieces in which files come.
const PIECE: usize = 256 * 1024;
const LISTED: usize = 20_000;

/// A file: what it starts with, and what follows so often.
type File = (Vec<u8>, Vec<u8>, usize);

/// A store with one file under every key.
#[derive(Debug)]
struct Store(File);

struct Body {
    start: Option<Vec<u8>>,
    piece: Vec<u8>,
    left: usize,
}

struct Listing(usize);

impl ObjectStore for Store {
    fn open<'a>(
        &'a self,
        _object: &'a ObjectLocation,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectBody>, StoreError>> {
        let (start, piece, left) = self.0.clone();
        let body: Box<dyn ObjectBody> = Box::new(Body { start: Some(start), piece, left });
        Box::pin(async { Ok(body) })
    }

    fn list<'a>(
        &'a self,
        _bucket: &'a str,
        _prefix: &'a str,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectListing>, StoreError>> {
        Box::pin(async { Ok(Box::new(Listing(0)) as Box<dyn ObjectListing>) })
    }

    fn put<'a>(
        &'a self,
        _object: &'a ObjectLocation,
        _body: Vec<u8>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
}

impl ObjectBody for Body {
    fn chunk(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>> {
        let piece = self.start.take().or_else(|| {
            self.left = self.left.checked_sub(1)?;
            Some(self.piece.clone())
        });
        Box::pin(async { Ok(piece) })
    }
}

impl ObjectListing for Listing {
    fn page(&mut self) -> BoxFuture<'_, Result<Option<Vec<ObjectSummary>>, StoreError>> {
        let numbers = self.0..(self.0 + 1000).min(LISTED);
        self.0 = numbers.end;
        let page: Vec<_> = numbers
            .map(|number| ObjectSummary::new(format!("{number:01024}"), 1, Timestamp::new(0, 0), "tag"))
            .collect();
        Box::pin(async { Ok((!page.is_empty()).then_some(page)) })
    }
}

/// A file of a start and a text again and again, for 64 MiB.
fn long(start: &str, again: &str) -> File {
    (start.into(), again.repeat(PIECE / again.len()).into(), 64 * 1024 * 1024 / PIECE)
}

fn wide_rows() -> File {
    let names: Vec<_> = (0..20_000).map(|number| format!("c{number}")).collect();
    (format!("{}\n", names.join(",")).into(), b"x\n".to_vec(), 600)
}

/// 64 MiB that are packed into 64 KiB.
fn packed(text: &str) -> File {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let piece = text.repeat(PIECE);
    for _ in 0..64 * 1024 * 1024 / PIECE {
        encoder.write_all(piece.as_bytes()).unwrap();
    }
    (encoder.finish().unwrap(), Vec::new(), 0)
}

/// One item that has as many values as an item may, of the kind that takes most memory.
fn large_item() -> File {
    (format!("[[{}0]]", r#"{"":0},"#.repeat(300_000)).into(), Vec::new(), 0)
}

/// 64 MiB that are packed with Zstandard into some KiB, with this window.
fn packed_with_zstandard(text: u8) -> File {
    // A frame with a window of 32 MiB, and in it blocks of one byte that is repeated 131,072 times.
    let frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0, 15 << 3];
    let block = |is_last: u32| [&(is_last | 1 << 1 | 131_072 << 3).to_le_bytes()[..3], &[text]].concat();
    (frame, [block(0).repeat(511), block(1)].concat(), 1)
}

fn whole(file: Vec<u8>) -> File {
    (file, Vec::new(), 0)
}

/// One row with a list of `i32::MAX` texts, each of which is the same: levels take no bytes, and values a few each.
fn endless_list() -> Vec<u8> {
    let level = |level: u8| [&6_u32.to_le_bytes()[..], &[0xfe, 0xff, 0xff, 0xff, 0x0f, level]].concat();
    let (first, values) =
        ([&8_u32.to_le_bytes()[..], &[2, 0, 0xfc, 0xff, 0xff, 0xff, 0x0f, 1]].concat(), vec![0; 4_100_000]);
    let page = [first, level(1), values].concat();
    let length = i64::try_from(page.len()).unwrap();
    let pages = [parquet::page_header(i32::MAX.into(), length, length), page].concat();
    parquet::file(Column::Repeated, 0, 1, &pages)
}

/// Snappy and the others may claim what they like.
fn claim(codec: i64, unpacked: i64) -> File {
    whole(parquet::file(
        Column::Required,
        codec,
        1,
        &[parquet::page_header(1, 5, unpacked), vec![1; 5]].concat(),
    ))
}

/// Empty texts in 64 MiB, packed with this codec: the page of a column.
fn empty_texts((start, piece, times): File) -> Vec<u8> {
    let bytes = [start, piece.repeat(times)].concat();
    let header = parquet::page_header(1 << 24, i64::try_from(bytes.len()).unwrap(), 64 * 1024 * 1024);
    [header, bytes].concat()
}

const GZIP: i64 = 2;
const ZSTANDARD: i64 = 6;

/// 300 rows of such a page.
fn packed_page(codec: i64, packed: File) -> File {
    whole(parquet::file(Column::Required, codec, 300, &empty_texts(packed)))
}

/// Such a page in each of so many columns, which are read side by side.
fn packed_columns(count: usize) -> File {
    let page = empty_texts(packed("\0"));
    let places = (0..count).map(|column| ((4 + column * page.len()) as u64, page.len())).collect();
    let footer = parquet::footer(&vec![Column::Required; count], GZIP, &[(300, places)]);
    whole([b"PAR1".to_vec(), page.repeat(count), footer].concat())
}

/// The result of reading a file, and how much memory that takes at most beyond `before`, in MiB.
async fn read(reader: &str, file: File, before: usize) -> (String, usize) {
    let host = InMemory::with_clock(VirtualClock::default()).object_store(Store(file));
    let input = Value::from_json(&format!(r#"{{"reader":"{reader}","key":"file"}}"#)).unwrap();
    // What the last one has left behind goes when its reader has its next turn.
    tokio::task::yield_now().await;
    MEMORY.reset_peak_usage();
    let output = hostile::run(&host, input).await.unwrap();
    (output.to_string(), MEMORY.peak_usage().saturating_sub(before) / 1024 / 1024)
}

#[tokio::test]
async fn no_file_takes_more_memory_than_its_reader_may() {
    let item = "longer than 8388608 bytes.";
    let values = "more than 1000000 values.";
    let manifest = r#""The manifest is longer than 8388608 bytes.""#;
    let cases: [(&str, &str, File, &str, usize); 26] = [
        ("wide rows", "Csv", wide_rows(), r#"{"count":600}"#, 700),
        ("a header without an end", "Csv", long("", "abcd"), "longer than 1048576 bytes.", 32),
        ("names without an end", "Csv", long("", ","), "longer than 1048576 bytes.", 32),
        ("a cell without an end", "Csv", long("a\n\"", "abcd"), item, 32),
        ("cells without an end", "Csv", long("a\n", "1,,,"), r#"{"count":1}"#, 32),
        ("an item without an end", "Json", long("[\"", "abcd"), item, 32),
        ("a key without an end", "Json", long("{\"", "abcd"), item, 32),
        ("values without an end", "Json", long("[[", "[0],"), item, 32),
        ("an item that takes much", "Json", large_item(), r#"{"count":1}"#, 300),
        ("a line without an end", "JsonLines", long("", "abcd"), item, 32),
        ("a line of values", "JsonLines", (b"[0".to_vec(), b",0".repeat(1_000_000), 1), values, 32),
        ("a packed line", "JsonLines", packed("x"), item, 64),
        ("packed empty lines", "JsonLines", packed("\n"), r#"{"count":0}"#, 64),
        ("empty lines in Zstandard", "JsonLines", packed_with_zstandard(b'\n'), r#"{"count":0}"#, 128),
        ("a line in Zstandard", "JsonLines", packed_with_zstandard(b'x'), item, 128),
        ("a footer without an end", "Parquet", whole(b"PAR1....\xff\xff\xff\x7fPAR1".to_vec()), item, 32),
        (
            "too many columns",
            "Parquet",
            whole([&b"PAR1"[..], &parquet::footer(&[Column::Required; 20_000], 0, &[])].concat()),
            "more than 10000 columns.",
            32,
        ),
        ("a list without an end", "Parquet", whole(endless_list()), values, 200),
        (
            "a page that is larger than all",
            "Parquet",
            claim(1, i32::MAX.into()),
            "longer than 268435456 bytes.",
            32,
        ),
        (
            "a page that is smaller than it says",
            "Parquet",
            claim(ZSTANDARD, 200_000_000),
            "is not a frame.",
            32,
        ),
        ("a page that is packed well", "Parquet", packed_page(GZIP, packed("\0")), r#"{"count":300}"#, 256),
        (
            "a page in Zstandard",
            "Parquet",
            packed_page(ZSTANDARD, packed_with_zstandard(0)),
            r#"{"count":300}"#,
            256,
        ),
        ("pages of many columns", "Parquet", packed_columns(8), "more than 268435456 bytes at once.", 288),
        ("an inventory without an end", "Inventory", long("{\"files\":[", "{\"key\":1},"), manifest, 32),
        ("an Athena manifest without an end", "Athena", long("", "s3://a/b\n"), manifest, 32),
        ("a list", "List", long("", "x"), r#"{"count":20000}"#, 32),
    ];
    let (mut wrong, before) = (Vec::new(), MEMORY.current_usage());
    for (name, reader, file, expected, most) in cases {
        let (output, took) = read(reader, file, before).await;
        if !output.trim_end_matches('"').ends_with(expected.trim_end_matches('"')) || took > most {
            wrong.push(format!("{name}: {took} MiB, {output:.300}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
