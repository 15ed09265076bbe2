//! Plots as SVG: ratios as bars from the line of 1, and what compiling takes as lines over the number of states, both on scales of powers.

use super::figures::{Comparison, Size};
use std::fmt::Write as _;

const WIDTH: f64 = 760.0;
const ROW: f64 = 22.0;
const TOP: f64 = 56.0;
/// Where names end and bars begin.
const NAMES: f64 = 250.0;
const RIGHT: f64 = 24.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 76.0;
const BELOW: f64 = 40.0;
const FASTER: &str = "#2e7d4f";
const SLOWER: &str = "#b3541e";
const COLOURS: [&str; 4] = ["#2e7d4f", "#b3541e", "#2b5fa8", "#7a3f9d"];
const GRID: &str = "#d9d9d9";

/// How many times as long as the other side each takes.
pub(super) fn ratios(ratios: &[Comparison]) -> String {
    let height = TOP + ROW * count(ratios.len()) + BELOW / 2.0;
    let mut svg = start(height, "How many times as long as the other side each takes: less is better");
    let logs = ratios.iter().map(|ratio| ratio.ratio.max(1e-3).log10());
    let scale = Scale::new(logs.chain([0.0]), NAMES, WIDTH - RIGHT);
    for power in scale.powers() {
        let x = scale.at(power);
        line(&mut svg, [x, TOP - 8.0, x, height - BELOW / 2.0], GRID);
        text(&mut svg, x, TOP - 14.0, "middle", &label(power));
    }
    let one = scale.at(0.0);
    for (place, ratio) in ratios.iter().enumerate() {
        let y = TOP + ROW * count(place);
        let x = scale.at(ratio.ratio.max(1e-3).log10());
        let colour = if ratio.ratio <= 1.0 { FASTER } else { SLOWER };
        let _ = writeln!(
            svg,
            r#"<rect x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}" fill="{colour}"/>"#,
            x.min(one),
            y + 3.0,
            (x - one).abs().max(1.0),
            ROW - 6.0
        );
        text(&mut svg, NAMES - 8.0, y + ROW / 2.0 + 4.0, "end", &ratio.name);
        // Where the bar is not.
        let (side, anchor) = if x < one { (one + 5.0, "start") } else { (one - 5.0, "end") };
        text(&mut svg, side, y + ROW / 2.0 + 4.0, anchor, &format!("{:.2}", ratio.ratio));
    }
    line(&mut svg, [one, TOP - 8.0, one, height - BELOW / 2.0], "#555555");
    svg + "</svg>\n"
}

/// What compiling takes, by the number of states.
pub(super) fn sizes(sizes: &[Size]) -> String {
    let mut svg = start(HEIGHT, "How long compiling takes, by the number of states");
    let across = Scale::new(sizes.iter().map(|size| size.states.max(1.0).log10()), LEFT, WIDTH - 150.0);
    let up = Scale::new(sizes.iter().map(|size| size.milliseconds.max(1e-3).log10()), HEIGHT - BELOW, TOP);
    for power in across.powers() {
        let x = across.at(power);
        line(&mut svg, [x, TOP, x, HEIGHT - BELOW], GRID);
        text(&mut svg, x, HEIGHT - BELOW + 18.0, "middle", &label(power));
    }
    for power in up.powers() {
        let y = up.at(power);
        line(&mut svg, [LEFT, y, WIDTH - 150.0, y], GRID);
        text(&mut svg, LEFT - 8.0, y + 4.0, "end", &format!("{} ms", label(power)));
    }
    let mut names: Vec<&str> = Vec::new();
    for size in sizes {
        if !names.contains(&size.what.as_str()) {
            names.push(&size.what);
        }
    }
    for (name, colour) in names.into_iter().zip(COLOURS.iter().cycle()) {
        let of_name = sizes.iter().filter(|size| size.what == name);
        let points: Vec<(f64, f64)> = of_name
            .map(|size| (across.at(size.states.max(1.0).log10()), up.at(size.milliseconds.max(1e-3).log10())))
            .collect();
        let path: Vec<_> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(
            svg,
            r#"<polyline points="{}" fill="none" stroke="{colour}" stroke-width="2"/>"#,
            path.join(" ")
        );
        for (x, y) in &points {
            let _ = writeln!(svg, r#"<circle cx="{x:.1}" cy="{y:.1}" r="3" fill="{colour}"/>"#);
        }
        if let Some((x, y)) = points.last() {
            text(&mut svg, x + 10.0, y + 4.0, "start", name);
        }
    }
    svg + "</svg>\n"
}

/// A scale of powers of ten: from which to which, and where these are in the picture.
struct Scale {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// From the whole power below the least of the values to the one above the largest.
    fn new(values: impl Iterator<Item = f64>, start: f64, end: f64) -> Self {
        let (from, to) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(from, to), it| (from.min(it), to.max(it)));
        let from = if from.is_finite() { from.floor() } else { 0.0 };
        Self { from, to: to.ceil().max(from + 1.0), start, end }
    }

    fn at(&self, power: f64) -> f64 {
        self.start + (power - self.from) / (self.to - self.from) * (self.end - self.start)
    }

    fn powers(&self) -> impl Iterator<Item = f64> + use<> {
        let to = self.to;
        std::iter::successors(Some(self.from), move |power| Some(power + 1.0).filter(|next| *next <= to))
    }
}

fn label(power: f64) -> String {
    let digits = if power < 0.0 { 2 } else { 0 };
    let text = format!("{:.digits$}", 10_f64.powf(power));
    if digits > 0 { text.trim_end_matches('0').to_owned() } else { text }
}

fn start(height: f64, title: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"12\" role=\"img\">\n<title>{title}</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
         <text x=\"12\" y=\"18\" fill=\"#222222\" font-weight=\"600\">{title}</text>\n"
    )
}

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, text: &str) {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let _ =
        writeln!(svg, r##"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" fill="#222222">{text}</text>"##);
}

fn line(svg: &mut String, [x, y, to_x, to_y]: [f64; 4], colour: &str) {
    let _ =
        writeln!(svg, r#"<line x1="{x:.1}" y1="{y:.1}" x2="{to_x:.1}" y2="{to_y:.1}" stroke="{colour}"/>"#);
}

#[expect(clippy::cast_precision_loss, reason = "there are few rows")]
const fn count(number: usize) -> f64 {
    number as f64
}
