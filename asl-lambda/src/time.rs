//! How long an execution may take.

use std::time::{Duration, SystemTime};

/// So much of the time is left for saying how the execution ended: Lambda stops a function at its deadline, and it says nothing then.
const ROOM: Duration = Duration::from_millis(500);
/// Where there is little time, this part of it is left.
const PART: u32 = 10;

/// How long an execution may take that starts now, of a machine that may take `limit`.
pub(crate) fn limit(deadline: SystemTime, now: SystemTime, limit: Option<Duration>) -> Duration {
    let left = deadline.duration_since(now).unwrap_or_default();
    let left = left - ROOM.min(left / PART);
    limit.map_or(left, |limit| limit.min(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_to_say_how_it_ended() {
        let now = SystemTime::UNIX_EPOCH;
        let seconds = Duration::from_secs;
        for (left, of_machine, expected) in [
            (60_000, None, Duration::from_millis(59_500)),
            (1_000, None, Duration::from_millis(900)),
            (60_000, Some(seconds(5)), seconds(5)),
            (60_000, Some(seconds(70)), Duration::from_millis(59_500)),
            (0, None, Duration::ZERO),
        ] {
            let deadline = now + Duration::from_millis(left);
            assert_eq!(limit(deadline, now, of_machine), expected, "{left}");
        }
        assert_eq!(limit(now, now + seconds(1), None), Duration::ZERO);
    }
}
