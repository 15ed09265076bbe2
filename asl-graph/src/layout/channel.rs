//! The level parts of lines: each where it crosses as few others as can be, and none on another.
//!
//! In: ways whose points are above, beside, or aslant of each other. Out: ways that are upright and level everywhere. What is aslant lies in the gaps between
//! layers; there, each line that goes aside has a track. Lines that begin or end at the same place share theirs.

use super::{Point, Wire};

/// Nearer than this, two numbers are the same place.
const SAME: f64 = 0.5;
/// Lines that pass each other at less than this are in each other's way.
const CLOSE: f64 = 10.0;

/// Squares all ways.
pub(super) fn square(wires: &mut [Wire]) {
    let mut jogs: Vec<Jog> =
        wires.iter().enumerate().flat_map(|(wire, way)| jogs(wire, &way.points)).collect();
    jogs.sort_by(|a, b| a.upper.y.total_cmp(&b.upper.y));
    let mut gap: Vec<Jog> = Vec::new();
    let mut levels: Vec<Level> = Vec::new();
    let mut bottom = f64::MIN;
    for jog in jogs {
        if jog.upper.y > bottom - SAME {
            levels.extend(find_levels(&std::mem::take(&mut gap)));
        }
        bottom = bottom.max(jog.lower.y);
        gap.push(jog);
    }
    levels.extend(find_levels(&gap));
    // From the end of each way, so that the places before stay what they are.
    levels.sort_by_key(|level| std::cmp::Reverse((level.wire, level.place)));
    for level in levels {
        if let Some(wire) = wires.get_mut(level.wire) {
            bend(wire, &level);
        }
    }
    wires.iter_mut().for_each(|wire| simplify(&mut wire.points));
}

/// Leaves out points between others above or beside each other.
fn simplify(points: &mut Vec<Point>) {
    let mut kept: Vec<Point> = Vec::new();
    for point in points.drain(..) {
        if let [.., a, b] = kept.as_slice()
            && ((a.x - b.x).abs() < SAME && (b.x - point.x).abs() < SAME
                || (a.y - b.y).abs() < SAME && (b.y - point.y).abs() < SAME)
        {
            kept.pop();
        }
        kept.push(point);
    }
    *points = kept;
}

/// Where a way goes aside.
#[derive(Clone, Copy)]
struct Jog {
    wire: usize,
    /// The place of its first point.
    place: usize,
    upper: Point,
    lower: Point,
}

/// Where it is to do so.
struct Level {
    wire: usize,
    place: usize,
    y: f64,
}

fn jogs(wire: usize, points: &[Point]) -> impl Iterator<Item = Jog> {
    points.windows(2).enumerate().filter_map(move |(place, pair)| {
        let &[a, b] = pair else { return None };
        let is_aslant = (a.x - b.x).abs() >= SAME && (a.y - b.y).abs() >= SAME;
        let (upper, lower) = if a.y < b.y { (a, b) } else { (b, a) };
        is_aslant.then_some(Jog { wire, place, upper, lower })
    })
}

fn bend(wire: &mut Wire, level: &Level) {
    let (Some(before), Some(after)) = (wire.points.get(level.place), wire.points.get(level.place + 1)) else {
        return;
    };
    let corners = [Point { x: before.x, y: level.y }, Point { x: after.x, y: level.y }];
    let next = level.place + 1;
    wire.points.splice(next..next, corners);
}

/// Jogs that begin or end at the same place.
struct Net {
    jogs: Vec<Jog>,
    left: f64,
    right: f64,
}

impl Net {
    fn is_met_by(&self, jog: &Jog) -> bool {
        let is_same = |a: Point, b: Point| (a.x - b.x).abs() < SAME && (a.y - b.y).abs() < SAME;
        self.jogs.iter().any(|own| is_same(own.upper, jog.upper) || is_same(own.lower, jog.lower))
    }

    fn is_beside(&self, other: &Self) -> bool {
        self.right + CLOSE < other.left || other.right + CLOSE < self.left
    }

