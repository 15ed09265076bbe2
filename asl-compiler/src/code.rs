//! The codes of all diagnostics: the name of the fault, and whether it is an error.
//!
//! Each has a page `docs/diagnostics/<code>.md`. A new fault is a new line in the table below.

use crate::diagnostic::Severity;
use std::fmt;

macro_rules! codes {
    ($($variant:ident, $name:literal, $severity:ident, $summary:literal;)*) => {
        /// The kind of a fault.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $summary] $variant,)*
        }

        impl Code {
            /// Every code there is.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The code as users write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What it is unless the profile says otherwise.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$variant => Severity::$severity,)*
                }
            }

            /// Whether users can switch it off: a warning, or an error that is none, or only a warning, where AWS has a name that this
            /// compiler does not know, where a text is meant as it is written, where a token is never to come back, or where a handler
            /// that is never asked does no harm.
            #[must_use]
            pub const fn can_be_allowed(self) -> bool {
                matches!(self.severity(), Severity::Warning)
                    || matches!(
                        self,
                        Self::ContextAsData
                            | Self::DuplicateErrorName
                            | Self::ErrorNeverRaised
                            | Self::ErrorNotCaught
                            | Self::ExpressionAsText
                            | Self::ItemsNotAnArray
                            | Self::MissingTaskToken
                            | Self::PathAsText
                            | Self::UnknownAction
                            | Self::UnknownContextField
                            | Self::UnknownErrorName
                            | Self::UnknownFunction
                            | Self::UnknownParameter
                    )
            }

            /// One sentence about it.
            #[must_use]
            pub const fn summary(self) -> &'static str {
                match self {
                    $(Self::$variant => $summary,)*
                }
            }
        }
    };
}

