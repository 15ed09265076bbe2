//! Runs the program of a regular expression on a text, and goes back to where there was another way when it fails.

use super::program::{Address, Instruction, Loop, Program};
use super::set::{Set, canonical};
use super::{Match, TooLong};
use asl_language::regex::{is_line_end, is_word};

/// A slot of a group that has not matched.
const NOWHERE: usize = usize::MAX;

/// How much there may be to go back to: 40 MB.
const MAX_SAVED: usize = 1_000_000;

pub(super) fn find(
    program: &Program,
    text: &str,
    from: usize,
    steps: &mut u64,
) -> Result<Option<Match>, TooLong> {
    let mut matcher = Matcher {
        program,
        text,
        slots: vec![NOWHERE; 2 * (program.groups + 1)],
        counters: vec![Counter::default(); program.counters],
        saved: Vec::new(),
        steps: *steps,
    };
    let found = matcher.search(from);
    *steps = matcher.steps;
    found
}

struct Matcher<'m> {
    program: &'m Program,
    text: &'m str,
    slots: Vec<usize>,
    counters: Vec<Counter>,
    saved: Vec<Saved>,
    steps: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counter {
    /// How many iterations have started.
    count: u32,
    /// Where the last one started.
    start: usize,
}

/// What is done when the way that was taken fails: another way, or something is put back.
enum Saved {
    Way {
        address: Address,
        position: usize,
    },
    /// A greedy run may be shorter, down to `least`.
    Shorter {
        address: Address,
        least: usize,
        position: usize,
    },
    /// A lazy run may be longer, by up to `more` characters.
    Longer {
        address: Address,
        more: u32,
        position: usize,
    },
    Slot {
        slot: usize,
        position: usize,
    },
    Counter {
        counter: usize,
        value: Counter,
    },
}

