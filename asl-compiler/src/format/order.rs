//! The order of fields, in that of the specification and of how data goes through a state.

use crate::state_fields::{Holds, StateField};

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
    (Role::Rule, "And", Role::Rule),
    (Role::Rule, "Not", Role::Rule),
    (Role::Rule, "Or", Role::Rule),
    (Role::Store, "ReaderConfig", Role::StoreConfig),
    (Role::Store, "WriterConfig", Role::StoreConfig),
];

impl Role {
    /// What a member is.
    pub(super) fn of_member(self, name: &str) -> Self {
        if self == Self::State {
            return StateField::of(name).map_or(Self::Data, |field| Self::held(field.holds));
        }
        let found =
            MEMBERS.iter().find(|(of, member, _)| *of == self && (*member == name || *member == OTHERS));
        found.map_or(Self::Data, |(_, _, role)| *role)
    }

    /// What is in a field of a state.
    const fn held(holds: Holds) -> Self {
        match holds {
            Holds::Branches | Holds::Processor => Self::Machine,
            Holds::Catchers => Self::Catcher,
            Holds::Rules => Self::Rule,
            Holds::Retriers => Self::Retrier,
            Holds::Credentials => Self::Credentials,
            Holds::ItemBatcher => Self::Batcher,
            Holds::ItemReader | Holds::ResultWriter => Self::Store,
            Holds::Word
            | Holds::Number
            | Holds::Path
            | Holds::State
            | Holds::Parameters
            | Holds::Template
            | Holds::Items
            | Holds::Variables => Self::Data,
        }
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
        if self == Self::State {
            return StateField::rank(name);
        }
        let fields = self.fields();
        let place = |wanted: &str| fields.iter().position(|field| *field == wanted);
        place(name).or_else(|| place(OTHERS)).unwrap_or(fields.len())
    }

    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Machine => MACHINE,
            Self::Rule => RULE,
            Self::Retrier => RETRIER,
            Self::Catcher => CATCHER,
            Self::ProcessorConfig => PROCESSOR_CONFIG,
            Self::Store => STORE,
            Self::StoreConfig => STORE_CONFIG,
            Self::Batcher => BATCHER,
            Self::Credentials => CREDENTIALS,
            Self::State | Self::States | Self::Data => &[],
        }
    }
}