codes! {
    // The text.
    InvalidUtf8, "invalid-utf8", Error, "The file is not UTF-8.";
    InvalidJson, "invalid-json", Error, "The text is not JSON.";
    InvalidYaml, "invalid-yaml", Error, "The text is not YAML, or says what JSON cannot.";
    AmbiguousYaml, "ambiguous-yaml", Warning, "A word means one thing in YAML 1.1 and another in YAML 1.2.";
    NotADefinition, "not-a-definition", Error, "The file is a template, not a definition.";
    DuplicateKey, "duplicate-key", Error, "An object has the same key twice.";
    NumberOutOfRange, "number-out-of-range", Error, "A number is too large to be kept exactly.";
    NestedTooDeeply, "nested-too-deeply", Error, "Values are nested deeper than any workflow needs.";
    FileTooLarge, "file-too-large", Error, "The file is larger than any definition.";
    TooManyParts, "too-many-parts", Error, "A path, a call, an expression or a choice rule has more parts than can be compiled.";
    TooManyStates, "too-many-states", Error, "The machine has more states than can be compiled.";
    // Fields.
    WrongType, "wrong-type", Error, "A field holds a value of the wrong JSON type.";
    InvalidValue, "invalid-value", Error, "A field holds a value that it does not allow.";
    MissingField, "missing-field", Error, "A required field is missing.";
    UnknownField, "unknown-field", Error, "A field does not exist, or not in this state type.";
    NullField, "null-field", Warning, "A field is `null`, which is the same as without it, if AWS takes it.";
    ExclusiveFields, "exclusive-fields", Error, "Two fields exclude each other.";
    UnknownStateType, "unknown-state-type", Error, "`Type` names no state type.";
    UnresolvedPlaceholder, "unresolved-placeholder", Error, "A placeholder is used where its value is needed to compile.";
    // Names and transitions.
    InvalidStateName, "invalid-state-name", Error, "A state name is empty or longer than 80 characters.";
    DuplicateLabel, "duplicate-label", Error, "Two Map states of the machine have the same `Label`.";
    DuplicateStateName, "duplicate-state-name", Error, "Two states of the machine have the same name.";
    UnknownState, "unknown-state", Error, "A transition leads to a state that does not exist.";
    TransitionOutOfScope, "transition-out-of-scope", Error, "A transition leads into or out of a branch.";
    UnreachableState, "unreachable-state", Error, "No transition leads to a state.";
    NoTerminalState, "no-terminal-state", Error, "A state machine, a branch or an item processor has no terminal state.";
    NextAndEnd, "next-and-end", Error, "A state has both `Next` and `End`, or neither.";
    // Paths and templates.
    InvalidPath, "invalid-path", Error, "A path is not valid.";
    InvalidReferencePath, "invalid-reference-path", Error, "A path cannot be written to, or does not identify a single value.";
    UnknownContextField, "unknown-context-field", Error, "The context object has no such field.";
    InvalidIntrinsic, "invalid-intrinsic", Error, "A call of an intrinsic function is not valid, or its arguments do not fit.";
    UnknownIntrinsic, "unknown-intrinsic", Error, "There is no such intrinsic function.";
    TemplateKeyClash, "template-key-clash", Error, "A template has the same key with and without `.$`.";
    // Paths that do not mean what people think.
    NegativeIndex, "negative-index", Warning, "A path has a negative index, which no array has.";
    IndexList, "index-list", Warning, "A list of indexes fails where an array is shorter.";
    SliceStep, "slice-step", Warning, "The step of a slice is ignored.";
    DoubleQuotesInPath, "double-quotes-in-path", Warning, "Double quotes in a path do not quote anything.";
    NameCutShort, "name-cut-short", Warning, "A name in a path ends at its first quote or closing bracket.";
    IgnoredInBrackets, "ignored-in-brackets", Warning, "Something around an index in brackets is ignored.";
    PathFunction, "path-function", Warning, "A path looks like it calls a function, and paths have none.";
    NamesInsidePath, "names-inside-path", Warning, "A list of names is not the last part of a path, where it always fails.";
    IndexAfterDescent, "index-after-descent", Warning, "An index after `..` is ignored, because more of the path follows.";
    IgnoredInFilter, "ignored-in-filter", Warning, "Parentheses or a `!` in a filter are ignored.";
    NotEqualToMissing, "not-equal-to-missing", Warning, "`!=` in a filter leaves out items that do not have the field.";
    NullInFilter, "null-in-filter", Warning, "`== null` in a filter leaves out items that do not have the field.";
    PatternMissing, "pattern-missing", Warning, "`=~` in a filter has no pattern.";
    // Expressions.
    InvalidJsonata, "invalid-jsonata", Error, "A JSONata expression is not valid.";
    UnknownFunction, "unknown-function", Error, "There is no such JSONata function.";
    WrongArguments, "wrong-arguments", Error, "A JSONata function gets arguments that it does not take.";
    WrongOperand, "wrong-operand", Error, "A JSONata operator gets a side that it does not take.";
    NoContext, "no-context", Error, "A JSONata expression reads data of its own, which it does not have.";
    UnknownStatesField, "unknown-states-field", Error, "`$states` has no such field, or not in this place.";
    TextAsFilter, "text-as-filter", Warning, "A filter of JSONata is a text, which chooses everything.";
    ExpressionAsText, "expression-as-text", Error, "A text holds a JSONata expression that is not evaluated.";
    PathAsText, "path-as-text", Error, "A string looks like a path but is taken literally.";
    // Variables.
    InvalidVariableName, "invalid-variable-name", Error, "`Assign` names something that cannot be a variable.";
    DuplicateVariable, "duplicate-variable", Error, "A variable is assigned inside of a scope that an outer scope assigns as well.";
    UnknownVariable, "unknown-variable", Error, "A variable is read that no `Assign` defines.";
    VariableNeverAssigned, "variable-never-assigned", Error, "A variable is read before anything can have assigned it.";
    VariablePossiblyUndefined, "variable-possibly-undefined", Warning, "A variable is read that is assigned only on some paths to the state.";
    // Data.
    PathNotInData, "path-not-in-data", Error, "A path leads to a place that the data does not have.";
    ContextAsData, "context-as-data", Error, "A path looks in the data for what the context object has.";
    UndefinedReference, "undefined-reference", Warning, "A part of a JSONata expression leads to a place that the data does not have.";
    InvalidSchema, "invalid-schema", Error, "The schema of the input is not a valid JSON Schema.";
    ItemsNotAnArray, "items-not-an-array", Error, "The items of a Map state are something else than an array.";
    ItemsMayBeOne, "items-may-be-one", Warning, "The items of a Map state are a sequence, which is not an array if it has one item or none.";
    ResultPathIntoNonObject, "result-path-into-non-object", Error, "`ResultPath` leads into a value that has no fields.";
    ComparisonNeverHolds, "comparison-never-holds", Warning, "A comparison of a choice rule can never hold.";
    RuleNeverReached, "rule-never-reached", Warning, "An earlier choice rule always matches first.";
    // Retry and Catch.
    UnknownErrorName, "unknown-error-name", Error, "`States.` is reserved, and there is no such error.";
    ErrorNotCaught, "error-not-caught", Error, "`States.Runtime` is never caught or retried.";
    DuplicateErrorName, "duplicate-error-name", Error, "An error has a handler already, which comes first.";
    MisplacedStatesAll, "misplaced-states-all", Error, "`States.ALL` is not alone, or not last.";
    // Choice.
    InvalidTimestamp, "invalid-timestamp", Error, "A timestamp is not in the RFC 3339 form.";
    InvalidPattern, "invalid-pattern", Error, "A `StringMatches` pattern ends in the middle of an escape.";
    ChoiceNotExhaustive, "choice-not-exhaustive", Warning, "No rule of a Choice state may hold, and it has no `Default`.";
    // Map.
    NeedsDistributedMap, "needs-distributed-map", Warning, "A field is only valid in a distributed Map.";
    DuplicateCsvHeader, "duplicate-csv-header", Error, "`CSVHeaders` has the same name twice, so that no item can be read.";
    // Time and size.
    PayloadTooLarge, "payload-too-large", Warning, "A payload is larger than AWS takes.";
    PollingWithoutWait, "polling-without-wait", Warning, "A loop asks a service again and again without a pause.";
    WaitWithoutTimeout, "wait-without-timeout", Warning, "A task waits for a callback or a worker without a timeout.";
    EndlessRetry, "endless-retry", Warning, "A retrier retries every error indefinitely.";
    // Integrations.
    CredentialsIgnored, "credentials-ignored", Warning, "`Credentials` count only on AWS.";
    InvalidResource, "invalid-resource", Error, "`Resource` is not an ARN, or names no integration.";
    InvalidParameter, "invalid-parameter", Error, "A parameter of an integration is missing or of the wrong type.";
    UnknownAction, "unknown-action", Error, "There is no such service, or it has no such action.";
    UnknownParameter, "unknown-parameter", Error, "An action has no such parameter.";
    UnknownValue, "unknown-value", Warning, "A parameter has a value that is not known of the service.";
    ErrorNeverRaised, "error-never-raised", Error, "A retrier or catcher waits for an error that the action of its task never raises.";
    MissingTaskToken, "missing-task-token", Error, "A task waits for its task token, but never passes it on.";
    PathNotInResult, "path-not-in-result", Error, "A path leads to a field that the result of a task does not have.";
    AwsNeedsConnection, "aws-needs-connection", Warning, "AWS refuses an HTTP task without a connection.";
    AwsNeedsStandard, "aws-needs-standard", Warning, "AWS refuses what takes long in an Express execution.";
    AwsNeedsHttps, "aws-needs-https", Warning, "AWS refuses an HTTP task to an address that is not `https://`.";
}

impl Code {
    /// Whether it is reported only where that is asked for, because it is meant so more often than not.
    #[must_use]
    pub const fn is_on_request(self) -> bool {
        matches!(self, Self::ChoiceNotExhaustive)
    }

    /// Whether a field that has such an error counts as absent. Others are about names, which lead somewhere or nowhere.
    pub(crate) const fn is_about_field(self) -> bool {
        !matches!(
            self,
            Self::DuplicateLabel
                | Self::DuplicateStateName
                | Self::DuplicateVariable
                | Self::InvalidStateName
                | Self::NoTerminalState
                | Self::TransitionOutOfScope
                | Self::UnknownState
                | Self::UnknownVariable
                | Self::UnreachableState
        )
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
