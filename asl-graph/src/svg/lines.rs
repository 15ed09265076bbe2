//! Lines as paths of SVG.

use crate::layout::Point;
use std::fmt::Write as _;

/// How round a corner is.
const RADIUS: f64 = 8.0;

/// Upright and level lines through the points, with round corners. It begins anew at its joints, so that the dashes of all lines which go on together
/// from there fall on each other.
pub(super) fn corners(points: &[Point], joints: &[usize]) -> String {
    let mut path = String::new();
    let mut from = 0;
    for to in joints.iter().copied().chain(std::iter::once(points.len().saturating_sub(1))) {
        if let Some(part) = points.get(from..=to).filter(|part| part.len() > 1) {
            round(&squared(part), &mut path);
        }
        from = to;
    }
    path
}

/// The same points, with two corners in the middle between those that are neither above nor beside each other.
fn squared(points: &[Point]) -> Vec<Point> {
    let mut squared: Vec<Point> = Vec::new();
    for point in points {
        if let Some(before) = squared.last().copied()
            && (before.x - point.x).abs() >= 0.5
            && (before.y - point.y).abs() >= 0.5
        {
            let y = f64::midpoint(before.y, point.y);
            squared.extend([Point { x: before.x, y }, Point { x: point.x, y }]);
        }
        squared.push(*point);
    }
    squared
}

fn round(points: &[Point], path: &mut String) {
    if let Some(first) = points.first() {
        let _ = write!(path, "M{:.1} {:.1}", first.x, first.y);
    }
    for three in points.windows(3) {
        if let [before, corner, after] = three {
            let (arrives, leaves) = (towards(corner, before), towards(corner, after));
            let _ = write!(
                path,
                "L{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
                arrives.x, arrives.y, corner.x, corner.y, leaves.x, leaves.y
            );
        }
    }
    if let Some(last) = points.last() {
        let _ = write!(path, "L{:.1} {:.1}", last.x, last.y);
    }
}

/// The point a radius before a corner, or half-way if the line is short.
fn towards(corner: &Point, other: &Point) -> Point {
    let (x, y) = (other.x - corner.x, other.y - corner.y);
    let length = x.hypot(y).max(0.1);
    let part = RADIUS.min(length / 2.0) / length;
    Point { x: corner.x + x * part, y: corner.y + y * part }
}
