//! What benchmarks have noted: a row for each figure, in columns that tabs separate.

use std::error::Error;

/// All that was measured.
#[derive(Debug, Default)]
pub(super) struct Figures {
    /// By the machine, in the order of the file.
    pub(super) runs: Vec<Run>,
}

/// What was measured on a machine.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub(super) machine: String,
    pub(super) ratios: Vec<Comparison>,
    pub(super) sizes: Vec<Size>,
    pub(super) single: Vec<Single>,
    pub(super) counted: Vec<Counted>,
}

/// The instructions of a transition.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    pub(super) name: String,
    pub(super) ours: f64,
    pub(super) by_hand: f64,
    pub(super) ratio: f64,
    pub(super) target: Option<f64>,
    /// How many times as many they are with four times the data.
    pub(super) growth: Option<f64>,
}

/// Something beside something else, in nanoseconds.
#[derive(Clone, Debug)]
pub(super) struct Comparison {
    pub(super) name: String,
    /// What takes so long.
    pub(super) unit: String,
    pub(super) ours: f64,
    /// The name of the other side, and what it takes.
    pub(super) other: (String, f64),
    pub(super) ratio: f64,
    /// Nine of ten ratios are between these.
    pub(super) between: Option<(f64, f64)>,
    pub(super) target: Option<f64>,
}

/// What compiling so many states takes.
#[derive(Clone, Debug)]
pub(super) struct Size {
    pub(super) what: String,
    pub(super) states: f64,
    pub(super) milliseconds: f64,
}

/// A figure alone.
#[derive(Clone, Debug)]
pub(super) struct Single {
    pub(super) name: String,
    pub(super) value: f64,
    pub(super) unit: String,
    pub(super) target: Option<f64>,
}

impl Figures {
    /// Reads a file. What was measured again on the same machine takes the place of what it was.
    pub(super) fn read(text: &str) -> Result<Self, Box<dyn Error>> {
        let mut figures = Self::default();
        let mut at = None;
        for (line, number) in text.lines().zip(1..) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let row = Row { cells: line.split('\t').collect() };
            if row.text(0) == "machine" {
                at = Some(figures.run(row.text(1)));
                continue;
            }
            let run = at.and_then(|at: usize| figures.runs.get_mut(at));
            let run = run.ok_or_else(|| format!("line {number}: no `machine` comes before it"))?;
            run.add(&row).map_err(|reason| format!("line {number}: {reason}"))?;
        }
        Ok(figures)
    }

    fn run(&mut self, machine: &str) -> usize {
        let place = self.runs.iter().position(|run| run.machine == machine);
        place.unwrap_or_else(|| {
            self.runs.push(Run { machine: machine.to_owned(), ..Run::default() });
            self.runs.len() - 1
        })
    }

    /// Of each comparison the one that was measured last.
    pub(super) fn last_ratios(&self) -> Vec<Comparison> {
        let mut last = Vec::new();
        for ratio in self.runs.iter().flat_map(|run| &run.ratios) {
            put(&mut last, ratio.clone(), |one, other| one.name == other.name);
        }
        last
    }

    /// Of each size the one that was measured last.
    pub(super) fn sizes(&self) -> Vec<Size> {
        let mut last = Vec::new();
        for size in self.runs.iter().flat_map(|run| &run.sizes) {
            put(&mut last, size.clone(), is_same_size);
        }
        last
    }
}

impl Run {
    fn add(&mut self, row: &Row<'_>) -> Result<(), String> {
        match row.text(0) {
            "ratio" => {
                let comparison = Comparison {
                    name: row.text(1).to_owned(),
                    unit: row.text(2).to_owned(),
                    ours: row.number(3)?,
                    other: (row.text(4).to_owned(), row.number(5)?),
                    ratio: row.number(6)?,
                    between: row.known(7)?.zip(row.known(8)?),
                    target: row.known(9)?,
                };
                put(&mut self.ratios, comparison, |one, other| one.name == other.name);
            }
            "size" => {
                let size = Size {
                    what: row.text(1).to_owned(),
                    states: row.number(2)?,
                    milliseconds: row.number(3)?,
                };
                put(&mut self.sizes, size, is_same_size);
            }
            "single" => {
                let single = Single {
                    name: row.text(1).to_owned(),
                    value: row.number(2)?,
                    unit: row.text(3).to_owned(),
                    target: row.known(4)?,
                };
                put(&mut self.single, single, |one, other| one.name == other.name);
            }
            "instructions" => {
                let counted = Counted {
                    name: row.text(1).to_owned(),
                    ours: row.number(2)?,
                    by_hand: row.number(3)?,
                    ratio: row.number(4)?,
                    target: row.known(5)?,
                    growth: row.known(6)?,
                };
                put(&mut self.counted, counted, |one, other| one.name == other.name);
            }
            other => return Err(format!("there are no rows `{other}`")),
        }
        Ok(())
    }
}

fn is_same_size(one: &Size, other: &Size) -> bool {
    one.what == other.what && one.states.total_cmp(&other.states).is_eq()
}

/// Puts something into a list, in the place of what is the same there.
fn put<T>(list: &mut Vec<T>, new: T, is_same: impl Fn(&T, &T) -> bool) {
    match list.iter_mut().find(|there| is_same(there, &new)) {
        Some(there) => *there = new,
        None => list.push(new),
    }
}

struct Row<'t> {
    cells: Vec<&'t str>,
}

impl<'t> Row<'t> {
    /// A cell; one that is not there is empty.
    fn text(&self, at: usize) -> &'t str {
        self.cells.get(at).copied().unwrap_or_default()
    }

    fn number(&self, at: usize) -> Result<f64, String> {
        let text = self.text(at);
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        number.ok_or_else(|| format!("`{text}` is not a number"))
    }

    /// A number that need not be there.
    fn known(&self, at: usize) -> Result<Option<f64>, String> {
        if self.text(at).is_empty() { Ok(None) } else { self.number(at).map(Some) }
    }
}
