//! Files of items of distributed Maps.

use asl_runtime::{
    BoxFuture, InMemory, ObjectBody, ObjectListing, ObjectLocation, ObjectStore, StoreError, Value,
    VirtualClock, asl_machine,
};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;

asl_machine!("../machines/items.asl.json");

/// A store with one file under every key, which comes in pieces of a size.
#[derive(Debug)]
struct Store {
    file: Vec<u8>,
    piece: usize,
}

struct Body(std::vec::IntoIter<Vec<u8>>);

impl ObjectStore for Store {
    fn open<'a>(
        &'a self,
        _object: &'a ObjectLocation,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectBody>, StoreError>> {
        let pieces: Vec<_> = self.file.chunks(self.piece).map(<[u8]>::to_vec).collect();
        Box::pin(async { Ok(Box::new(Body(pieces.into_iter())) as Box<dyn ObjectBody>) })
    }

    fn list<'a>(
        &'a self,
        bucket: &'a str,
        _prefix: &'a str,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectListing>, StoreError>> {
        let error = StoreError::no_such_bucket(bucket);
        Box::pin(async { Err(error) })
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
        let piece = self.0.next();
        Box::pin(async { Ok(piece) })
    }
}

/// Reads a file: the first byte chooses the reader, the second one whether it is packed and the size of the pieces. What is read does not
/// depend on the pieces.
pub fn items(bytes: &[u8]) {
    let [reader, packing, file @ ..] = bytes else { return };
    let readers = ["Csv", "Semicolons", "Json", "Pointer", "JsonLines", "Inventory", "Athena", "Parquet"];
    let reader = readers.get(usize::from(*reader) % readers.len()).copied().unwrap_or_default();
    let file = if packing % 4 == 0 { packed(file) } else { file.to_vec() };
    let piece = 1 + usize::from(packing / 4) % 16;
    let whole = read(reader, file.clone(), usize::MAX);
    assert_eq!(read(reader, file, piece), whole, "in pieces of {piece} bytes");
}

fn packed(file: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Memory takes everything.
    let _ = encoder.write_all(file);
    encoder.finish().unwrap_or_default()
}

fn read(reader: &str, file: Vec<u8>, piece: usize) -> Value {
    let host = InMemory::with_clock(VirtualClock::default()).object_store(Store { file, piece }).seed(1);
    let input: Value = [("reader", reader)].into_iter().collect::<asl_runtime::Object>().into();
    match crate::done(items::run(&host, input)) {
        Ok(output) => output,
        // A file may hold more than an execution may.
        Err(error) => error.to_string().into(),
    }
}
