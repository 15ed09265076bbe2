//! What a retrier does that says nothing of it.

/// `IntervalSeconds`
pub const INTERVAL_SECONDS: u32 = 1;
/// `MaxAttempts`
pub const MAX_ATTEMPTS: u32 = 3;
/// `BackoffRate`
pub const BACKOFF_RATE: f64 = 2.0;
