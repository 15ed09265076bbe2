//! Words of other languages, and of people, for what the specification calls otherwise.

/// What fields of another name are called by those who guess.
const FIELDS: &[(&str, &str)] = &[
    ("Args", "Arguments"),
    ("Delay", "Seconds"),
    ("Description", "Comment"),
    ("Duration", "Seconds"),
    ("Equals", "StringEquals"),
    ("Function", "Resource"),
    ("FunctionName", "Resource"),
    ("GoTo", "Next"),
    ("Input", "Arguments"),
    ("Input", "Parameters"),
    ("IsDefined", "IsPresent"),
    ("IsNumber", "IsNumeric"),
    ("IsText", "IsString"),
    ("Errors", "ErrorEquals"),
    ("Message", "Cause"),
    ("Minutes", "Seconds"),
    ("OnError", "Catch"),
    ("Payload", "Arguments"),
    ("Payload", "Parameters"),
    ("Reason", "Cause"),
    ("Set", "Assign"),
    ("StartAt", "ItemProcessor"),
    ("StringContains", "StringMatches"),
    ("StringEndsWith", "StringMatches"),
    ("StringLike", "StringMatches"),
    ("StringStartsWith", "StringMatches"),
    ("States", "ItemProcessor"),
    ("Then", "Next"),
    ("Variables", "Assign"),
];

/// What state types of another name are called.
const STATE_TYPES: &[(&str, &str)] = &[
    ("Branch", "Choice"),
    ("Condition", "Choice"),
    ("Delay", "Wait"),
    ("End", "Succeed"),
    ("Error", "Fail"),
    ("ForEach", "Map"),
    ("Fork", "Parallel"),
    ("Function", "Task"),
    ("If", "Choice"),
    ("Iterator", "Map"),
    ("Lambda", "Task"),
    ("Loop", "Map"),
    ("Noop", "Pass"),
    ("Sleep", "Wait"),
    ("Switch", "Choice"),
    ("Throw", "Fail"),
    ("Transform", "Pass"),
];

/// The field that a word was probably meant for, of those that there are.
pub(crate) fn field(word: &str, known: impl Iterator<Item = &'static str> + Clone) -> Option<&'static str> {
    let meant = FIELDS.iter().filter(|(other, _)| word == *other).map(|(_, name)| *name);
    meant.into_iter().find(|name| known.clone().any(|known| known == *name))
}

/// The state type that a word was probably meant for.
pub(crate) fn state_type(word: &str) -> Option<&'static str> {
    STATE_TYPES.iter().find(|(other, _)| word.eq_ignore_ascii_case(other)).map(|(_, name)| *name)
}
