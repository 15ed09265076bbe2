//! Our own small drawings, each a path of lines in a square of 28.

use crate::model::StateKind;
use asl_compiler::services::{Icon, Integration, integration};

/// An arrow round in a circle, in a square of 13.
pub(super) const RETRY: &str = "M11 4.5A5 5 0 1 0 11.5 8M11.5 1.5V4.7H8.3";

const FUNCTION: &str = "M9 6.5h2.6L18.5 21.5H20.5M13.4 12.2 8.6 21.5";
const TABLE: &str =
    "M7.5 8.5c0-4 13-4 13 0v11c0 4-13 4-13 0zM7.5 8.5c0 3.6 13 3.6 13 0M7.5 14c0 3.6 13 3.6 13 0";
const GLOBE: &str = "M14 6a8 8 0 1 0 0 16a8 8 0 1 0 0-16zM6.2 14H21.8M14 6c-5 5-5 11 0 16M14 6c5 5 5 11 0 16";
const QUEUE: &str = "M6.5 9.5h4v9h-4zM12 9.5h4v9h-4zM18 14h4.5M20.4 11.8 22.6 14 20.4 16.2";
const HORN: &str = "M7 12v4l8.5 4V8zM9.5 16.8 10.5 21M18.5 10.5c1.8 2 1.8 5 0 7M21 8.5c2.6 3.2 2.6 7.8 0 11";
const BUCKET: &str = "M7 8.5c0-2.4 14-2.4 14 0c0 2.4-14 2.4-14 0zM7 8.5 9 20c.4 1.8 9.6 1.8 10 0L21 8.5";
const BUS: &str =
    "M14 7.5v4M8.5 20.5v-4.5h11v4.5M14 11.5V16M12 5.5h4v2h-4zM6.5 20.5h4v2h-4zM17.5 20.5h4v2h-4z";
const MACHINE: &str = "M11 5.5h6v4h-6zM6 18.5h6v4H6zM16 18.5h6v4h-6zM14 9.5V14M9 18.5V14h10v4.5";
const CONTAINER: &str = "M14 6 21 10v8L14 22 7 18v-8zM7 10l7 4 7-4M14 14v8";
const BATCH: &str = "M7 8h9v9H7zM9.8 17v3h9v-9H16M12.6 20v2.6h9v-9h-2.8";
const WORKER: &str = "M14 6.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7zM7 22c0-7.5 14-7.5 14 0";
const SECRET: &str = "M8 13h12v8.5H8zM10.5 13V10a3.5 3.5 0 0 1 7 0v3M14 16.5v2";
const CHART: &str = "M7 21.5H21.5M9 21v-6M13 21V9M17 21v-8.5M21 21V6.5";
const BRAIN: &str = "M14 7v14.5M14 9c-2-3.5-7-2-6 2c-3 1.5-2.4 5.6 0 6.4c0 4 4.6 4.8 6 2.4M14 9c2-3.5 7-2 6 2c3 1.5 2.4 5.6 0 6.4c0 4-4.6 4.8-6 2.4";
const DOOR: &str = "M11 7 6 14l5 7M17 7l5 7-5 7M15.2 10.5 12.8 17.5";
const GEAR: &str = "M14 10.2a3.8 3.8 0 1 0 0 7.6a3.8 3.8 0 1 0 0-7.6zM14 6v2.6M14 19.4V22M6 14h2.6M19.4 14H22M8.3 8.3l1.9 1.9M17.8 17.8l1.9 1.9M19.7 8.3l-1.9 1.9M10.2 17.8l-1.9 1.9";

/// What the services of `aws-sdk` are drawn as that Step Functions does not integrate with in its own way.
const OTHERS: &[(&str, Icon)] = &[
    ("activity", Icon::Worker),
    ("bedrockruntime", Icon::Brain),
    ("cloudwatch", Icon::Chart),
    ("comprehend", Icon::Brain),
    ("eventbridge", Icon::Bus),
    ("rds", Icon::Table),
    ("rdsdata", Icon::Table),
    ("redshiftdata", Icon::Table),
    ("rekognition", Icon::Brain),
    ("s3", Icon::Bucket),
    ("secretsmanager", Icon::Secret),
    ("kms", Icon::Secret),
    ("sfn", Icon::Machine),
    ("ssm", Icon::Secret),
];

const fn lines(icon: Icon) -> &'static str {
    match icon {
        Icon::Function => FUNCTION,
        Icon::Table => TABLE,
        Icon::Globe => GLOBE,
        Icon::Queue => QUEUE,
        Icon::Horn => HORN,
        Icon::Bucket => BUCKET,
        Icon::Bus => BUS,
        Icon::Machine => MACHINE,
        Icon::Container => CONTAINER,
        Icon::Batch => BATCH,
        Icon::Worker => WORKER,
        Icon::Secret => SECRET,
        Icon::Chart => CHART,
        Icon::Brain => BRAIN,
        Icon::Door => DOOR,
        Icon::Gear => GEAR,
    }
}

fn of_service(name: &str) -> Icon {
    let other = OTHERS.iter().find(|(other, _)| *other == name).map(|(_, icon)| *icon);
    other.or_else(|| integration(name).map(Integration::icon)).unwrap_or(Icon::Gear)
}

/// The lines of the icon.
pub(super) fn of(kind: &StateKind) -> &'static str {
    match kind {
        StateKind::Task(service) => lines(of_service(service)),
        StateKind::Pass => "M6.5 14H21M16 9l5 5-5 5",
        StateKind::Choice => "M14 6.5 21.5 14 14 21.5 6.5 14zM14 11.5v2.8M14 16.8v.1",
        StateKind::Wait => "M14 6.5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 1 0 0-15zM14 10v4.3l3 2",
        StateKind::Succeed => "M7.5 14.5 12 19l8.5-9.5",
        StateKind::Fail => "M9 9 19 19M19 9 9 19",
        StateKind::Parallel => "M14 5.5V9M8 9h12M8 9v10M14 9v10M20 9v10M8 19h12M14 19v3.5",
        StateKind::Map => "M7 8.5h2M12 8.5h9M7 14h2M12 14h9M7 19.5h2M12 19.5h9",
        StateKind::Unknown => "M11 10.5c0-4.5 6.5-4 6.5 0c0 2.8-3.5 3-3.5 5.5M14 20v.2",
    }
}
