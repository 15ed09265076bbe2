//! The text format that a Prometheus server reads (Prometheus, "Exposition formats").

use super::registry::{Registry, Series, lock, record};
use metrics::HistogramFn;
use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex};

/// Collects metrics, and returns them as the text of a page for Prometheus: `aws_states_executions_started_total`,
/// `aws_states_execution_time_milliseconds`. What it keeps does not grow with the number of executions.
#[derive(Clone, Default)]
pub struct Prometheus {
    registry: Arc<Registry<Values>>,
}

/// The upper bounds of the buckets, in milliseconds.
const BOUNDS: [f64; 16] = [
    1.0,
    2.5,
    5.0,
    10.0,
    25.0,
    50.0,
    100.0,
    250.0,
    500.0,
    1000.0,
    2500.0,
    5000.0,
    10_000.0,
    60_000.0,
    600_000.0,
    3_600_000.0,
];

#[derive(Default)]
struct Values(Mutex<Buckets>);

#[derive(Clone, Default)]
struct Buckets {
    /// How many values each bound is not passed by.
    counts: [u64; BOUNDS.len()],
    count: u64,
    sum: f64,
}

impl HistogramFn for Values {
    fn record(&self, value: f64) {
        let mut buckets = lock(&self.0);
        buckets.count += 1;
        buckets.sum += value;
        for (count, bound) in buckets.counts.iter_mut().zip(BOUNDS) {
            if value <= bound {
                *count += 1;
            }
        }
    }
}

record!(Prometheus);

impl Prometheus {
    /// The page.
    #[must_use]
    pub fn render(&self) -> String {
        let mut page = String::new();
        let mut last = String::new();
        for (series, count) in self.registry.counters() {
            let name = format!("{}_total", name(&series.name));
            head(&mut page, &mut last, &name, "counter");
            let _ = writeln!(page, "{name}{} {}", labels(&series, None), count.total());
        }
        for (series, values) in self.registry.histograms() {
            let name = format!("{}_milliseconds", name(&series.name));
            head(&mut page, &mut last, &name, "histogram");
            let buckets = lock(&values.0).clone();
            for (count, bound) in buckets.counts.iter().zip(BOUNDS) {
                let _ = writeln!(page, "{name}_bucket{} {count}", labels(&series, Some(&bound.to_string())));
            }
            let _ = writeln!(page, "{name}_bucket{} {}", labels(&series, Some("+Inf")), buckets.count);
            let _ = writeln!(page, "{name}_sum{} {}", labels(&series, None), buckets.sum);
            let _ = writeln!(page, "{name}_count{} {}", labels(&series, None), buckets.count);
        }
        page
    }
}

fn head(page: &mut String, last: &mut String, name: &str, kind: &str) {
    if last != name {
        let _ = writeln!(page, "# TYPE {name} {kind}");
        name.clone_into(last);
    }
}

/// `ExecutionsStarted` as `aws_states_executions_started`.
fn name(name: &str) -> String {
    format!("aws_states_{}", snake(name))
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' });
    }
    snake
}

fn labels(series: &Series, bound: Option<&str>) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let mut labels: Vec<_> =
        series.labels.iter().map(|(name, value)| format!("{}=\"{}\"", snake(name), escaped(value))).collect();
    labels.extend(bound.map(|bound| format!("le=\"{bound}\"")));
    if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) }
}

impl fmt::Debug for Prometheus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prometheus").finish_non_exhaustive()
    }
}
