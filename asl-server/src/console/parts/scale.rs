//! Two scales of a time line: all of the time, and the time in which something else happened than waiting.
//!
//! In: when something was done. Out: places in per cent on both scales, so that a style sheet alone can switch between them.

use crate::console::story::{Story, Visit};
use std::fmt::Write as _;

/// Waiting that is longer is cut out of the short scale.
const LONG: i64 = 1_000;
/// So much of the short scale a cut takes, in per cent of what is left.
const CUT: f64 = 4.0;

/// The scales of a time line.
#[derive(Clone, Debug)]
pub(crate) struct Scale {
    from: i64,
    to: i64,
    /// Times in which nothing was done, from the first on.
    cuts: Vec<(i64, i64)>,
}

impl Scale {
    /// The scales of a story until a moment.
    pub(crate) fn of(story: &Story, now: i64) -> Self {
        let from = story.began();
        let mut busy: Vec<_> = story.visits.iter().flat_map(|visit| busy(story, visit, now)).collect();
        busy.sort_unstable();
        let (mut cuts, mut done) = (Vec::new(), from);
        for (begin, end) in busy.into_iter().chain([(now, now)]) {
            if begin.saturating_sub(done) > LONG {
                cuts.push((done, begin));
            }
            done = done.max(end);
        }
        Self { from, to: now.max(from.saturating_add(1)), cuts }
    }

    /// The place of a moment, in per cent of all of the time.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of an execution fit into 53 bits")]
    pub(crate) fn place(&self, time: i64) -> f64 {
        let passed = time.clamp(self.from, self.to).saturating_sub(self.from);
        passed as f64 * 100.0 / self.to.saturating_sub(self.from) as f64
    }

    /// The same where waiting is cut out.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of an execution fit into 53 bits")]
    pub(crate) fn short_place(&self, time: i64) -> f64 {
        let time = time.clamp(self.from, self.to);
        let all: i64 = self.cuts.iter().map(|(begin, end)| end.saturating_sub(*begin)).sum();
        let kept = self.to.saturating_sub(self.from).saturating_sub(all).max(1) as f64;
        // However many cuts there are, half of the scale is for what was done.
        let cut = CUT.min(50.0 / self.cuts.len().max(1) as f64);
        let share = 100.0 - cut * self.cuts.len() as f64;
        let mut place = time.saturating_sub(self.from) as f64;
        let mut cuts = 0.0;
        for (begin, end) in self.cuts.iter().take_while(|(begin, _)| *begin < time) {
            let within = (time.min(*end) - begin) as f64;
            place -= within;
            cuts += cut * within / (end - begin) as f64;
        }
        place * share / kept + cuts
    }

    /// A place for a style: `--s:12.3;--cs:4.5`.
    pub(crate) fn at(&self, time: i64) -> String {
        format!("--s:{:.2};--cs:{:.2}", self.place(time), self.short_place(time))
    }

    /// A stretch for a style.
    pub(crate) fn span(&self, begin: i64, end: i64) -> String {
        let mut style = self.at(begin);
        let wide = self.place(end) - self.place(begin);
        let short = self.short_place(end) - self.short_place(begin);
        let _ = write!(style, ";--w:{wide:.2};--cw:{short:.2}");
        style
    }

    /// The cuts, as stretches for a style with how long each is.
    pub(crate) fn cuts(&self) -> impl Iterator<Item = (String, i64)> {
        self.cuts.iter().map(|(begin, end)| (self.span(*begin, *end), end - begin))
    }

    /// Round times, about eight of them, as milliseconds after the begin.
    pub(crate) fn ticks(&self) -> Vec<i64> {
        const STEPS: [i64; 22] = [
            1,
            2,
            5,
            10,
            20,
            50,
            100,
            200,
            500,
            1_000,
            2_000,
            5_000,
            10_000,
            30_000,
            60_000,
            300_000,
            600_000,
            1_800_000,
            3_600_000,
            14_400_000,
            86_400_000,
            604_800_000,
        ];
        let all = self.to - self.from;
        let step = STEPS.into_iter().find(|step| all / step <= 8).unwrap_or_else(|| (all / 8).max(1));
        // The last one would be in what is beside the scale.
        (0..=all / step).map(|tick| tick * step).filter(|tick| tick * 20 <= all * 19).collect()
    }

    pub(crate) const fn began(&self) -> i64 {
        self.from
    }
}

/// When something else was done in a stay than waiting.
fn busy(story: &Story, visit: &Visit, now: i64) -> Vec<(i64, i64)> {
    let mut busy = vec![(visit.entered, visit.entered)];
    busy.extend(visit.left.map(|left| (left, left)));
    if visit.is_scope() {
        return busy;
    }
    for attempt in &visit.attempts {
        let end = attempt.ended.unwrap_or(now);
        let answered = attempt.submitted.and_then(|id| story.line(id)).map(|line| line.time);
        match answered.filter(|_| visit.has_token()) {
            Some(answered) => busy.extend([(attempt.began, answered), (end, end)]),
            None if visit.has_token() => busy.extend([(attempt.began, attempt.began), (end, end)]),
            None => busy.push((attempt.began, end)),
        }
    }
    busy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_cut_out_of_the_short_scale() {
        let scale = Scale { from: 0, to: 10_000, cuts: vec![(1_000, 9_000)] };
        assert_eq!((scale.place(5_000), scale.place(10_000)), (50.0, 100.0));
        assert_eq!(
            (scale.short_place(1_000), scale.short_place(9_000), scale.short_place(10_000)),
            (48.0, 52.0, 100.0)
        );
    }

    #[test]
    fn ticks_are_round_and_few() {
        let ticks = |to| Scale { from: 0, to, cuts: Vec::new() }.ticks();
        assert_eq!(ticks(33_340), [0, 5_000, 10_000, 15_000, 20_000, 25_000, 30_000]);
        assert!(
            [1, 7, 1_234_567, 31_536_000_000, i64::MAX / 32]
                .map(ticks)
                .iter()
                .all(|ticks| (1..=9).contains(&ticks.len()))
        );
    }
}
