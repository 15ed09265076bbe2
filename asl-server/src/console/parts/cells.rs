//! A cell for each child execution of a Map Run, in the order of the items: where failures are shows what they share.

use crate::console::words;
use asl_durable::Outline;
use asl_runtime::Status;
use maud::{Markup, html};
use std::fmt::Write;

/// So many cells are drawn; where there are more children, a cell is several, and shows the worst of them.
const CELLS: usize = 20_000;
/// The size of a cell, with the gap to the next one.
const CELL: usize = 5;

/// How a child stands, from the worst to the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cell {
    Bad,
    Running,
    Stopped,
    Pending,
    Well,
}

impl Cell {
    const ALL: [Self; 5] = [Self::Well, Self::Pending, Self::Stopped, Self::Running, Self::Bad];

    const fn of(status: Status) -> Self {
        match status {
            Status::Running => Self::Running,
            Status::Succeeded => Self::Well,
            Status::Failed | Status::TimedOut => Self::Bad,
            Status::Aborted => Self::Stopped,
        }
    }

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

/// The cells, of children that have begun and of so many that have not.
pub(crate) fn cells(children: &[Outline], pending: u64) -> Markup {
    let waiting =
        std::iter::repeat_n(Cell::Pending, usize::try_from(pending).unwrap_or(usize::MAX).min(CELLS));
    let each: Vec<_> = children.iter().map(|child| Cell::of(child.status)).chain(waiting).collect();
    let of_one = each.len().div_ceil(CELLS).max(1);
    let cells: Vec<_> =
        each.chunks(of_one).map(|some| some.iter().min().copied().unwrap_or(Cell::Pending)).collect();
    let columns = columns(cells.len());
    let rows = cells.len().div_ceil(columns);
    let bad = each.iter().filter(|cell| **cell == Cell::Bad).count() as u64;
    let said = format!(
        "{}, {} failed, a cell for each {}",
        words::count(each.len() as u64, "execution"),
        words::number(bad),
        if of_one == 1 { "in order".to_owned() } else { format!("{of_one} in order") }
    );
    html! {
        svg.cells viewBox={ "0 0 " (columns * CELL) " " (rows * CELL) } style={ "max-width:" (columns * 20) "px" } role="img" aria-label=(said) data-columns=(columns) data-each=(of_one) data-count=(children.len()) {
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

/// All cells of a kind. Those beside each other are one piece, so that ten thousand that went well take no room on the wire.
fn path(cells: &[Cell], kind: Cell, columns: usize) -> String {
    let mut path = String::new();
    // What failed is larger than its place: one in ten thousand is seen.
    let (inset, size) = if kind == Cell::Bad { (0, CELL) } else { (1, CELL - 1) };
    for (row, cells) in cells.chunks(columns).enumerate() {
        let mut at = 0;
        for same in cells.chunk_by(|one, next| (*one == kind) == (*next == kind)) {
            if same.first() == Some(&kind) {
                let (x, y) = (at * CELL + inset, row * CELL + inset);
                let width = same.len() * CELL - inset;
                // Writing to a text does not fail.
                let _ = write!(path, "M{x} {y}h{width}v{size}h-{width}z");
            }
            at += same.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child(status: Status) -> Outline {
        Outline { arn: "arn".into(), status }
    }

    #[test]
    fn one_failure_in_ten_thousand_is_a_path_of_its_own() {
        let mut children = vec![child(Status::Succeeded); 10_000];
        children[4_117] = child(Status::Failed);
        let shown = cells(&children, 0).into_string();
        assert!(shown.contains("10,000 executions, 1 failed"), "{shown}");
        // Row 20, column 117.
        assert!(shown.contains(r#"<path class="bad" d="M585 100h5v5h-5z">"#), "{shown}");
        assert!(shown.len() < 5_000, "{}", shown.len());
    }

    #[test]
    fn a_cell_of_many_shows_the_worst() {
        let mut children = vec![child(Status::Succeeded); 50_000];
        children[49_999] = child(Status::TimedOut);
        let shown = cells(&children, 10).into_string();
        assert!(
            shown.contains(r#"data-each="3""#) && shown.contains("50,010 executions, 1 failed"),
            "{shown}"
        );
        assert_eq!(shown.matches(r#"class="bad""#).count(), 1);
    }

    #[test]
    fn nothing_is_no_cell() {
        assert!(!cells(&[], 0).into_string().contains("<path"));
        assert!(cells(&[], 3).into_string().contains(r#"class="none""#));
    }
}
