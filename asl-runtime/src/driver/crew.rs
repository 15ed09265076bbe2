//! Several processors for work that takes time and waits for nothing.

use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

/// How long a crew works before others may run.
const SHIFT: Duration = Duration::from_millis(20);

/// How many threads a crew has.
fn size() -> usize {
    static SIZE: OnceLock<usize> = OnceLock::new();
    *SIZE.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
}

/// Does the work of each job, on as many threads as there are processors, until all is done or a shift is over. Gives what was
/// done in the order of the jobs, and the jobs that were not begun. At least one job of each thread is done.
pub(super) fn work<J: Send, R: Send>(jobs: Vec<J>, do_job: impl Fn(J) -> R + Sync) -> (Vec<R>, Vec<J>) {
    let share = jobs.len().div_ceil(size()).max(1);
    let mut jobs = jobs.into_iter();
    let mut shares = Vec::new();
    loop {
        let share: Vec<J> = jobs.by_ref().take(share).collect();
        if share.is_empty() {
            break;
        }
        shares.push(share);
    }
    let do_share = |share| do_share(share, &do_job);
    // The first share is this thread's own.
    let mut shares = shares.into_iter();
    let own = shares.next().unwrap_or_default();
    let results = thread::scope(|scope| {
        let threads: Vec<_> = shares.map(|share| scope.spawn(|| do_share(share))).collect();
        let mut results = vec![do_share(own)];
        for thread in threads {
            results.push(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        results
    });
    let (mut done, mut left) = (Vec::new(), Vec::new());
    for (results, rest) in results {
        done.extend(results);
        left.extend(rest);
    }
    (done, left)
}

fn do_share<J, R>(share: Vec<J>, do_job: impl Fn(J) -> R) -> (Vec<R>, Vec<J>) {
    let start = Instant::now();
    let mut jobs = share.into_iter();
    let mut done = Vec::new();
    for job in jobs.by_ref() {
        done.push(do_job(job));
        if start.elapsed() > SHIFT {
            break;
        }
    }
    (done, jobs.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_job_is_done_once_in_order_of_shares() {
        let mut jobs: Vec<u32> = (0..1000).collect();
        let mut done = Vec::new();
        while !jobs.is_empty() {
            let (results, left) = work(jobs, |job| job * 2);
            done.extend(results);
            jobs = left;
        }
        done.sort_unstable();
        assert_eq!(done, (0..1000).map(|job| job * 2).collect::<Vec<_>>());
        assert_eq!(work(Vec::<u32>::new(), |job| job), (vec![], vec![]));
    }
}
