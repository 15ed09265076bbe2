//! A cell for each child execution of a Map Run, or for each iteration of a Map, in their order: where failures are shows what they share.

use crate::console::story::Progress;
use crate::console::words;
use asl_runtime::Status;
use maud::{Markup, html};
use std::fmt::Write;

/// So many cells are drawn; where there are more of what they are for, a cell is several, and shows the worst of them.
pub(crate) const CELLS: usize = 20_000;
/// The size of a cell, with the gap to the next one.
const CELL: usize = 5;

/// The status of one, from the worst to the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cell {
    Bad,
    Running,
    Stopped,
    /// It has not begun.
    Pending,
    Well,
}

impl From<Progress> for Cell {
    fn from(progress: Progress) -> Self {
        match progress {
            Progress::Running | Progress::Retrying => Self::Running,
            Progress::Succeeded | Progress::Caught => Self::Well,
            Progress::Failed | Progress::TimedOut => Self::Bad,
            Progress::Aborted => Self::Stopped,
        }
    }
}

impl From<Status> for Cell {
    fn from(status: Status) -> Self {
        Progress::from(status).into()
    }
}

impl Cell {
    const ALL: [Self; 5] = [Self::Well, Self::Pending, Self::Stopped, Self::Running, Self::Bad];

    const fn class(self) -> &'static str {
        match self {
            Self::Bad => "bad",
            Self::Running => "run",
            Self::Stopped => "off",
            Self::Pending => "none",
            Self::Well => "ok",
        }
    }
}

/// What cells are for, and where they lead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grid<'g> {
    /// `execution`
    pub(crate) of: &'g str,
    /// The address of one of them, but for its number at the end; without it they lead nowhere.
    pub(crate) address: Option<&'g str>,
    /// The number of the first one.
    pub(crate) first: usize,
    /// So many have begun, and can be looked at.
    pub(crate) begun: usize,
    /// So many cells are drawn at most.
    pub(crate) most: usize,
}

/// The cells in a frame that scrolls, where there is less room than they need to be told apart.
pub(crate) fn framed(each: &[Cell], grid: &Grid<'_>) -> Markup {
    html! { div.in.scrolls tabindex="0" role="region" aria-label="Cells, scrollable" { (cells(each, grid)) } }
}

/// The cells.
pub(crate) fn cells(each: &[Cell], grid: &Grid<'_>) -> Markup {
    let of_one = each.len().div_ceil(grid.most).max(1);
    let cells: Vec<_> =
        each.chunks(of_one).map(|some| some.iter().min().copied().unwrap_or(Cell::Pending)).collect();
    let columns = columns(cells.len());
    let rows = cells.len().div_ceil(columns);
    let bad = each.iter().filter(|cell| **cell == Cell::Bad).count() as u64;
    let said = format!(
        "{}, {} failed, a cell for each {}",
        words::count(each.len() as u64, grid.of),
        words::number(bad),
        if of_one == 1 { "in order".to_owned() } else { format!("{of_one} in order") }
    );
    html! {
        svg.cells viewBox={ "0 0 " (columns * CELL) " " (rows * CELL) } style={ "max-width:" (columns * 20) "px;--least:" (columns * 3) "px" } role="img" aria-label=(said) data-columns=(columns) data-each=(of_one) data-first=(grid.first) data-count=(grid.begun) data-address=[grid.address] {
            @for kind in Cell::ALL {
                @let path = path(&cells, kind, columns);
                @if !path.is_empty() { path class=(kind.class()) d=(path) {} }
            }
        }
    }
}

/// Many cells have long rows, and few are as large as they can be.
const fn columns(cells: usize) -> usize {
    match cells {
        0..=50 => 25,
        51..=1_000 => 50,
        _ => 200,
    }
}

/// All cells of a kind, as strokes through the middle of their rows. Those beside each other are one stroke, so that ten thousand that went well take no room
/// on the wire; and what is between strokes is a step, so that those that come and go take little.
fn path(cells: &[Cell], kind: Cell, columns: usize) -> String {
    let mut path = String::new();
    // What failed is wider than its place: one in ten thousand is seen.
    let gap = if kind == Cell::Bad { 0 } else { 1 };
    for (row, cells) in cells.chunks(columns).enumerate() {
        let (mut at, mut pen) = (0, None);
        for same in cells.chunk_by(|one, next| (*one == kind) == (*next == kind)) {
            if same.first() == Some(&kind) {
                let (x, width) = (at * CELL + gap, same.len() * CELL - gap);
                // Writing to a text does not fail.
                let _ = match pen {
                    None => write!(path, "M{x} {}.5h{width}", row * CELL + CELL / 2),
                    Some(pen) => write!(path, "m{} 0h{width}", x - pen),
                };
                pen = Some(x + width);
            }
            at += same.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRID: Grid<'static> =
        Grid { of: "execution", address: Some("/map-runs?item="), first: 1, begun: 10_000, most: CELLS };

    #[test]
    fn one_failure_in_ten_thousand_is_a_path_by_itself() {
        let mut each = vec![Cell::Well; 10_000];
        each[4_117] = Cell::Bad;
        let shown = cells(&each, &GRID).into_string();
        assert!(shown.contains("10,000 executions, 1 failed, a cell for each in order"), "{shown}");
        // In the row of 4,000 to 4,199, at the place 117.
        assert!(shown.contains(r#"class="bad" d="M585 102.5h5""#), "{shown}");
        assert!(shown.len() < 3_000, "{}", shown.len());
    }

    #[test]
    fn cells_that_come_and_go_take_little_as_well() {
        let each: Vec<_> =
            (0..10_000).map(|place| if place % 2 == 0 { Cell::Well } else { Cell::Bad }).collect();
        let shown = cells(&each, &GRID).into_string();
        assert!(shown.len() < 80_000, "{}", shown.len());
        assert!(shown.contains("M1 2.5h4m6 0h4"), "{shown}");
    }

    #[test]
    fn a_cell_of_many_shows_the_worst() {
        let mut each = vec![Cell::Well; 50_010];
        each[49_999] = Cell::from(Status::TimedOut);
        let shown = cells(&each, &GRID).into_string();
        assert!(
            shown.contains(r#"data-each="3""#) && shown.contains("50,010 executions, 1 failed"),
            "{shown}"
        );
        assert_eq!(shown.matches(r#"class="bad""#).count(), 1);
    }

    #[test]
    fn nothing_is_no_cell() {
        assert!(!cells(&[], &GRID).into_string().contains("<path"));
        assert!(cells(&[Cell::Pending; 3], &GRID).into_string().contains(r#"class="none""#));
    }
}
