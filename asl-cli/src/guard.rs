//! Work that may go wrong without harm to anything else.
//!
//! In: work. Out: what it yields, or that it panicked, which is a fault of the compiler and no reason to leave other files unread. It is done on
//! a thread that has much more stack than a definition within the limits can take.

use std::thread::{Builder, scope};

/// It is only reserved; memory is taken as far as it is used.
const STACK: usize = 256 << 20;

/// Does the work; or says that it panicked, about what is named.
pub(crate) fn guarded<T: Send>(name: &str, work: impl FnOnce() -> T + Send) -> Result<T, String> {
    scope(|threads| {
        let worker = Builder::new().name("asl".to_owned()).stack_size(STACK).spawn_scoped(threads, work);
        let worker = worker.map_err(|error| format!("no thread can be started: {error}"))?;
        // The panic itself has said where it was.
        worker.join().map_err(|_| format!("{name} cannot be worked on, which is a fault of this program"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_only_the_work() {
        assert_eq!(guarded("a", || 1), Ok(1));
        assert!(
            guarded("`a`", || [0_u8; 0][std::hint::black_box(0)]).is_err_and(|text| text.contains("`a`"))
        );
    }
}
