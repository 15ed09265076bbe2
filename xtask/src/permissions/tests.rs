//! The lists kept by hand, and what is written of a small reference.

use super::reference::{Action, Service};
use super::*;
use std::collections::BTreeSet;

fn reference() -> Reference {
    let action = |name: &str, types: &[(&str, bool)]| {
        let types = types.iter().map(|(name, required)| ((*name).to_owned(), *required)).collect();
        (name.to_lowercase(), Action { name: name.to_owned(), types })
    };
    let service = Service {
        actions: [
            action("DigHole", &[("bed", true), ("tool", false)]),
            action("FillHole", &[("bed", true), ("tool", false)]),
            action("Hire", &[]),
        ]
        .into(),
        types: [("bed".to_owned(), "arn:${Partition}:garden:${Region}:${Account}:bed/${BedName}".to_owned())]
            .into(),
    };
    Reference { version: "1".to_owned(), services: [("garden".to_owned(), service)].into() }
}

#[test]
fn rows_kept_by_hand_are_whole() {
    assert!(kept::prefixes().all(|row| row.is_ok_and(|cells| cells.iter().all(|cell| !cell.is_empty()))));
    let names: Vec<_> = kept::names().map(Result::unwrap).collect();
    assert!(names.iter().flatten().all(|cell| !cell.is_empty()));
    assert!(names.is_sorted(), "the rows are in order, so that a row is found where it belongs");
}

#[test]
fn actions_with_the_same_types_are_together() {
    let names = Names::from([(("g".to_owned(), "Dig".to_owned()), vec!["garden:DigHole".to_owned()])]);
    let prefixes = BTreeMap::from([("gardentool".to_owned(), "garden".to_owned())]);
    let roles = BTreeMap::from([("g", BTreeSet::from(["Gardener"])), ("none", BTreeSet::new())]);
    let text = written::table("sources", &prefixes, &names, &roles, &reference());
    let expected = "sources\n[prefixes]\ngardentool garden\n[names]\ng:Dig garden:DigHole\n[roles]\ng Gardener\n[garden]\n\
        bed arn:${Partition}:garden:${Region}:${Account}:bed/${BedName}\n\
        >\nHire\n>bed* tool\nDigHole FillHole\n";
    assert_eq!(text, expected);
}
