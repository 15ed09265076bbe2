//! Metrics by name and labels: what both exporters keep.

use metrics::{Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, Label};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is counted or timed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Series {
    pub(super) name: String,
    /// In the order of their names.
    pub(super) labels: Vec<(String, String)>,
}

impl Series {
    fn of(key: &Key) -> Self {
        let label = |label: &Label| (label.key().to_owned(), label.value().to_owned());
        let mut labels: Vec<_> = key.labels().map(label).collect();
        labels.sort();
        Self { name: key.name().to_owned(), labels }
    }
}

/// All counters, and all histograms, whose values are kept as `H` sees fit.
pub(super) struct Registry<H> {
    counters: Mutex<BTreeMap<Series, Arc<Count>>>,
    histograms: Mutex<BTreeMap<Series, Arc<H>>>,
}

impl<H> Default for Registry<H> {
    fn default() -> Self {
        Self { counters: Mutex::default(), histograms: Mutex::default() }
    }
}

/// A counter that knows how much of it was read.
#[derive(Debug, Default)]
pub(super) struct Count {
    now: AtomicU64,
    read: AtomicU64,
}

impl Count {
    pub(super) fn total(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }

    /// What has come since this was last asked.
    pub(super) fn since_last(&self) -> u64 {
        let now = self.total();
        now.saturating_sub(self.read.swap(now, Ordering::Relaxed))
    }
}

impl CounterFn for Count {
    fn increment(&self, value: u64) {
        self.now.fetch_add(value, Ordering::Relaxed);
    }

    fn absolute(&self, value: u64) {
        self.now.fetch_max(value, Ordering::Relaxed);
    }
}

impl<H: HistogramFn + Default + Send + Sync + 'static> Registry<H> {
    pub(super) fn counter(&self, key: &Key) -> Counter {
        Counter::from_arc(Arc::clone(lock(&self.counters).entry(Series::of(key)).or_default()))
    }

    pub(super) fn histogram(&self, key: &Key) -> Histogram {
        Histogram::from_arc(Arc::clone(lock(&self.histograms).entry(Series::of(key)).or_default()))
    }

    /// Nothing here is a gauge, and other libraries may look after theirs with their own recorder.
    pub(super) const fn gauge() -> Gauge {
        Gauge::noop()
    }

    pub(super) fn counters(&self) -> Vec<(Series, Arc<Count>)> {
        lock(&self.counters).iter().map(|(series, count)| (series.clone(), Arc::clone(count))).collect()
    }

    pub(super) fn histograms(&self) -> Vec<(Series, Arc<H>)> {
        lock(&self.histograms).iter().map(|(series, values)| (series.clone(), Arc::clone(values))).collect()
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Implements `metrics::Recorder` for an exporter with a field `registry`.
macro_rules! record {
    ($exporter:ty) => {
        impl metrics::Recorder for $exporter {
            fn describe_counter(
                &self,
                _: metrics::KeyName,
                _: Option<metrics::Unit>,
                _: metrics::SharedString,
            ) {
            }
            fn describe_gauge(
                &self,
                _: metrics::KeyName,
                _: Option<metrics::Unit>,
                _: metrics::SharedString,
            ) {
            }
            fn describe_histogram(
                &self,
                _: metrics::KeyName,
                _: Option<metrics::Unit>,
                _: metrics::SharedString,
            ) {
            }

            fn register_counter(&self, key: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Counter {
                self.registry.counter(key)
            }

            fn register_gauge(&self, _: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Gauge {
                Registry::<Values>::gauge()
            }

            fn register_histogram(
                &self,
                key: &metrics::Key,
                _: &metrics::Metadata<'_>,
            ) -> metrics::Histogram {
                self.registry.histogram(key)
            }
        }
    };
}
pub(super) use record;
