//! The API from outside, over machines that are compiled into this program: HTTP requests in, answers out.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot set its scene fails"
)]

mod activities;
mod console;
mod executions;
mod http;
mod iterations;
mod machines;
mod map_runs;
mod rehearsal;
mod restart;
mod sdk;
mod support;
