//! Services that Step Functions called once, and does not any longer: the Developer Guide's history of service integrations.

/// The names of what was removed, and when.
const RETIRED: &[(&str, &[&str])] = &[
    ("June 2026", &["lexmodelbuilding", "lexruntime"]),
    (
        "March 2026",
        &[
            "apptest",
            "elastictranscoder",
            "evidently",
            "lookoutmetrics",
            "opsworks",
            "opsworkscm",
            "qldb",
            "qldbsession",
            "robomaker",
            "worklink",
        ],
    ),
];

/// When a service was removed, if it was.
#[must_use]
pub fn retired(name: &str) -> Option<&'static str> {
    RETIRED.iter().find(|(_, names)| names.contains(&name)).map(|(since, _)| *since)
}
