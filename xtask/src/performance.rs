//! The page of the performance: tables and plots of what `cargo bench` measured.
//!
//! In: the figures that benchmarks have noted (`benches/figures.tsv`). Out: `docs/performance.md` and its pictures. Never measures anything, and
//! judges nothing: a target that was missed is shown as missed.

mod figures;
mod plot;

use figures::{Comparison, Counted, Figures, Run};
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const HEAD: &str = "# Performance

What compiled machines cost beside the same logic by hand, over `serde_json::Value` and as fast as a person would write it; what compiling costs; and what executions
take that wait or are kept. Times depend on the machine. A ratio hardly does: both sides of it were measured in turns.

`cargo bench` measures, and `cargo xtask performance` writes this page; `benches/README.md` explains how, and what the names mean.
";

/// Writes the page and its pictures into a folder.
pub(crate) fn generate(figures: &Path, folder: &Path) -> Result<String, Box<dyn Error>> {
    let text = fs::read_to_string(figures)
        .map_err(|error| format!("`{}` cannot be read: {error}", figures.display()))?;
    let files = files(&Figures::read(&text)?);
    fs::create_dir_all(folder.join("performance"))?;
    for (name, text) in &files {
        fs::write(folder.join(name), text)?;
    }
    Ok(format!("{} files", files.len()))
}

/// The page and its pictures, by their names.
fn files(figures: &Figures) -> Vec<(&'static str, String)> {
    let mut page = String::from(HEAD);
    let mut files = Vec::new();
    let ratios = figures.last_ratios();
    if !ratios.is_empty() {
        page.push_str("\n![How many times as long as the other side each takes](performance/ratios.svg)\n");
        files.push(("performance/ratios.svg", plot::ratios(&ratios)));
    }
    let sizes = figures.sizes();
    if !sizes.is_empty() {
        page.push_str("\n![How long compiling takes, by the number of states](performance/compile.svg)\n");
        files.push(("performance/compile.svg", plot::sizes(&sizes)));
    }
    figures.runs.iter().for_each(|run| write_run(&mut page, run));
    files.insert(0, ("performance.md", page));
    files
}

fn write_run(page: &mut String, run: &Run) {
    let _ = write!(page, "\n## {}\n", run.machine);
    if !run.ratios.is_empty() {
        page.push_str("\n| what | of | takes | beside it | ratio | nine of ten | target |\n| --- | --- | ---: | ---: | ---: | ---: | --- |\n");
        run.ratios.iter().for_each(|ratio| write_ratio(page, ratio));
    }
    if !run.counted.is_empty() {
        page.push_str("\n| instructions of a transition, or of a call of a service | ours | by hand | ratio | target | with four times the data |\n| --- | ---: | ---: | ---: | --- | ---: |\n");
        for Counted { name, ours, by_hand, ratio, target, growth } in &run.counted {
            let growth = growth.map_or_else(String::new, |growth| format!("{growth:.2} times"));
            let target = judged(*ratio, *target, "");
            let _ = writeln!(page, "| {name} | {ours} | {by_hand} | {ratio:.2} | {target} | {growth} |");
        }
    }
    if !run.sizes.is_empty() {
        page.push_str("\n| compiling | states | takes | a state |\n| --- | ---: | ---: | ---: |\n");
        for size in &run.sizes {
            let each = size.milliseconds / size.states * 1e6;
            let _ = writeln!(
                page,
                "| {} | {} | {} | {} |",
                size.what,
                size.states,
                time(size.milliseconds * 1e6),
                time(each)
            );
        }
    }
    if !run.single.is_empty() {
        page.push_str("\n| what | is | target |\n| --- | ---: | --- |\n");
        for single in &run.single {
            let unit = &single.unit;
            let target = judged(single.value, single.target, &format!(" {unit}"));
            let _ = writeln!(page, "| {} | {} {unit} | {target} |", single.name, single.value);
        }
    }
}

fn write_ratio(page: &mut String, ratio: &Comparison) {
    let Comparison { name, unit, ours, other, ratio, between, target } = ratio;
    let between = between.map_or_else(String::new, |(least, most)| format!("{least:.2} to {most:.2}"));
    let _ = writeln!(
        page,
        "| {name} | {unit} | {} | {}, {} | {ratio:.2} | {between} | {} |",
        time(*ours),
        other.0,
        time(other.1),
        judged(*ratio, *target, "")
    );
}

