//! What has happened in a state.

/// What has happened in a state, counted over all its visits: there are many in loops and iterations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// How often it was entered.
    pub entered: u64,
    /// How often it was left without an error.
    pub succeeded: u64,
    /// How often an error of it was caught.
    pub caught: u64,
    /// How often an error of it ended its branch, its iteration or the execution.
    pub failed: u64,
    /// How often it was stopped because of something else.
    pub aborted: u64,
    /// How often its work was tried again.
    pub retries: u64,
    /// How many visits go on.
    pub active: u64,
    /// How many of these wait to be tried again.
    pub waiting: u64,
    /// The iterations of a Map.
    pub iterations: Iterations,
    /// How long there was any visit, in milliseconds; iterations at the same time count once. What goes on is not in it.
    pub milliseconds: i64,
    /// The times of all visits together, in milliseconds.
    pub total_milliseconds: i64,
    /// When it was entered for the first time, in milliseconds since 1970.
    pub first: Option<i64>,
    /// The event by which it was entered for the first time.
    pub first_event: u64,
    /// The name of its last error.
    pub error: Option<String>,
    /// The last event that has changed any of this.
    pub changed: u64,
    /// The failures and the stops that a later attempt has made good.
    pub(super) mended: (u64, u64),
    /// Since when there has been any visit.
    pub(super) since: Option<i64>,
}

/// The iterations of a Map, or its child executions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Iterations {
    /// The items, as far as they are known.
    pub items: u64,
    /// Those that have begun.
    pub begun: u64,
    /// Those that succeeded.
    pub succeeded: u64,
    /// Those that failed.
    pub failed: u64,
}

/// How a state is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It was not reached.
    Untouched,
    /// It goes on.
    Running,
    /// It waits to be tried again after an error.
    Retrying,
    /// It was left each time.
    Succeeded,
    /// An error was caught.
    Caught,
    /// An error ended it.
    Failed,
    /// It was stopped.
    Aborted,
}

impl Status {
    /// In a word or two.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Untouched => "not reached",
            Self::Running => "running",
            Self::Retrying => "waiting to retry",
            Self::Succeeded => "succeeded",
            Self::Caught => "caught",
            Self::Failed => "failed",
            Self::Aborted => "stopped",
        }
    }
}

impl Ran {
    /// How it is drawn. What goes on comes first, and then the worst of what has been.
    #[must_use]
    pub const fn status(&self) -> Status {
        if self.active > self.waiting {
            Status::Running
        } else if self.active > 0 {
            Status::Retrying
        } else if self.failed > self.mended.0 {
            Status::Failed
        } else if self.caught > 0 {
            Status::Caught
        } else if self.aborted > self.mended.1 {
            Status::Aborted
        } else if self.entered > 0 {
            Status::Succeeded
        } else {
            Status::Untouched
        }
    }

    pub(super) fn begin(&mut self, time: Option<i64>) {
        self.active += 1;
        self.first = self.first.or(time);
        self.since = self.since.or(time);
    }

    pub(super) fn end(&mut self, since: Option<i64>, time: Option<i64>) {
        self.active = self.active.saturating_sub(1);
        let passed =
            |since: Option<i64>| since.zip(time).map_or(0, |(from, to)| to.saturating_sub(from).max(0));
        self.total_milliseconds = self.total_milliseconds.saturating_add(passed(since));
        if self.active == 0 {
            self.milliseconds = self.milliseconds.saturating_add(passed(self.since));
            self.since = None;
        }
    }
}

impl Iterations {
    pub(super) const fn without(self, other: Self) -> Self {
        Self {
            items: self.items.saturating_sub(other.items),
            begun: self.begun.saturating_sub(other.begun),
            succeeded: self.succeeded.saturating_sub(other.succeeded),
            failed: self.failed.saturating_sub(other.failed),
        }
    }
}
