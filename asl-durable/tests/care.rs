//! What is damaged in a folder is found and made good.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up has failed")]

mod common;

use asl_durable::{Durable, DurableError, care};
use asl_runtime::{Compiled, Value, asl_machine};
use common::{Calls, after, folder, now, open, process, until};
use rusqlite::Connection;
use std::path::Path;

asl_machine!(mod pause = "machines/pause.json");

fn input(seconds: i64) -> Value {
    Value::from_json(&format!(r#"{{"seconds": {seconds}}}"#)).unwrap()
}

fn output(seconds: i64) -> Value {
    Value::from_json(&format!(r#"{{"seconds": {seconds}, "before": "Before", "after": "After"}}"#)).unwrap()
}

/// A folder with two executions that wait and one that has ended: their ARNs.
fn filled(folder: &Path, calls: &Calls) -> [String; 3] {
    process(async {
        let host = open(folder, calls.host(now(), ""));
        let machine = Compiled::of::<pause::Machine>();
        let mut arns = Vec::new();
        for (name, seconds) in [("first", 4000), ("second", 4000), ("third", 0)] {
            let started = host.start_execution(&machine, None, Some(name.into()), input(seconds)).await;
            arns.push(started.unwrap().to_string());
        }
        host.end(&arns[2]).await.unwrap().unwrap();
        until(|| host.at_work() == 0 && calls.len() == 4).await;
        host.synced().await.unwrap();
        arns.try_into().unwrap()
    })
}

fn change(folder: &Path, sql: &str) {
    let journal = Connection::open(folder.join("journal.sqlite")).unwrap();
    assert!(journal.execute(sql, []).unwrap() > 0, "{sql}");
}

#[test]
fn a_folder_that_is_whole_is_left_as_it_is() {
    let (folder, calls) = (folder("care-whole"), Calls::default());
    filled(&folder, &calls);
    let checked = care::check(&folder).unwrap();
    assert_eq!((checked.executions, checked.running, checked.problems), (3, 2, vec![]));
    let repaired = care::repair(&folder).unwrap();
    assert_eq!((repaired.problems, repaired.copy, repaired.left), (vec![], None, vec![]));
    let open = open(&folder, calls.host(now(), ""));
    assert!(care::repair(&folder).is_err() && care::vacuum(&folder, None).is_err(), "{open:?} has it");
    assert!(care::check(folder.join("nowhere")).is_err());
    assert!(!calls.take().is_empty());
}

#[test]
fn what_is_damaged_is_found_and_made_good() {
    let (folder, calls) = (folder("care-damaged"), Calls::default());
    let [first, second, third] = filled(&folder, &calls);
    calls.take();
    change(
        &folder,
        "UPDATE answers SET body = x'0102030405' WHERE execution = (SELECT id FROM executions WHERE name = 'first')",
    );
    change(&folder, "DELETE FROM executions WHERE name = 'second'");
    change(&folder, "UPDATE executions SET result = x'00' WHERE name = 'third'");
    change(&folder, "UPDATE definitions SET text = '{}'");
    let found = care::check(&folder).unwrap().problems;
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(found.iter().all(|problem| problem.remedy.is_some()), "{found:#?}");
    assert_eq!(care::check(&folder).unwrap().problems, found, "to look changes nothing");

    let repaired = care::repair(&folder).unwrap();
    assert_eq!((&repaired.problems, repaired.left), (&found, vec![]));
    assert!(repaired.copy.unwrap().is_file());
    assert_eq!(care::check(&folder).unwrap().problems, []);

    process(async {
        let host = open(&folder, calls.host(after(2), "")).machine::<pause::Machine>();
        assert_eq!(host.resume().await.unwrap().running, 2);
        assert_eq!(host.end(&first).await.unwrap(), Ok(output(4000)));
        assert_eq!(host.end(&third).await.unwrap(), Ok(output(0)));
        host.describe(&second).await.unwrap_err();
    });
    // The first one is done again from where it was damaged; of the third one everything is known.
    let called: Vec<_> = calls.take().iter().map(|call| call.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(called, ["Before", "After"]);
}

#[test]
fn room_that_is_not_needed_is_given_back() {
    let (folder, calls) = (folder("care-room"), Calls::default());
    process(async {
        let host = open(&folder, calls.host(now(), ""));
        let mut input = input(0).as_object().unwrap().clone();
        input.insert("note", "x".repeat(1_000_000));
        asl_runtime::run::<pause::Machine>(&host, Value::from(input)).await.unwrap();
        host.synced().await.unwrap();
    });
    let (before, after) = care::vacuum(&folder, None).unwrap();
    assert!(after <= before && after > 1_000_000, "{before} {after}");
    let (_, forgotten) = care::vacuum(&folder, Some(asl_runtime::Timestamp::new(1 << 40, 0))).unwrap();
    assert!(forgotten < 500_000, "{forgotten}");
    assert_eq!(care::check(&folder).unwrap().executions, 0);
    assert_eq!(calls.take().len(), 2);
}

#[test]
fn what_can_be_read_of_a_file_with_a_damaged_page_is_kept() {
    let (folder, calls) = (folder("care-page"), Calls::default());
    let machine = Compiled::of::<pause::Machine>();
    let names: Vec<String> = (0..40).map(|number| format!("execution-{number}")).collect();
    process(async {
        let host = open(&folder, calls.host(now(), ""));
        for name in &names {
            let name = Some(name.as_str().into());
            host.start_execution(&machine, None, name, input(4000)).await.unwrap();
        }
        until(|| host.at_work() == 0 && calls.len() == names.len()).await;
        host.synced().await.unwrap();
    });
    // The second of the pages that hold nothing but rows of executions.
    let journal = Connection::open(folder.join("journal.sqlite")).unwrap();
    let root: u32 = journal
        .query_row("SELECT rootpage FROM sqlite_master WHERE name = 'executions'", [], |row| row.get(0))
        .unwrap();
    let page: usize = journal.pragma_query_value(None, "page_size", |row| row.get(0)).unwrap();
    journal.close().unwrap();
    let mut bytes = std::fs::read(folder.join("journal.sqlite")).unwrap();
    let root = &bytes[(root as usize - 1) * page..][..page];
    assert_eq!(root[0], 5, "an interior page of a table");
    let cell = usize::from(u16::from_be_bytes([root[14], root[15]]));
    let leaf = u32::from_be_bytes(root[cell..cell + 4].try_into().unwrap()) as usize;
    bytes[(leaf - 1) * page..leaf * page].iter_mut().for_each(|byte| *byte ^= 0x5A);
    std::fs::write(folder.join("journal.sqlite"), bytes).unwrap();

    let found = care::check(&folder).unwrap().problems;
    assert!(found.iter().any(|problem| problem.remedy.is_some()), "{found:#?}");
    let repaired = care::repair(&folder).unwrap();
    assert_eq!(repaired.left, []);
    assert!(repaired.copy.unwrap().is_file());
    let checked = care::check(&folder).unwrap();
    assert_eq!(checked.problems, []);
    assert!((5..40).contains(&checked.running), "{}", checked.running);
    process(async {
        let host = open(&folder, calls.host(after(2), "")).machine::<pause::Machine>();
        let resumed = host.resume().await.unwrap();
        assert_eq!((resumed.running as u64, resumed.damaged), (checked.running, vec![]));
        let first = "arn:aws:states:local:000000000000:execution:pause:execution-0";
        assert_eq!(host.end(first).await.unwrap(), Ok(output(4000)));
    });
}

#[test]
fn a_file_that_is_not_of_this_version_or_of_nobody_is_not_taken_for_one_that_is() {
    let (folder, calls) = (folder("care-version"), Calls::default());
    filled(&folder, &calls);
    let version = |version: i64| {
        let journal = Connection::open(folder.join("journal.sqlite")).unwrap();
        journal.pragma_update(None, "user_version", version).unwrap();
    };
    for found in [2, 99] {
        version(found);
        let expected = DurableError::Version { found, newest: 3 };
        assert_eq!(care::check(&folder).unwrap_err(), expected);
        assert_eq!(Durable::look(&folder).err(), Some(expected));
    }
    version(3);
    assert_eq!(care::check(&folder).unwrap().executions, 3);
    std::fs::write(folder.join("journal.sqlite"), "").unwrap();
    assert_eq!(care::check(&folder).unwrap_err(), DurableError::Empty(folder.clone()));
    change_or_make(&folder, "CREATE TABLE something (of_another_program)");
    assert!(care::check(&folder).unwrap_err().to_string().contains("of another program"));
    assert!(Durable::open(&folder).err().unwrap().to_string().contains("of another program"));
}

fn change_or_make(folder: &Path, sql: &str) {
    Connection::open(folder.join("journal.sqlite")).unwrap().execute_batch(sql).unwrap();
}