/// How a figure compares with its target.
fn judged(figure: f64, target: Option<f64>, unit: &str) -> String {
    match target {
        Some(target) if figure <= target => format!("{target}{unit}: met"),
        Some(target) => format!("{target}{unit}: **missed**"),
        None => String::new(),
    }
}

/// Nanoseconds, as people say them.
fn time(nanoseconds: f64) -> String {
    let (number, unit) = match nanoseconds {
        ..1e3 => (nanoseconds, "ns"),
        ..1e6 => (nanoseconds / 1e3, "\u{b5}s"),
        ..1e9 => (nanoseconds / 1e6, "ms"),
        _ => (nanoseconds / 1e9, "s"),
    };
    let digits = match number {
        ..10.0 => 2,
        ..100.0 => 1,
        _ => 0,
    };
    format!("{number:.digits$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BENCHES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../benches/figures.tsv");
    const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs");

    #[test]
    fn the_page_shows_the_figures_that_there_are() {
        let figures = Figures::read(&fs::read_to_string(BENCHES).unwrap()).unwrap();
        for (name, text) in files(&figures) {
            let there = fs::read_to_string(Path::new(DOCS).join(name)).unwrap();
            assert!(there == text, "docs/{name} is out of date: run `cargo xtask performance`");
        }
    }

    #[test]
    fn figures_become_rows_and_marks() {
        let text = "# a comment\nmachine\tTwo cores\n\
                    ratio\tloop\ttransition\t49.8\tby hand\t54.7\t0.92\t0.83\t1.05\t1.5\n\
                    ratio\ttasks\ttransition\t1577.5\tby hand\t157.1\t10.04\t\t\t2\n\
                    size\tcompiler\t10\t1.2\nsize\tcompiler\t1000\t61\n\
                    instructions\tloop\t805\t936\t0.86\t1.5\t1.00\n\
                    single\texecutions that wait\t1417\tbytes\t1024\n";
        let files = files(&Figures::read(text).unwrap());
        let (name, page) = &files[0];
        assert_eq!(*name, "performance.md");
        for row in [
            "## Two cores",
            "| loop | transition | 49.8 ns | by hand, 54.7 ns | 0.92 | 0.83 to 1.05 | 1.5: met |",
            "| tasks | transition | 1.58 \u{b5}s | by hand, 157 ns | 10.04 |  | 2: **missed** |",
            "| loop | 805 | 936 | 0.86 | 1.5: met | 1.00 times |",
            "| compiler | 1000 | 61.0 ms | 61.0 \u{b5}s |",
            "| executions that wait | 1417 bytes | 1024 bytes: **missed** |",
        ] {
            assert!(page.contains(row), "{row} is not in {page}");
        }
        assert_eq!(
            files.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            ["performance.md", "performance/ratios.svg", "performance/compile.svg"]
        );
        assert!(files[1].1.contains(">loop</text>") && files[2].1.contains(">compiler</text>"));
    }

    #[test]
    fn what_is_measured_again_takes_its_place() {
        let row = |machine: &str, ratio: &str| {
            format!("machine\t{machine}\nratio\tloop\ttransition\t1\tby hand\t2\t{ratio}\t\t\t\n")
        };
        let again = Figures::read(&(row("a", "0.5") + &row("a", "0.6"))).unwrap();
        assert_eq!((again.runs.len(), again.last_ratios()[0].ratio), (1, 0.6));
        let other = Figures::read(&(row("a", "0.5") + &row("b", "0.6"))).unwrap();
        assert_eq!((other.runs.len(), other.last_ratios().len()), (2, 1));
    }

    #[test]
    fn lines_that_make_no_sense_are_named() {
        let refused = |text: &str| Figures::read(text).err().map(|error| error.to_string());
        assert_eq!(refused("ratio\tloop\n").as_deref(), Some("line 1: no `machine` comes before it"));
        let broken = "machine\ta\nratio\tloop\ttransition\tfast\n";
        assert_eq!(refused(broken).as_deref(), Some("line 2: `fast` is not a number"));
        assert_eq!(refused("machine\ta\nfigure\t1\n").as_deref(), Some("line 2: there are no rows `figure`"));
    }
}
