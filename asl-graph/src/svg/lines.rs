//! Lines as paths of SVG.

use crate::layout::Point;
use std::fmt::Write as _;

/// How round a corner is.
const RADIUS: f64 = 8.0;

/// Of dashes, as the styles have them.
const PERIOD: f64 = 9.0;

/// Lines through points that are above or beside each other, with round corners. From where it joins others, a line begins anew at certain places, so
/// that the dashes of all that go on together fall on each other.
pub(super) fn corners(points: &[Point], joins: Option<f64>) -> String {
    let mut path = String::new();
    let mut part: Vec<Point> = Vec::new();
    for point in points {
        if let (Some(before), Some(joins)) = (part.last().copied(), joins)
            && let Some(y) = restart(before, *point, joins)
        {
            let begin = Point { x: point.x, y };
            part.push(begin);
            round(&part, &mut path);
            part = vec![begin];
        }
        part.push(*point);
    }
    round(&part, &mut path);
    path
}

/// Where an upright line begins anew: so many periods above its end, whatever it comes from.
fn restart(from: Point, to: Point, joins: f64) -> Option<f64> {
    let first = joins.max(from.y + RADIUS);
    let is_long = (from.x - to.x).abs() < 0.5 && to.y - first > PERIOD;
    is_long.then(|| to.y - ((to.y - first) / PERIOD).floor() * PERIOD)
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
