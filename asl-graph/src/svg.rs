//! The picture as SVG.

mod badge;
mod glyphs;
mod icons;
mod lines;
mod painter;
mod text;
mod theme;
mod updates;

pub use badge::{duration, grouped};
pub use theme::Theme;
pub use updates::updates;

use crate::layout::{Drawing, lay_out};
use crate::model::{Graph, State};
use crate::summary::Summary;
use painter::Painter;
use std::fmt::Write as _;
use text::escaped;

/// How a picture belongs to the page that it is part of.
pub struct Page<'p> {
    /// What its ids begin with, so that there can be several pictures on a page.
    pub prefix: &'p str,
    /// Where the link of a state leads to: any text, which is escaped.
    pub link: &'p dyn Fn(&State) -> String,
    /// The state that is looked at.
    pub selected: Option<&'p str>,
}

impl std::fmt::Debug for Page<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Page")
            .field("prefix", &self.prefix)
            .field("selected", &self.selected)
            .finish_non_exhaustive()
    }
}

/// Between two pictures side by side, and the height of what is said above each.
const GAP: f64 = 24.0;
const CAPTION: f64 = 28.0;

/// A machine that is laid out: where everything is in its pictures, whatever happens in its executions. Laying out is the larger part of the work of a picture.
#[derive(Clone, Debug)]
pub struct Layout(Drawing);

impl Layout {
    /// Lays out a machine.
    ///
    /// ```
    /// use asl_graph::{Layout, Summary, Theme, model};
    /// use asl_compiler::{Options, source::SourceFile};
    ///
    /// let source = SourceFile::new("a.asl.json", r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#);
    /// let definition = asl_compiler::read(&source, &Options::default()).expect("JSON");
    /// let layout = Layout::of(&model::read(&definition));
    /// assert!(layout.svg("A machine", None, Theme::Auto).contains("state succeed"));
    /// ```
    #[must_use]
    pub fn of(graph: &Graph) -> Self {
        Self(lay_out(graph))
    }

    /// The picture of a machine, and of an execution of it if there is one: a file without anything beside it, for light and dark.
    #[must_use]
    pub fn svg(&self, title: &str, execution: Option<&Summary>, theme: Theme) -> String {
        let style = format!("<title>{}</title>\n<style>{}</style>\n", escaped(title), theme::css(theme));
        paint(&self.0, "role=\"img\"", &style, execution, None, "asl-")
    }

    /// Two pictures side by side, each with what is said above it: such as an execution, and what tests have used ([`Summary::of_coverage`]).
    #[must_use]
    pub fn side_by_side(&self, title: &str, pictures: [(&str, &Summary); 2], theme: Theme) -> String {
        let (wide, high) = (self.0.width.ceil(), self.0.height.ceil());
        let (across, down) = (wide * 2.0 + GAP, high + CAPTION);
        let mut text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {across} {down}\" width=\"{across}\" height=\"{down}\" role=\"img\" class=\"asl\">\n\
             <title>{}</title>\n<style>{}</style>\n<rect class=\"ground\" width=\"{across}\" height=\"{down}\"/>\n",
            escaped(title),
            theme::css(theme)
        );
        for ((caption, summary), (prefix, left)) in
            pictures.into_iter().zip([("asl-left-", 0.0), ("asl-right-", wide + GAP)])
        {
            let (caption, middle) = (escaped(caption), left + wide / 2.0);
            let picture = paint(&self.0, "role=\"presentation\"", "", Some(summary), None, prefix);
            let _ = write!(
                text,
                "<text class=\"title\" font-size=\"14\" text-anchor=\"middle\" x=\"{middle:.1}\" y=\"{}\">{caption}</text>\n\
                 <g transform=\"translate({left} {CAPTION})\">\n{picture}</g>\n",
                CAPTION * 0.75
            );
        }
        text.push_str("</svg>\n");
        text
    }

    /// The same as part of a page, whose style sheet colours it by its classes: there is no style in it. Each state is a link.
    ///
    /// Ids, behind the prefix: `s` and the number of a state for its group, `w` and `l` and that of a transition for its line and its label, `i` and the number of the
    /// first state of a scope for the line from its start; and the signs `run`, `retry`, `ok`, `warn`, `bad` and `off`.
    #[must_use]
    pub fn svg_for_page(&self, title: &str, execution: Option<&Summary>, page: &Page<'_>) -> String {
        let named = format!("role=\"group\" aria-label=\"{}\"", escaped(title));
        paint(&self.0, &named, "", execution, Some(page), page.prefix)
    }
}

/// The picture of a machine as a file: [`Layout::svg`].
#[must_use]
pub fn svg(graph: &Graph, title: &str, execution: Option<&Summary>, theme: Theme) -> String {
    Layout::of(graph).svg(title, execution, theme)
}

/// The picture of a machine as part of a page: [`Layout::svg_for_page`].
#[must_use]
pub fn svg_for_page(graph: &Graph, title: &str, execution: Option<&Summary>, page: &Page<'_>) -> String {
    Layout::of(graph).svg_for_page(title, execution, page)
}

fn paint(
    drawing: &Drawing,
    named: &str,
    style: &str,
    execution: Option<&Summary>,
    page: Option<&Page<'_>>,
    prefix: &str,
) -> String {
    let (wide, high) = (drawing.width.ceil(), drawing.height.ceil());
    let class = if execution.is_some() { "asl exec" } else { "asl" };
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" width=\"{wide}\" height=\"{high}\" {named} class=\"{class}\">\n{style}<defs>{}",
        markers(prefix)
    );
    if execution.is_some() {
        text.push_str(&glyphs::definitions(prefix));
    }
    let _ = writeln!(text, "</defs>\n<rect class=\"ground\" width=\"{wide}\" height=\"{high}\"/>");
    let mut painter = Painter::new(text, execution, page, prefix);
    painter.drawing(drawing);
    painter.finish()
}

/// Heads of arrows, one a colour.
fn markers(prefix: &str) -> String {
    let mut text = String::new();
    for (name, size, class) in [("a", 7, "head"), ("c", 7, "head caught"), ("t", 6, "head taken")] {
        let _ = write!(
            text,
            "<marker id=\"{prefix}{name}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"{size}\" markerHeight=\"{size}\" orient=\"auto\"><path class=\"{class}\" d=\"M0 0.6 8 4 0 7.4Z\"/></marker>"
        );
    }
    text
}