    fn covers(&self, x: f64) -> bool {
        self.left - SAME < x && x < self.right + SAME
    }

    /// How many crossings there are if this one is above another.
    fn crossings_above(&self, other: &Self) -> i32 {
        let down = self.jogs.iter().filter(|jog| other.covers(jog.lower.x));
        let up = other.jogs.iter().filter(|jog| self.covers(jog.upper.x));
        i32::try_from(down.count() + up.count()).unwrap_or(i32::MAX)
    }
}

fn nets(gap: &[Jog]) -> Vec<Net> {
    let mut nets: Vec<Net> = Vec::new();
    for jog in gap {
        let (left, right) = (jog.upper.x.min(jog.lower.x), jog.upper.x.max(jog.lower.x));
        match nets.iter_mut().find(|net| net.is_met_by(jog)) {
            Some(net) => {
                net.jogs.push(*jog);
                (net.left, net.right) = (net.left.min(left), net.right.max(right));
            }
            None => nets.push(Net { jogs: vec![*jog], left, right }),
        }
    }
    nets
}

fn find_levels(gap: &[Jog]) -> Vec<Level> {
    let mut nets = nets(gap);
    sort(&mut nets);
    // Each on the first track below those that it would lie on.
    let mut tracks: Vec<usize> = Vec::new();
    for (index, net) in nets.iter().enumerate() {
        let above = nets.iter().take(index).zip(&tracks);
        let track = above.filter(|(other, _)| !net.is_beside(other)).map(|(_, track)| track + 1).max();
        tracks.push(track.unwrap_or(0));
    }
    let counts: Vec<usize> = (0..nets.len()).map(|index| count_below(index, &nets, &tracks)).collect();
    let mut levels = Vec::new();
    for ((net, track), count) in nets.iter().zip(&tracks).zip(counts) {
        let top = net.jogs.iter().map(|jog| jog.upper.y).fold(f64::MIN, f64::max);
        let bottom = net.jogs.iter().map(|jog| jog.lower.y).fold(f64::MAX, f64::min);
        #[expect(clippy::cast_precision_loss, reason = "there are few tracks")]
        let part = (*track as f64 + 1.0) / (count as f64 + 1.0);
        let y = top + (bottom - top) * part;
        levels.extend(net.jogs.iter().map(|jog| Level { wire: jog.wire, place: jog.place, y }));
    }
    levels
}

/// How many tracks there are where a net is.
fn count_below(index: usize, nets: &[Net], tracks: &[usize]) -> usize {
    let mut found = vec![false; nets.len()];
    let mut open = vec![index];
    let mut most = 0;
    while let Some(index) = open.pop() {
        if found.get(index).is_none_or(|found| *found) {
            continue;
        }
        if let Some(found) = found.get_mut(index) {
            *found = true;
        }
        most = most.max(tracks.get(index).map_or(0, |track| track + 1));
        let Some(net) = nets.get(index) else { continue };
        open.extend(
            nets.iter().enumerate().filter(|(_, other)| !net.is_beside(other)).map(|(index, _)| index),
        );
    }
    most
}

/// From the top to the bottom, with as few crossings as exchanges find.
fn sort(nets: &mut [Net]) {
    let gain = |upper: &Net, lower: &Net| upper.crossings_above(lower) - lower.crossings_above(upper);
    let mut scores: Vec<(i32, usize)> = nets
        .iter()
        .enumerate()
        .map(|(index, net)| (nets.iter().map(|other| gain(net, other)).sum(), index))
        .collect();
    scores.sort_unstable();
    let mut place = vec![0; nets.len()];
    for (rank, (_, index)) in scores.iter().enumerate() {
        if let Some(place) = place.get_mut(*index) {
            *place = rank;
        }
    }
    let mut ranks = place.into_iter();
    nets.sort_by_cached_key(|_| ranks.next());
    for _ in 0..nets.len().min(8) {
        for upper in 1..nets.len() {
            if let Some([a, b]) = nets.get(upper - 1..=upper)
                && gain(a, b) > 0
            {
                nets.swap(upper - 1, upper);
            }
        }
    }
}
