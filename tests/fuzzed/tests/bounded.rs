//! A bounded run of all targets on stable: whatever the bytes are, what reads them answers, and nothing panics.
//!
//! Each run is the same: the texts are the seeds, damaged by numbers that follow from a seed. `FUZZ_INPUTS` is how many inputs each target
//! gets, by default some hundreds; `fuzz/README.md` says how to look for more with coverage.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

use std::fs;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// When a run counts as one that never ends, for each input. It takes a thousandth of that.
const PATIENCE: Duration = Duration::from_secs(1800);

/// What the texts are made of, and what is unusual in all of them.
const PIECES: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b",",
    b":",
    b";",
    b"\n",
    b"\r\n",
    b"null",
    b"true",
    b"-",
    b"1e999",
    b"99999999999999999999",
    b"0.1",
    b"\\ud800",
    b"\xff",
    b"\xef\xbb\xbf",
    "😀".as_bytes(),
    b"\x1f\x8b\x08",
    b"\x28\xb5\x2f\xfd",
    b"\"id\":",
    b"\"previousEventId\":",
    b"\"timestamp\":",
    b"\"type\":",
    b"\"input\":",
    b"\"output\":",
    b"\"Return\":",
    b"\"Throw\":",
    b"\"0-1\":",
    b"\"events\":",
    b"s3://a/b\n",
    b"\"key\":",
    b"2024-01-01T00:00:00Z",
    b"9999-12-31T23:59:59Z",
    b"0000-01-01T00:00:00Z",
    b"1700000000.5",
    b"\"TaskTimedOut\"",
    b"\"TaskFailed\"",
    b"\"MapIterationStarted\"",
    b"\"ActivityStarted\"",
];

/// Numbers that look random (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

fn damage(seed: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..numbers.below(5) {
        let at = numbers.below(bytes.len() + 1);
        let end = (at + numbers.below(30)).min(bytes.len());
        let piece = PIECES.get(numbers.below(PIECES.len())).copied().unwrap_or_default();
        match numbers.below(8) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at),
            2 => {
                let copy = bytes.get(at..end).unwrap_or_default().to_vec();
                let to = numbers.below(bytes.len() + 1);
                bytes.splice(to..to, copy);
            }
            3 => {
                let many = piece.repeat(1 + numbers.below(300));
                bytes.splice(at..at, many);
            }
            4 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << numbers.below(8);
                }
            }
            5 => drop(bytes.splice(at..end, piece.iter().copied())),
            _ => drop(bytes.splice(at..at, piece.iter().copied())),
        }
    }
    bytes
}

fn random(numbers: &mut Numbers) -> Vec<u8> {
    let length = 8 + numbers.below(400);
    (0..length).map(|_| u8::try_from(numbers.below(256)).unwrap()).collect()
}

fn inputs(usually: usize) -> usize {
    std::env::var("FUZZ_INPUTS").ok().and_then(|inputs| inputs.parse().ok()).unwrap_or(usually)
}

/// The files that a target starts from, in the order of their names.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Feeds a target so many inputs, or says which one it does not survive.
fn run(target: fn(&[u8]), count: usize, mut input: impl FnMut(usize) -> Vec<u8> + Send + 'static) {
    let at_hand = Arc::new(Mutex::new(Vec::new()));
    let (report, reports) = channel();
    let worker = std::thread::spawn({
        let at_hand = Arc::clone(&at_hand);
        move || {
            for number in 0..count {
                let bytes = input(number);
                at_hand.lock().unwrap().clone_from(&bytes);
                target(&bytes);
                let _ = report.send(());
            }
        }
    });
    loop {
        match reports.recv_timeout(PATIENCE) {
            Ok(()) => {}
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => panic!("no end of {:?}", at_hand.lock().unwrap()),
        }
    }
    if worker.join().is_err() {
        let bytes = at_hand.lock().unwrap().clone();
        panic!("not survived: {:?}\n{bytes:?}", String::from_utf8_lossy(&bytes));
    }
}

fn run_damaged(name: &str, target: fn(&[u8]), usually: usize) {
    let (seeds, mut numbers) = (seeds(name), Numbers(0x9e37_79b9_7f4a_7c15));
    run(target, inputs(usually), move |number| {
        damage(seeds.get(number % seeds.len()).unwrap(), &mut numbers)
    });
}

#[test]
fn files_of_items() {
    run_damaged("items", asl_fuzzed::items, 900);
}

#[test]
fn histories() {
    run_damaged("history", asl_fuzzed::history, 600);
}

#[test]
fn mock_configurations() {
    run_damaged("mock_config", asl_fuzzed::mock_config, 300);
}

#[test]
fn executions() {
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    run(asl_fuzzed::execution, inputs(400), move |_| random(&mut numbers));
}

#[test]
fn damaged_snapshots() {
    let mut numbers = Numbers(0x0139_408d_cbbf_7a44);
    run(asl_fuzzed::snapshot, inputs(300), move |_| random(&mut numbers));
}
