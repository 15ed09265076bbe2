use super::*;
use asl_compiler::services::{Bounds, ShapeKind, Table};
use std::path::PathBuf;

fn model_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/botocore")
}

fn table() -> &'static Table {
    let models = model::read_all(&model_folder()).unwrap();
    let table = table::write(&models, &model::version(&model_folder()).unwrap()).unwrap();
    assert_eq!((table.services, table.actions), (1, 3));
    Box::leak(Box::new(Table::read(table.bytes.leak()).unwrap()))
}

#[test]
fn the_newest_version_of_a_service_is_read() {
    assert_eq!(table().source(), "botocore 9.8.7");
    let service = table().service("gardentool").unwrap();
    assert_eq!(service.prefix(), "GardenTool");
    let names: Vec<_> = service.actions().map(|action| action.name()).collect();
    assert_eq!(names, ["countDBBeds", "digHole", "rest"]);
    assert_eq!(service.action("digHole").unwrap().errors(), ["NoSpadeException", "TooDeepException"]);
}

#[test]
fn members_have_the_names_and_kinds_that_tasks_see() {
    let input = table().service("gardentool").unwrap().action("digHole").unwrap().input();
    let members: Vec<_> = input.members().into_iter().map(|m| (m.name, m.required, m.shape.kind())).collect();
    let member = |name: &str, required, kind| (name.to_owned(), required, kind);
    assert_eq!(
        members,
        [
            member("BedId", true, ShapeKind::String),
            member("ClientToken", false, ShapeKind::String),
            member("Depth", false, ShapeKind::Number),
            member("KmsKeyId", false, ShapeKind::String),
            member("Soil", false, ShapeKind::Enum),
            member("Tools", false, ShapeKind::List),
            member("When", false, ShapeKind::Timestamp),
        ]
    );
    assert_eq!(input.member("Soil").unwrap().shape.values(), ["CLAY", "SAND"]);
}

#[test]
fn shapes_that_hold_themselves_are_written_once() {
    let service = table().service("gardentool").unwrap();
    let hole = service.action("digHole").unwrap().output().member("Hole").unwrap().shape;
    let inner = hole.member("Inside").unwrap().shape;
    assert_eq!(inner.kind(), ShapeKind::Map);
    assert_eq!(inner.element().unwrap().members().len(), hole.members().len());
    // The values of an enumeration are of use where a task passes one.
    assert_eq!(hole.member("Color").unwrap().shape.kind(), ShapeKind::String);
}

#[test]
fn what_is_known_of_values_in_results_is_there() {
    let service = table().service("gardentool").unwrap();
    let hole = service.action("digHole").unwrap().output().member("Hole").unwrap().shape;
    assert_eq!(hole.member_bounds("Color").values, ["BROWN", "BLACK"]);
    let depth = hole.member_bounds("Depth");
    assert_eq!((depth.min, depth.max, depth.values), (Some(1.0), Some(900.0), Vec::new()));
    assert_eq!(hole.member_bounds("Inside"), Bounds::default());
    let input = service.action("digHole").unwrap().input();
    assert_eq!(input.member_bounds("Soil"), Bounds::default());
}

#[test]
fn operations_without_input_take_nothing() {
    let rest = table().service("gardentool").unwrap().action("rest").unwrap();
    assert_eq!((rest.input().kind(), rest.input().members().len()), (ShapeKind::Structure, 0));
}

#[test]
fn the_bytes_are_the_same_each_time() {
    let write = || table::write(&model::read_all(&model_folder()).unwrap(), "x").unwrap().bytes;
    assert_eq!(write(), write());
}
