//! Power is lost: what came after the last sync is gone, or garbled. What was acknowledged is not.
//!
//! `ASL_PLACES` is how many places of the log there are at which that happens, beside those around what was acknowledged; `ASL_SEED` chooses them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up has failed")]

mod common;

use asl_durable::Filter;
use asl_runtime::{Compiled, Value, asl_machine};
use common::{Calls, after, folder, now, open, process, until};
use std::path::{Path, PathBuf};

asl_machine!(mod pause = "machines/pause.json");

const FILE: &str = "journal.sqlite";
const LOG: &str = "journal.sqlite-wal";
/// The bytes of the head of the log, and of a frame of it, which is a page and its own head.
const HEAD: u64 = 32;
const FRAME: u64 = 24 + 4096;

fn from_environment(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap())
}

/// How much of the log there is, as SQLite knows by the index beside it.
fn length(folder: &Path) -> u64 {
    let index = std::fs::read(folder.join("journal.sqlite-shm")).unwrap();
    let frames = u32::from_ne_bytes(index[16..20].try_into().unwrap());
    HEAD + u64::from(frames) * FRAME
}

/// A folder as it is after a loss of power: of the log only the beginning is as it was.
fn lost(whole: &Path, place: u64, garbled: bool) -> PathBuf {
    let folder = folder(&format!("power-{place}-{garbled}"));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::copy(whole.join(FILE), folder.join(FILE)).unwrap();
    let mut log = std::fs::read(whole.join(LOG)).unwrap();
    let place = usize::try_from(place).unwrap();
    if garbled {
        let mut chance = place as u32 | 1;
        log[place..].iter_mut().for_each(|byte| {
            chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = (chance >> 24) as u8;
        });
    } else {
        log.truncate(place);
    }
    std::fs::write(folder.join(LOG), log).unwrap();
    folder
}

#[test]
fn what_was_acknowledged_is_there_after_a_loss_of_power_and_nothing_is_damaged() {
    let (live, whole) = (folder("power"), folder("power-whole"));
    let calls = Calls::default();
    // Each name, and how much of the log there was when it was acknowledged.
    let acknowledged: Vec<(String, u64)> = process(async {
        let host = open(&live, calls.host(now(), ""));
        let machine = Compiled::of::<pause::Machine>();
        let mut acknowledged = Vec::new();
        for number in 0..12 {
            let name = format!("execution-{number}");
            let input = Value::from_json(r#"{"seconds": 4000}"#).unwrap();
            host.start_execution(&machine, None, Some(name.as_str().into()), input).await.unwrap();
            acknowledged.push((name, length(&live)));
        }
        until(|| calls.len() == 12 && host.at_work() == 0).await;
        host.synced().await.unwrap();
        // As it is on the disk while a process has it.
        std::fs::create_dir_all(&whole).unwrap();
        for file in [FILE, LOG] {
            std::fs::copy(live.join(file), whole.join(file)).unwrap();
        }
        acknowledged
    });
    let end = std::fs::metadata(whole.join(LOG)).unwrap().len();
    let mut places: Vec<_> =
        acknowledged.iter().flat_map(|(_, length)| [*length, length + 1, length + 2000]).collect();
    places.retain(|place| *place < end);
    let first = places[0];
    let mut chance = from_environment("ASL_SEED", 7);
    for _ in 0..from_environment("ASL_PLACES", 12) {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let last = acknowledged[acknowledged.len() - 1].1 + FRAME;
        places.push((first + (chance >> 33) % (last - first)).min(end));
    }
    assert!(places.len() > 20);
    for (number, place) in places.into_iter().enumerate() {
        let folder = lost(&whole, place, number % 2 == 0);
        process(async {
            let host = open(&folder, calls.host(after(0), "")).machine::<pause::Machine>();
            let resumed = host.resume().await.unwrap();
            assert_eq!((resumed.damaged, resumed.unknown), (vec![], vec![]), "at {place}");
            let listed = host.list(&Filter::default()).await.unwrap();
            for (name, length) in &acknowledged {
                let is_there = listed.iter().any(|one| one.name == name.as_str());
                assert!(is_there || *length > place, "{name} is lost at {place}");
            }
        });
        std::fs::remove_dir_all(folder).unwrap();
    }
    assert!(calls.take().len() >= 12);
}