impl Matcher<'_> {
    fn search(&mut self, from: usize) -> Result<Option<Match>, TooLong> {
        let mut position = from;
        while let Some(start) = self.candidate(position) {
            if let Some(end) = self.run(0, start)? {
                return Ok(Some(self.matched(start, end)));
            }
            let Some(next) = self.forward(start).map(|(_, next)| next) else { break };
            position = next;
        }
        Ok(None)
    }

    /// The first place, from a position on, where a match may start.
    fn candidate(&mut self, position: usize) -> Option<usize> {
        if self.program.anchored {
            return (position == 0).then_some(0);
        }
        let rest = self.text.get(position..)?;
        let skipped = match (self.program.prefix.as_str(), self.program.instructions.first()) {
            ("", Some(Instruction::One { set, behind: false })) => rest.find(|c| set.contains(c))?,
            ("", Some(Instruction::Run { set, min: 1.., behind: false, .. })) => {
                rest.find(|c| set.contains(c))?
            }
            ("", _) => 0,
            (prefix, _) => rest.find(prefix)?,
        };
        Some(position + skipped)
    }

    fn matched(&self, start: usize, end: usize) -> Match {
        let groups = self.slots.chunks_exact(2).skip(1).map(|slots| match slots {
            [start, end] if *start != NOWHERE && *end != NOWHERE => Some((*start, *end)),
            _ => None,
        });
        Match { start, end, groups: groups.collect() }
    }

    /// Runs from an instruction to `Matched`; says where that was reached. What was saved before stays untouched.
    fn run(&mut self, start: Address, position: usize) -> Result<Option<usize>, TooLong> {
        let floor = self.saved.len();
        let (mut address, mut position) = (start, position);
        loop {
            self.spend(1)?;
            match self.step(address, position)? {
                MatchStep::On(next) => (address, position) = (address + 1, next),
                MatchStep::To(next) => address = next,
                MatchStep::Done => return Ok(Some(position)),
                MatchStep::Fail => match self.go_back(floor) {
                    Some(way) => (address, position) = way,
                    None => return Ok(None),
                },
            }
        }
    }

    const fn spend(&mut self, steps: u64) -> Result<(), TooLong> {
        self.steps = self.steps.saturating_sub(steps);
        if self.steps == 0 { Err(TooLong) } else { Ok(()) }
    }

    fn save(&mut self, saved: Saved) -> Result<(), TooLong> {
        if self.saved.len() >= MAX_SAVED {
            return Err(TooLong);
        }
        self.saved.push(saved);
        Ok(())
    }

    fn step(&mut self, address: Address, position: usize) -> Result<MatchStep, TooLong> {
        let program = self.program;
        let Some(instruction) = program.instructions.get(address) else { return Ok(MatchStep::Done) };
        match instruction {
            Instruction::One { set, behind } => Ok(MatchStep::on(self.one(set, position, *behind))),
            Instruction::Run { set, min, max, greedy, behind } => {
                self.run_of(set, (*min, *max), (*greedy, *behind), address, position)
            }
            Instruction::Jump(target) => Ok(MatchStep::To(*target)),
            Instruction::Split { first, second } => {
                self.save(Saved::Way { address: *second, position })?;
                Ok(MatchStep::To(*first))
            }
            Instruction::Save { slot } => self.set_slot(*slot, position).map(|()| MatchStep::On(position)),
            Instruction::Start => Ok(MatchStep::on(self.is_start(position).then_some(position))),
            Instruction::End => Ok(MatchStep::on(self.is_end(position).then_some(position))),
            Instruction::WordBoundary { negated } => {
                Ok(MatchStep::on((self.is_word_boundary(position) != *negated).then_some(position)))
            }
            Instruction::BackReference { group, behind } => self.back_reference(*group, position, *behind),
            Instruction::Look { negated, after } => self.look(address + 1, position, *negated, *after),
            Instruction::Repeat { counter } => self
                .set_counter(*counter, Counter { count: 0, start: position })
                .map(|()| MatchStep::On(position)),
            Instruction::Loop(settings) => self.decide(settings, address, position),
            Instruction::Iterate { counter, slots } => self.iterate(*counter, *slots, position),
            Instruction::Again { counter, min, start } => Ok(self.again(*counter, *min, *start, position)),
            Instruction::Matched => Ok(MatchStep::Done),
        }
    }

    fn forward(&self, position: usize) -> Option<(char, usize)> {
        let character = self.text.get(position..)?.chars().next()?;
        Some((character, position + character.len_utf8()))
    }

    fn backward(&self, position: usize) -> Option<(char, usize)> {
        let character = self.text.get(..position)?.chars().next_back()?;
        Some((character, position - character.len_utf8()))
    }

    #[inline]
    fn one(&self, set: &Set, position: usize, behind: bool) -> Option<usize> {
        if !behind && let Some(byte) = self.text.as_bytes().get(position).filter(|byte| byte.is_ascii()) {
            return set.contains_ascii(*byte).then_some(position + 1);
        }
        let (character, next) = if behind { self.backward(position) } else { self.forward(position) }?;
        set.contains(character).then_some(next)
    }

    /// As many characters as there are, at most `max`: how many, and where that ends.
    fn many(
        &mut self,
        set: &Set,
        max: u32,
        behind: bool,
        mut position: usize,
    ) -> Result<(u32, usize), TooLong> {
        let mut count = 0;
        while count < max
            && let Some(next) = self.one(set, position, behind)
        {
            position = next;
            count += 1;
        }
        self.spend(u64::from(count))?;
        Ok((count, position))
    }

    fn run_of(
        &mut self,
        set: &Set,
        (min, max): (u32, u32),
        (greedy, behind): (bool, bool),
        address: Address,
        start: usize,
    ) -> Result<MatchStep, TooLong> {
        let (count, least) = self.many(set, min, behind, start)?;
        if count < min {
            return Ok(MatchStep::Fail);
        }
        let more = max - min;
        if !greedy {
            if more > 0 {
                self.save(Saved::Longer { address, more, position: least })?;
            }
            return Ok(MatchStep::On(least));
        }
        let (_, position) = self.many(set, more, behind, least)?;
        if position != least {
            self.save(Saved::Shorter { address, least, position })?;
        }
        Ok(MatchStep::On(position))
    }

    fn set_slot(&mut self, slot: usize, position: usize) -> Result<(), TooLong> {
        let Some(place) = self.slots.get_mut(slot) else { return Ok(()) };
        let old = std::mem::replace(place, position);
        self.save(Saved::Slot { slot, position: old })
    }

    fn set_counter(&mut self, counter: usize, value: Counter) -> Result<(), TooLong> {
        let Some(place) = self.counters.get_mut(counter) else { return Ok(()) };
        let old = std::mem::replace(place, value);
        self.save(Saved::Counter { counter, value: old })
    }

    /// Once more, or out of the repetition: what is less wanted is tried when the other way fails.
    fn decide(&mut self, settings: &Loop, address: Address, position: usize) -> Result<MatchStep, TooLong> {
        let count = self.counter(settings.counter).count;
        let (once_more, exit) = (address + 1, settings.exit);
        if count >= settings.max {
            return Ok(MatchStep::To(exit));
        }
        if count < settings.min {
            return Ok(MatchStep::To(once_more));
        }
        let (first, second) = if settings.greedy { (once_more, exit) } else { (exit, once_more) };
        self.save(Saved::Way { address: second, position })?;
        Ok(MatchStep::To(first))
    }

    /// An iteration starts: its groups have matched nothing yet.
    fn iterate(
        &mut self,
        counter: usize,
        slots: (usize, usize),
        position: usize,
    ) -> Result<MatchStep, TooLong> {
        for slot in slots.0..slots.1 {
            if self.slots.get(slot).is_some_and(|place| *place != NOWHERE) {
                self.set_slot(slot, NOWHERE)?;
            }
        }
        let count = self.counter(counter).count.saturating_add(1);
        self.set_counter(counter, Counter { count, start: position })?;
        Ok(MatchStep::On(position))
    }

    /// An iteration ends. One that was not needed must have got on, or there would be no end.
    fn again(&self, counter: usize, min: u32, start: Address, position: usize) -> MatchStep {
        let iteration = self.counter(counter);
        if iteration.start == position && iteration.count > min {
            MatchStep::Fail
        } else {
            MatchStep::To(start)
        }
    }

    fn counter(&self, counter: usize) -> Counter {
        self.counters.get(counter).copied().unwrap_or_default()
    }

    fn is_start(&self, position: usize) -> bool {
        position == 0
            || self.program.multiline && self.backward(position).is_some_and(|(c, _)| is_line_end(c))
    }

    fn is_end(&self, position: usize) -> bool {
        position == self.text.len()
            || self.program.multiline && self.forward(position).is_some_and(|(c, _)| is_line_end(c))
    }

    fn is_word_boundary(&self, position: usize) -> bool {
        let before = self.backward(position).is_some_and(|(character, _)| is_word(character));
        let after = self.forward(position).is_some_and(|(character, _)| is_word(character));
        before != after
    }

    /// The place after what a group has matched, if that is here once more; a group that has not matched is empty.
    fn back_reference(&mut self, group: usize, position: usize, behind: bool) -> Result<MatchStep, TooLong> {
        let (Some(&start), Some(&end)) = (self.slots.get(2 * group), self.slots.get(2 * group + 1)) else {
            return Ok(MatchStep::On(position));
        };
        let Some(wanted) = self.text.get(start..end) else { return Ok(MatchStep::On(position)) };
        self.spend(wanted.len() as u64)?;
        let mut place = position;
        let mut characters = wanted.chars();
        while let Some(character) = if behind { characters.next_back() } else { characters.next() } {
            let here = if behind { self.backward(place) } else { self.forward(place) };
            match here.filter(|(other, _)| self.is_same(*other, character)) {
                Some((_, next)) => place = next,
                None => return Ok(MatchStep::Fail),
            }
        }
        Ok(MatchStep::On(place))
    }

    fn is_same(&self, one: char, other: char) -> bool {
        one == other || self.program.ignore_case && canonical(one) == canonical(other)
    }

    /// Groups keep what they matched in what was found; other ways through it are not tried.
    fn look(
        &mut self,
        body: Address,
        position: usize,
        negated: bool,
        after: Address,
    ) -> Result<MatchStep, TooLong> {
        let floor = self.saved.len();
        let found = self.run(body, position)?.is_some();
        if negated {
            self.undo(floor);
        } else {
            self.forget_ways(floor);
        }
        Ok(if found == negated { MatchStep::Fail } else { MatchStep::To(after) })
    }

    fn undo(&mut self, floor: usize) {
        while self.saved.len() > floor {
            if let Some(saved) = self.saved.pop() {
                self.put_back(&saved);
            }
        }
    }

    fn forget_ways(&mut self, floor: usize) {
        let kept = self.saved.split_off(floor.min(self.saved.len())).into_iter();
        self.saved.extend(kept.filter(|saved| matches!(saved, Saved::Slot { .. } | Saved::Counter { .. })));
    }

    fn put_back(&mut self, saved: &Saved) {
        match *saved {
            Saved::Slot { slot, position } => {
                if let Some(place) = self.slots.get_mut(slot) {
                    *place = position;
                }
            }
            Saved::Counter { counter, value } => {
                if let Some(place) = self.counters.get_mut(counter) {
                    *place = value;
                }
            }
            Saved::Way { .. } | Saved::Shorter { .. } | Saved::Longer { .. } => {}
        }
    }

    /// The latest other way; none above the floor is left if there is none.
    fn go_back(&mut self, floor: usize) -> Option<(Address, usize)> {
        while self.saved.len() > floor {
            let saved = self.saved.pop()?;
            match saved {
                Saved::Way { address, position } => return Some((address, position)),
                Saved::Shorter { address, least, position } => {
                    return Some((address + 1, self.shorter(address, least, position)));
                }
                Saved::Longer { address, more, position } => {
                    if let Some(position) = self.longer(address, more, position) {
                        return Some((address + 1, position));
                    }
                }
                Saved::Slot { .. } | Saved::Counter { .. } => self.put_back(&saved),
            }
        }
        None
    }

    fn shorter(&mut self, address: Address, least: usize, position: usize) -> usize {
        let back = if least < position { self.backward(position) } else { self.forward(position) };
        let position = back.map_or(least, |(_, position)| position);
        if position != least {
            self.saved.push(Saved::Shorter { address, least, position });
        }
        position
    }

    fn longer(&mut self, address: Address, more: u32, position: usize) -> Option<usize> {
        let program = self.program;
        let Some(Instruction::Run { set, behind, .. }) = program.instructions.get(address) else {
            return None;
        };
        let position = self.one(set, position, *behind)?;
        if more > 1 {
            self.saved.push(Saved::Longer { address, more: more - 1, position });
        }
        Some(position)
    }
}

/// What an instruction comes to.
enum MatchStep {
    /// To the next instruction, at a place.
    On(usize),
    /// To another instruction, at the same place.
    To(Address),
    Done,
    Fail,
}

impl MatchStep {
    fn on(position: Option<usize>) -> Self {
        position.map_or(Self::Fail, Self::On)
    }
}
