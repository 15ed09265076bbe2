//! A regular expression as a program: a list of instructions that jump among each other.

use super::set::Set;
use asl_language::regex::{Class, ClassItem, Look, Regex, RegexNode, Repeat};

#[derive(Debug)]
pub(super) struct Program {
    pub(super) instructions: Vec<Instruction>,
    pub(super) groups: usize,
    pub(super) counters: usize,
    pub(super) ignore_case: bool,
    pub(super) multiline: bool,
    /// The text that every match starts with, as far as it is known.
    pub(super) prefix: String,
    /// Whether a match can only start where the text starts.
    pub(super) anchored: bool,
}

/// Where an instruction is.
pub(super) type Address = usize;

#[derive(Debug)]
pub(super) enum Instruction {
    /// A character of a set.
    One {
        set: Set,
        behind: bool,
    },
    /// As many characters of a set as there are, or as few as will do.
    Run {
        set: Set,
        min: u32,
        max: u32,
        greedy: bool,
        behind: bool,
    },
    Jump(Address),
    /// The first way, and if it fails the second.
    Split {
        first: Address,
        second: Address,
    },
    /// The place is where a group starts or ends.
    Save {
        slot: usize,
    },
    Start,
    End,
    WordBoundary {
        negated: bool,
    },
    BackReference {
        group: usize,
        behind: bool,
    },
    /// What follows, up to `Matched`, without moving on; then `after`.
    Look {
        negated: bool,
        after: Address,
    },
    /// A repetition starts.
    Repeat {
        counter: usize,
    },
    /// Once more, or out of the repetition.
    Loop(Loop),
    /// An iteration starts; the groups in these slots forget what they matched.
    Iterate {
        counter: usize,
        slots: (usize, usize),
    },
    /// The end of the body of a repetition, whose `Loop` is at `start`.
    Again {
        counter: usize,
        min: u32,
        start: Address,
    },
    Matched,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Loop {
    pub(super) counter: usize,
    pub(super) min: u32,
    pub(super) max: u32,
    pub(super) greedy: bool,
    pub(super) exit: Address,
}

impl Program {
    pub(super) fn new(regex: &Regex, ignore_case: bool, multiline: bool) -> Self {
        let mut writer = Writer { instructions: Vec::new(), counters: 0, ignore_case, behind: false };
        writer.node(&regex.node);
        writer.push(Instruction::Matched);
        Self {
            instructions: writer.instructions,
            groups: regex.groups as usize,
            counters: writer.counters,
            ignore_case,
            multiline,
            prefix: if ignore_case { String::new() } else { prefix(&regex.node) },
            anchored: !multiline && starts_at_start(&regex.node),
        }
    }
}

fn prefix(node: &RegexNode) -> String {
    let nodes = if let RegexNode::Sequence(nodes) = node { nodes } else { std::slice::from_ref(node) };
    let character =
        |node: &RegexNode| if let RegexNode::Character(character) = node { Some(*character) } else { None };
    nodes.iter().map_while(character).collect()
}

fn starts_at_start(node: &RegexNode) -> bool {
    match node {
        RegexNode::Start => true,
        RegexNode::Sequence(nodes) => nodes.first().is_some_and(starts_at_start),
        RegexNode::Group(_, body) => starts_at_start(body),
        RegexNode::Empty
        | RegexNode::Character(_)
        | RegexNode::Any
        | RegexNode::Class(_)
        | RegexNode::End => false,
        RegexNode::WordBoundary { .. } | RegexNode::BackReference(_) | RegexNode::Alternatives(_) => false,
        RegexNode::Look(_) | RegexNode::Repeat(_) => false,
    }
}

struct Writer {
    instructions: Vec<Instruction>,
    counters: usize,
    ignore_case: bool,
    /// Whether the text is read backwards, as it is for `(?<=..)`.
    behind: bool,
}

impl Writer {
    fn push(&mut self, instruction: Instruction) -> Address {
        self.instructions.push(instruction);
        self.instructions.len() - 1
    }

    const fn here(&self) -> Address {
        self.instructions.len()
    }

    fn set(&mut self, address: Address, instruction: Instruction) {
        if let Some(place) = self.instructions.get_mut(address) {
            *place = instruction;
        }
    }

