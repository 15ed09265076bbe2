//! What a task that calls a service costs beside the same client by hand: an HTTP API through reqwest, and DynamoDB through its SDK.
//!
//! By hand there are two sides: the call alone, which takes from the answer what is wanted, and the call in full, which has the timeouts, the headers
//! and the result that the task has, metadata included. A server in another thread answers at once. What counts is the processor time of the thread that
//! calls, since most of what passes is time of the server and of the system's sockets; all sides take turns. `instructions` counts the same without
//! what the system does.

#![expect(
    clippy::indexing_slicing,
    reason = "a field that is not there is null, and sides and their costs are as many"
)]

mod calls;
mod instructions;
mod server;

use asl_benches::{Bench, note, print, verdict};
use calls::{Call, Service, Whose};
use server::serve;
use std::error::Error;
use std::fs;
use std::process::ExitCode;
use tokio::runtime::{Builder, Runtime};

#[allow(dead_code, reason = "this program runs some of the machines")]
mod machines {
    include!(concat!(env!("OUT_DIR"), "/machines.rs"));
}

type Outcome<T> = Result<T, Box<dyn Error>>;

/// How many times as much as by hand a task may cost.
const TARGET: f64 = 1.1;
/// So many calls a side are one round.
const CALLS: u32 = 20;

fn main() -> Outcome<ExitCode> {
    let bench = Bench::from_args()?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    if instructions::is_counted(&runtime)? {
        return Ok(ExitCode::SUCCESS);
    }
    if on_processor().is_none() {
        print(
            "services: times are skipped, because this system does not say how much processor time a thread has had",
        );
    }
    for service in Service::ALL {
        let url = serve(service.content_type, service.answer)?;
        let calls = Whose::ALL.map(|whose| (service.call)(whose, &url));
        let [ours, by_hand, in_full] = calls;
        let calls = [ours?, by_hand?, in_full?];
        if bench.wants(service.name) && on_processor().is_some() {
            compare(&bench, &runtime, service.name, &calls)?;
        }
        if bench.wants("instructions") {
            instructions::count(&bench, service, &url)?;
        }
    }
    Ok(bench.finish())
}

/// Runs all sides in turns, and tells what a call costs.
fn compare(bench: &Bench, runtime: &Runtime, name: &str, calls: &[Call; 3]) -> Outcome<()> {
    let come: Vec<_> = calls.iter().map(|call| runtime.block_on(call())).collect::<Outcome<_>>()?;
    if come[0].is_none() || come.iter().any(|other| *other != come[0]) {
        return Err(format!("{name}: the sides come to {come:?}").into());
    }
    let rounds = if bench.quick { 3 } else { 101 };
    let mut costs = [const { Vec::new() }; 3];
    for _ in 0..rounds {
        for (costs, call) in costs.iter_mut().zip(calls) {
            costs.push(cost(runtime, call)?);
        }
    }
    let [ours, hands @ ..] = &costs;
    for (whose, hand) in Whose::BY_HAND.iter().zip(hands) {
        let mut ratios: Vec<_> = ours.iter().zip(hand).map(|(ours, by_hand)| ours / by_hand).collect();
        let (cost, by_hand) = (middle(&mut ours.clone()), middle(&mut hand.clone()));
        let ratio = middle(&mut ratios);
        let at = |percent: usize| ratios.get(ratios.len() * percent / 100).copied().unwrap_or_default();
        let (least, most) = (at(5), at(95));
        let name = format!("{name}{}", whose.suffix());
        print(&format!(
            "{name:<40} ours {:>7.1} us  by hand {:>7.1} us  a task, ratio {ratio:.2} ({least:.2}..{most:.2}){}",
            cost / 1e3,
            by_hand / 1e3,
            verdict(ratio, Some(TARGET), "")
        ));
        bench.judge(ratio, Some(TARGET));
        let [cost, by_hand] = [cost, by_hand].map(|cost| format!("{cost:.0}"));
        let [ratio, least, most] = [ratio, least, most].map(|ratio| format!("{ratio:.2}"));
        note(&[
            "ratio",
            &name,
            "task",
            &cost,
            "by hand",
            &by_hand,
            &ratio,
            &least,
            &most,
            &TARGET.to_string(),
        ]);
    }
    Ok(())
}

/// The figure in the middle, after putting them in order.
fn middle(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

/// The nanoseconds of a processor that a call takes.
fn cost(runtime: &Runtime, call: &Call) -> Outcome<f64> {
    runtime.block_on(async {
        let before = on_processor().unwrap_or_default();
        for _ in 0..CALLS {
            call().await?;
        }
        Ok((on_processor().unwrap_or_default() - before) / f64::from(CALLS))
    })
}

/// The nanoseconds that this thread has been on a processor.
fn on_processor() -> Option<f64> {
    fs::read_to_string("/proc/thread-self/schedstat").ok()?.split_whitespace().next()?.parse().ok()
}
