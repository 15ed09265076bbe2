//! The order of fields, in that of the specification and of how data goes through a state.

/// What an object of a definition is. An array is what its elements are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A state machine, a branch or an item processor.
    Machine,
    /// `States`: its members keep their order, which tells the story.
    States,
    State,
    Rule,
    Retrier,
    Catcher,
    ProcessorConfig,
    /// `ItemReader` or `ResultWriter`
    Store,
    /// `ReaderConfig` or `WriterConfig`
    StoreConfig,
    Batcher,
    Credentials,
    /// What the execution sees: its members keep their order.
    Data,
}

/// Stands for all fields that are not in a list.
const OTHERS: &str = "*";

const MACHINE: &[&str] =
    &["Comment", "Version", "QueryLanguage", "TimeoutSeconds", "ProcessorConfig", "StartAt", "States"];

const STATE: &[&str] = &[
    "Type",
    "Comment",
    "QueryLanguage",
    "Resource",
    "Credentials",
    "TimeoutSeconds",
    "TimeoutSecondsPath",
    "HeartbeatSeconds",
    "HeartbeatSecondsPath",
    "Seconds",
    "SecondsPath",
    "Timestamp",
    "TimestampPath",
    "Error",
    "ErrorPath",
    "Cause",
    "CausePath",
    "InputPath",
    "Parameters",
    "Arguments",
    "Result",
    "ItemReader",
    "ItemsPath",
    "Items",
    "ItemSelector",
    "ItemBatcher",
    "MaxConcurrency",
    "MaxConcurrencyPath",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
    "Label",
    "ItemProcessor",
    "Iterator",
    "ResultWriter",
    "Branches",
    OTHERS,
    "ResultSelector",
    "ResultPath",
    "Assign",
    "Output",
    "OutputPath",
    "Retry",
    "Catch",
    "Choices",
    "Default",
    "Next",
    "End",
];

const RULE: &[&str] =
    &["Comment", "Condition", "And", "Or", "Not", "Variable", OTHERS, "Assign", "Output", "Next"];

const RETRIER: &[&str] = &[
    "Comment",
    "ErrorEquals",
    "IntervalSeconds",
    "MaxAttempts",
    "BackoffRate",
    "MaxDelaySeconds",
    "JitterStrategy",
];

const CATCHER: &[&str] = &["Comment", "ErrorEquals", "ResultPath", "Assign", "Output", OTHERS, "Next"];

const PROCESSOR_CONFIG: &[&str] = &["Mode", "ExecutionType"];

const STORE: &[&str] = &["Resource", "ReaderConfig", "WriterConfig", "Parameters", "Arguments"];

const STORE_CONFIG: &[&str] = &["InputType", "Transformation", "OutputType"];

const BATCHER: &[&str] = &[
    "MaxItemsPerBatch",
    "MaxItemsPerBatchPath",
    "MaxInputBytesPerBatch",
    "MaxInputBytesPerBatchPath",
    "BatchInput",
];

const CREDENTIALS: &[&str] = &["RoleArn"];

/// What the members of an object are that are not data.
const MEMBERS: &[(Role, &str, Role)] = &[
    (Role::Machine, "States", Role::States),
    (Role::Machine, "ProcessorConfig", Role::ProcessorConfig),
    (Role::States, OTHERS, Role::State),
    (Role::State, "Branches", Role::Machine),
    (Role::State, "Catch", Role::Catcher),
    (Role::State, "Choices", Role::Rule),
    (Role::State, "Credentials", Role::Credentials),
    (Role::State, "ItemBatcher", Role::Batcher),
    (Role::State, "ItemProcessor", Role::Machine),
    (Role::State, "ItemReader", Role::Store),
    (Role::State, "Iterator", Role::Machine),
    (Role::State, "ResultWriter", Role::Store),
    (Role::State, "Retry", Role::Retrier),
    (Role::Rule, "And", Role::Rule),
    (Role::Rule, "Not", Role::Rule),
    (Role::Rule, "Or", Role::Rule),
    (Role::Store, "ReaderConfig", Role::StoreConfig),
    (Role::Store, "WriterConfig", Role::StoreConfig),
];

impl Role {
    /// What a member is.
    pub(super) fn of_member(self, name: &str) -> Self {
        let found =
            MEMBERS.iter().find(|(of, member, _)| *of == self && (*member == name || *member == OTHERS));
        found.map_or(Self::Data, |(_, _, role)| *role)
    }

    /// Whether its fields have an order.
    pub(super) const fn is_ordered(self) -> bool {
        !matches!(self, Self::States | Self::Data)
    }

    /// Whether it is never written on one line.
    pub(super) const fn is_spread(self) -> bool {
        matches!(self, Self::Machine | Self::States | Self::State)
    }

    /// The place of a field among the others.
    pub(super) fn rank(self, name: &str) -> usize {
        let fields = self.fields();
        let place = |wanted: &str| fields.iter().position(|field| *field == wanted);
        place(name).or_else(|| place(OTHERS)).unwrap_or(fields.len())
    }

    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Machine => MACHINE,
            Self::State => STATE,
            Self::Rule => RULE,
            Self::Retrier => RETRIER,
            Self::Catcher => CATCHER,
            Self::ProcessorConfig => PROCESSOR_CONFIG,
            Self::Store => STORE,
            Self::StoreConfig => STORE_CONFIG,
            Self::Batcher => BATCHER,
            Self::Credentials => CREDENTIALS,
            Self::States | Self::Data => &[],
        }
    }
}
