//! The signs of how a state goes, at its corner: each has a shape of its own, so that colour is never all there is.

use crate::summary::Status;
use std::fmt::Write as _;

/// The name of a sign, which is its class as well.
pub(super) const fn of(status: Status) -> Option<&'static str> {
    match status {
        Status::Untouched => None,
        Status::Running => Some("run"),
        Status::Retrying => Some("retry"),
        Status::Succeeded => Some("ok"),
        Status::Caught => Some("warn"),
        Status::Failed => Some("bad"),
        Status::Aborted => Some("off"),
    }
}

/// In a square of 16, on a ground of 20 around it. What has no colour here has that of the ground, which it inherits from where the sign is used: no
/// selector of a style reaches into that.
const GLYPHS: &[(&str, &str)] = &[
    (
        "run",
        "<circle cx=\"8\" cy=\"8\" r=\"6\" fill=\"none\" stroke=\"currentColor\" stroke-opacity=\".28\" stroke-width=\"2.4\"/><path class=\"spin\" d=\"M8 2a6 6 0 1 1-6 6\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.4\" stroke-linecap=\"round\"/><circle cx=\"8\" cy=\"8\" r=\"2.2\" fill=\"currentColor\" stroke=\"none\"/>",
    ),
    (
        "retry",
        "<circle cx=\"8\" cy=\"8\" r=\"7\" fill=\"currentColor\" stroke=\"none\"/><path fill=\"none\" stroke-width=\"1.8\" stroke-linecap=\"round\" stroke-linejoin=\"round\" d=\"M11.2 6.2A3.8 3.8 0 1 0 11.6 9.3M11.6 4V6.5H9.1\"/>",
    ),
    (
        "ok",
        "<circle cx=\"8\" cy=\"8\" r=\"7\" fill=\"currentColor\" stroke=\"none\"/><path fill=\"none\" stroke-width=\"1.8\" stroke-linecap=\"round\" stroke-linejoin=\"round\" d=\"M4.8 8.3 7 10.5 11.3 5.8\"/>",
    ),
    (
        "warn",
        "<path d=\"M8 1.2 15.4 14.4H.6z\" fill=\"currentColor\" stroke=\"currentColor\" stroke-linejoin=\"round\"/><path fill=\"none\" stroke-width=\"1.8\" stroke-linecap=\"round\" stroke-linejoin=\"round\" d=\"M8 6v4M8 12.2v.1\"/>",
    ),
    (
        "bad",
        "<path d=\"M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z\" fill=\"currentColor\" stroke=\"none\"/><path fill=\"none\" stroke-width=\"1.8\" stroke-linecap=\"round\" stroke-linejoin=\"round\" d=\"M5.6 5.6 10.4 10.4M10.4 5.6 5.6 10.4\"/>",
    ),
    (
        "off",
        "<circle cx=\"8\" cy=\"8\" r=\"6\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.8\"/><rect x=\"5.4\" y=\"5.4\" width=\"5.2\" height=\"5.2\" rx=\".8\" fill=\"currentColor\" stroke=\"none\"/>",
    ),
];

/// The signs, for those that use them.
pub(super) fn definitions(prefix: &str) -> String {
    let mut text = String::new();
    for (name, shape) in GLYPHS {
        let _ = write!(
            text,
            "<symbol id=\"{prefix}{name}\" viewBox=\"-2 -2 20 20\"><circle stroke=\"none\" cx=\"8\" cy=\"8\" r=\"10\"/>{shape}</symbol>"
        );
    }
    text
}
