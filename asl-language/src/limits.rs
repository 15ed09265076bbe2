//! Limits of the language and of AWS ("Step Functions service quotas"), and our own where AWS has none.

/// The length of a state name in characters.
pub const STATE_NAME_CHARACTERS: usize = 80;

/// The most characters of the name of a variable.
pub const VARIABLE_NAME_CHARACTERS: usize = 80;
/// The largest number of seconds in a field.
pub const MAX_SECONDS: u64 = 99_999_999;
/// The largest `MaxDelaySeconds`: a year and a day.
pub const MAX_DELAY_SECONDS: u64 = 31_622_400;
/// How deep values may nest. Data deeper than this stops an execution with `States.Runtime`, because dropping, comparing
/// and printing a value take stack in proportion to its depth. AWS stops far earlier, by the size of the payload.
pub const VALUE_DEPTH: u32 = 127;
/// How much memory a value of an execution may take: that of so many values, of which texts count as one more for each 16 bytes, and shared
/// parts once. What is larger stops the execution with `States.Runtime`, before data that grows in a loop takes all memory.
pub const VALUE_WEIGHT: u32 = 200_000_000;
/// How much there may be in the items of the children of a distributed Map that run at once, counted like [`VALUE_WEIGHT`] as they were read. While
/// they are more, no further child starts, so that wide items take no more memory (some 100 bytes each) than this. A thousand children with items
/// of 60,000 bytes of text stay below it.
pub const RUNNING_WEIGHT: u64 = 4_000_000;
/// How long an HTTP task may take, in seconds.
pub const HTTP_SECONDS: u64 = 60;
/// How many events the history of an execution may have on AWS.
pub const AWS_EVENTS: u64 = 25_000;
/// The longest delay of a Wait state on AWS, in seconds: 24,855 days and some hours (24,855 days are accepted, 24,856 are not).
pub const AWS_WAIT_SECONDS: u64 = 2_147_483_647;
/// The size of all variables of an execution on AWS, in bytes.
pub const AWS_VARIABLE_BYTES: usize = 10_485_760;
/// The size of a payload on AWS, in bytes of UTF-8.
pub const AWS_PAYLOAD_BYTES: usize = 262_144;
/// The largest file that people write: a definition, tests, settings, a secret.
pub const WRITTEN_BYTES: usize = 8 * 1024 * 1024;
/// The largest file of data that is read at once: an input, a history, an object of a test. What a distributed Map reads is read in parts.
pub const DATA_BYTES: usize = 256 * 1024 * 1024;
