//! CloudWatch's Embedded Metric Format: metrics as lines of a log, from which CloudWatch makes metrics when the lines reach it, from
//! a Lambda function's output or through its agent (AWS, "Specification: Embedded metric format").

use super::registry::{Registry, Series, lock, record};
use asl_language::timestamp::Timestamp;
use asl_value::{Array, Object, Text, Value};
use metrics::HistogramFn;
use std::fmt;
use std::sync::{Arc, Mutex};

/// Collects metrics, and returns them as lines in the Embedded Metric Format.
///
/// The program that installs it has to ask for the [`lines`](Self::lines) from time to time, because each time is kept until then.
#[derive(Clone)]
pub struct EmbeddedMetrics {
    namespace: Text,
    registry: Arc<Registry<Values>>,
}

/// The most values of a metric in a line.
const MOST_VALUES: usize = 100;

#[derive(Default)]
struct Values(Mutex<Vec<f64>>);

impl HistogramFn for Values {
    fn record(&self, value: f64) {
        lock(&self.0).push(value);
    }
}

record!(EmbeddedMetrics);

impl EmbeddedMetrics {
    /// Collects for a namespace. Those that begin with `AWS/` are AWS's own: CloudWatch takes none from others.
    #[must_use]
    pub fn new(namespace: impl Into<Text>) -> Self {
        Self { namespace: namespace.into(), registry: Arc::default() }
    }

    /// What has come since this was last asked, a JSON object a line; empty if nothing has.
    #[must_use]
    pub fn lines(&self, now: Timestamp) -> String {
        let mut lines = String::new();
        for (series, count) in self.registry.counters() {
            let since = count.since_last();
            if since > 0 {
                self.push(&mut lines, &series, "Count", since.into(), now);
            }
        }
        for (series, values) in self.registry.histograms() {
            let values = std::mem::take(&mut *lock(&values.0));
            for values in values.chunks(MOST_VALUES) {
                let array: Array = values.iter().map(|value| Value::from(*value)).collect();
                self.push(&mut lines, &series, "Milliseconds", array.into(), now);
            }
        }
        lines
    }

    fn push(&self, lines: &mut String, series: &Series, unit: &'static str, value: Value, now: Timestamp) {
        let dimensions: Array = series.labels.iter().map(|(name, _)| text(name)).collect();
        let metric = object([("Name", text(&series.name)), ("Unit", text(unit))]);
        let directive = object([
            ("Namespace", self.namespace.clone().into()),
            ("Dimensions", Array::from_iter([Value::from(dimensions)]).into()),
            ("Metrics", Array::from_iter([metric]).into()),
        ]);
        let head = object([
            ("Timestamp", now.milliseconds().into()),
            ("CloudWatchMetrics", Array::from_iter([directive]).into()),
        ]);
        let mut line = Object::new();
        line.insert("_aws", head);
        for (name, value) in &series.labels {
            line.insert(name.clone(), text(value));
        }
        line.insert(series.name.clone(), value);
        lines.push_str(&Value::from(line).to_string());
        lines.push('\n');
    }
}

fn text(text: &str) -> Value {
    Text::from(text).into()
}

fn object<const N: usize>(fields: [(&'static str, Value); N]) -> Value {
    Value::Object(fields.into_iter().collect())
}

impl fmt::Debug for EmbeddedMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddedMetrics").field("namespace", &self.namespace).finish_non_exhaustive()
    }
}