    fn node(&mut self, node: &RegexNode) {
        if let Some(class) = class_of(node) {
            let (set, behind) = (Set::new(class, self.ignore_case), self.behind);
            self.push(Instruction::One { set, behind });
            return;
        }
        match node {
            RegexNode::Start => drop(self.push(Instruction::Start)),
            RegexNode::End => drop(self.push(Instruction::End)),
            RegexNode::WordBoundary { negated } => {
                self.push(Instruction::WordBoundary { negated: *negated });
            }
            RegexNode::BackReference(group) => {
                let (group, behind) = (*group as usize, self.behind);
                self.push(Instruction::BackReference { group, behind });
            }
            RegexNode::Sequence(nodes) if self.behind => nodes.iter().rev().for_each(|node| self.node(node)),
            RegexNode::Sequence(nodes) => nodes.iter().for_each(|node| self.node(node)),
            RegexNode::Alternatives(nodes) => self.alternatives(nodes),
            RegexNode::Group(number, body) => self.group(*number as usize, body),
            RegexNode::Look(look) => self.look(look),
            RegexNode::Repeat(repeat) => self.repeat(repeat),
            RegexNode::Empty | RegexNode::Character(_) | RegexNode::Any | RegexNode::Class(_) => {}
        }
    }

    fn alternatives(&mut self, nodes: &[RegexNode]) {
        let mut ends = Vec::with_capacity(nodes.len());
        let Some((last, others)) = nodes.split_last() else { return };
        for node in others {
            let split = self.push(Instruction::Matched);
            self.node(node);
            ends.push(self.push(Instruction::Matched));
            let second = self.here();
            self.set(split, Instruction::Split { first: split + 1, second });
        }
        self.node(last);
        let after = self.here();
        for end in ends {
            self.set(end, Instruction::Jump(after));
        }
    }

    fn group(&mut self, number: usize, body: &RegexNode) {
        let (start, end) = (2 * number, 2 * number + 1);
        let (first, second) = if self.behind { (end, start) } else { (start, end) };
        self.push(Instruction::Save { slot: first });
        self.node(body);
        self.push(Instruction::Save { slot: second });
    }

    fn look(&mut self, look: &Look) {
        let address = self.push(Instruction::Matched);
        let outside = std::mem::replace(&mut self.behind, look.behind);
        self.node(&look.body);
        self.behind = outside;
        self.push(Instruction::Matched);
        let after = self.here();
        self.set(address, Instruction::Look { negated: look.negated, after });
    }

    fn repeat(&mut self, repeat: &Repeat) {
        let (min, max, greedy) = (repeat.min, repeat.max.unwrap_or(u32::MAX), repeat.greedy);
        if let Some(class) = class_of(&repeat.body) {
            let (set, behind) = (Set::new(class, self.ignore_case), self.behind);
            self.push(Instruction::Run { set, min, max, greedy, behind });
            return;
        }
        let counter = self.counters;
        self.counters += 1;
        self.push(Instruction::Repeat { counter });
        let start = self.push(Instruction::Matched);
        let slots = (2 * repeat.first_group as usize, 2 * repeat.end_group as usize);
        self.push(Instruction::Iterate { counter, slots });
        self.node(&repeat.body);
        self.push(Instruction::Again { counter, min, start });
        let exit = self.here();
        self.set(start, Instruction::Loop(Loop { counter, min, max, greedy, exit }));
    }
}

/// The characters that a node takes, if it always takes one.
fn class_of(node: &RegexNode) -> Option<Class> {
    match node {
        RegexNode::Character(character) => {
            Some(Class { negated: false, items: vec![ClassItem::Range(*character, *character)] })
        }
        RegexNode::Any => {
            let items = ['\n', '\r', '\u{2028}', '\u{2029}'].map(|end| ClassItem::Range(end, end));
            Some(Class { negated: true, items: items.to_vec() })
        }
        RegexNode::Class(class) => Some(class.clone()),
        RegexNode::Empty
        | RegexNode::Start
        | RegexNode::End
        | RegexNode::WordBoundary { .. }
        | RegexNode::BackReference(_) => None,
        RegexNode::Sequence(_) | RegexNode::Alternatives(_) | RegexNode::Group(..) => None,
        RegexNode::Look(_) | RegexNode::Repeat(_) => None,
    }
}
