//! Slips of people who know another language, another service or another place better.

use super::expression::expressions;
use crate::edit::{Editor, plain};
use crate::typo::mistype;
use crate::workflow::{MachineAt, StateAt};
use asl_compiler::json::{Member, Value};
use asl_compiler::source::Span;

/// Operators of JavaScript in place of those of JSONata.
pub(super) fn operator_of_another_language(editor: &mut Editor<'_>) {
    const OPERATORS: &[(&str, &str)] = &[
        (" = ", " == "),
        (" = ", " === "),
        (" != ", " !== "),
        (" and ", " && "),
        (" or ", " || "),
        ("$not(", "!("),
    ];
    for (_, expression) in expressions(editor) {
        for (right, wrong) in OPERATORS {
            // What is in a string is none.
            let is_code = |at: &usize| {
                expression.text.value.get(..*at).is_some_and(|before| before.matches('\'').count() % 2 == 0)
            };
            if let Some(at) = expression.text.value.find(right).filter(is_code) {
                editor.replace_in(expression.text, at, right.len(), wrong);
            }
        }
    }
}

/// Functions of JSON paths, and paths of the context object, inside of an expression.
pub(super) fn call_of_another_language(editor: &mut Editor<'_>) {
    for (_, expression) in expressions(editor) {
        for wrong in
            ["States.Format('{}', $states.input.a)", "$$.Execution.Id", "States.UUID()", "Math.random()"]
        {
            editor.rename(expression.text, &format!("{{% {wrong} %}}"));
        }
    }
}

/// Constants that a field cannot take, as expressions.
pub(super) fn expression_of_wrong_type(editor: &mut Editor<'_>) {
    const WRONG: &[(&str, &[&str])] = &[
        ("Condition", &["'x'", "5", "[]", "'true'"]),
        ("TimeoutSeconds", &["'x'", "0", "true"]),
        ("HeartbeatSeconds", &["'x'", "0"]),
        ("Seconds", &["'soon'", "-1", "true"]),
        ("Timestamp", &["5", "'soon'", "$now() - 5"]),
        ("MaxConcurrency", &["'x'", "-1"]),
        ("Error", &["5", "true"]),
        ("Cause", &["5", "true"]),
    ];
    for state in editor.workflow.states().into_iter().filter(|state| state.is_jsonata) {
        for (field, values) in WRONG {
            let rules = state.elements("Choices").iter().filter_map(|rule| rule.get(field));
            for value in rules.chain(state.get(field)) {
                values.iter().for_each(|wrong| editor.replace(value.span, &format!("\"{{% {wrong} %}}\"")));
            }
        }
    }
}

/// An expression in a state whose language has none.
pub(super) fn expression_in_json_path(editor: &mut Editor<'_>) {
    for state in editor.workflow.states().into_iter().filter(|state| !state.is_jsonata) {
        for path in
            state.strings().into_iter().filter(|path| path.is_path() && path.text.value.starts_with("$."))
        {
            editor.rename(path.text, "{% $states.input.a %}");
        }
    }
}

/// Task tokens where nothing waits for one, and items where there are none.
pub(super) fn context_out_of_place(editor: &mut Editor<'_>) {
    for machine in editor.workflow.machines().into_iter().filter(|machine| machine.is_top) {
        for state in machine.states().into_iter().filter(|state| !state.is_jsonata) {
            let waits = state.text("Resource").is_none_or(|resource| {
                [".waitFor", ".sync", ":activity:", "${"].iter().any(|part| resource.contains(part))
            });
            for path in
                state.strings().into_iter().filter(|path| path.is_path() && path.text.value.starts_with("$."))
            {
                if !waits {
                    editor.rename(path.text, "$$.Task.Token");
                }
                if state.text("Type") != Some("Map") {
                    editor.rename(path.text, "$$.Map.Item.Value");
                }
            }
        }
    }
}

/// The prefix of reserved errors is left out or of another case.
pub(super) fn error_without_prefix(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for name in state
            .handlers()
            .flat_map(|handler| handler.get("ErrorEquals").and_then(Value::as_array).unwrap_or_default())
        {
            let Some(text) = name.as_text() else { continue };
            let Some(rest) = text.value.strip_prefix("States.") else { continue };
            for wrong in
                [rest.to_owned(), format!("States{rest}"), format!("State.{rest}"), format!("states.{rest}")]
            {
                editor.rename(text, &wrong);
            }
        }
    }
}

/// Errors that the service of the task does not raise.
pub(super) fn error_of_another_service(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Task") {
        let Some(resource) = state
            .text("Resource")
            .filter(|resource| resource.contains(":states:::") && !resource.contains(".waitFor"))
        else {
            continue;
        };
        let wrong = if resource.contains("dynamodb") {
            "Lambda.ServiceException"
        } else {
            "DynamoDB.ConditionalCheckFailedException"
        };
        for name in state
            .handlers()
            .flat_map(|handler| handler.get("ErrorEquals").and_then(Value::as_array).unwrap_or_default())
        {
            if let Some(text) = name.as_text().filter(|text| text.value != "States.ALL") {
                editor.rename(text, wrong);
            }
        }
    }
}

/// A known action of a service that does not have it.
pub(super) fn action_of_another_service(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Task") {
        let Some(text) = plain(state.value, "Resource") else { continue };
        for (right, wrong) in [
            (":lambda:", ":dynamodb:"),
            (":dynamodb:", ":s3:"),
            (":sns:", ":sqs:"),
            (":sqs:", ":sns:"),
            (":s3:", ":lambda:"),
            (":events:", ":sns:"),
        ] {
            if let Some(at) = text.value.find(right).filter(|_| text.value.contains(":states:::")) {
                editor.replace_in(text, at, right.len(), wrong);
            }
        }
    }
}

/// The address of a function that is none.
pub(super) fn function_broken(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Task") {
        let Some(text) = plain(state.value, "Resource")
            .filter(|text| text.value.contains(":lambda:") && !text.value.contains(":states:"))
        else {
            continue;
        };
        for (right, wrong) in
            [(":lambda:", ":lamda:"), (":function:", ":functon:"), (":function:", ":"), ("arn:", "arn")]
        {
            if let Some(at) = text.value.find(right) {
                editor.replace_in(text, at, right.len(), wrong);
            }
        }
    }
}

/// Fields in states of types that do not have them.
pub(super) fn field_of_another_state(editor: &mut Editor<'_>) {
    const FIELDS: &[(&str, &[&str])] = &[
        (
            "Pass",
            &[
                "\"Resource\": \"arn:aws:states:::lambda:invoke\"",
                "\"Retry\": []",
                "\"Seconds\": 5",
                "\"TimeoutSeconds\": 5",
            ],
        ),
        (
            "Task",
            &[
                "\"Choices\": []",
                "\"Default\": \"X\"",
                "\"Seconds\": 5",
                "\"Result\": {}",
                "\"Branches\": []",
                "\"MaxConcurrency\": 1",
            ],
        ),
        (
            "Choice",
            &[
                "\"Next\": \"X\"",
                "\"End\": true",
                "\"Retry\": []",
                "\"Catch\": []",
                "\"ResultPath\": \"$.a\"",
            ],
        ),
        (
            "Wait",
            &["\"Retry\": []", "\"ResultPath\": \"$.a\"", "\"Parameters\": {}", "\"TimeoutSeconds\": 5"],
        ),
        ("Succeed", &["\"Next\": \"X\"", "\"End\": true", "\"Result\": {}"]),
        ("Fail", &["\"Next\": \"X\"", "\"End\": true", "\"OutputPath\": \"$\"", "\"Output\": 1"]),
        ("Map", &["\"Branches\": []", "\"Resource\": \"x\"", "\"TimeoutSeconds\": 5"]),
        ("Parallel", &["\"ItemsPath\": \"$.a\"", "\"MaxConcurrency\": 1", "\"TimeoutSeconds\": 5"]),
    ];
    for (state_type, fields) in FIELDS {
        for state in editor.workflow.states_of(state_type) {
            let Some(member) = state.value.member("Type") else { continue };
            fields.iter().for_each(|field| editor.add_member(member, field));
        }
    }
}

/// Signs of JSON that are missing or too many.
pub(super) fn json_broken(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for member in state.members() {
            let Span { start, end } = member.span();
            let next = editor.workflow.source().text().get(end..).unwrap_or_default();
            let first = editor.workflow.line(start);
            let lines = first..=editor.workflow.line(end) + 1;
            if next.starts_with(',') {
                editor.edit(&[(Span::new(end, end + 1), "")], lines.clone(), "a comma is missing".to_owned());
            }
            let key = member.key.span.end;
            editor.edit(&[(Span::new(key - 1, key), "")], first..=first, "a quote is missing".to_owned());
            editor.edit(&[(Span::new(end, end), ",,")], lines, "two commas".to_owned());
        }
    }
}

/// Moments that there are not.
pub(super) fn timestamp_broken(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for rule in state.choice_rules() {
            for member in rule.as_object().unwrap_or_default().iter().filter(|member| is_timestamp(member)) {
                for wrong in [
                    "\"tomorrow\"",
                    "\"2026-02-30T00:00:00Z\"",
                    "\"2026-01-01\"",
                    "\"2026-01-01 10:00:00\"",
                    "5",
                ] {
                    editor.replace(member.value.span, wrong);
                }
            }
        }
    }
}

fn is_timestamp(member: &Member) -> bool {
    member.name().starts_with("Timestamp") && !member.name().ends_with("Path")
}

/// A variable is assigned under a name with a typo; reading it, or assigning it, is where that shows.
pub(super) fn assigned_misspelt(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for member in state.get("Assign").and_then(Value::as_object).unwrap_or_default() {
            let name = member.name().trim_end_matches(".$");
            let mentions = editor.workflow.source().text().matches(&format!("${name}")).count();
            let assigned = editor.workflow.source().text().matches(&format!("\"{name}")).count();
            if let Some(typo) = mistype(name, 0).filter(|_| mentions > 0 && assigned == 1) {
                editor.replace_in(&member.key, 0, name.len(), &typo);
            }
        }
    }
}

/// What a name that is assigned once is assigned to is left out: every way lacks it.
pub(super) fn assign_missing(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        let members = state.get("Assign").and_then(Value::as_object).unwrap_or_default();
        for member in members {
            let name = member.name().trim_end_matches(".$");
            let text = editor.workflow.source().text();
            let read = text
                .match_indices(&format!("${name}"))
                .filter(|(at, found)| {
                    text.get(at + found.len()..).is_some_and(|rest| {
                        !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_')
                    })
                })
                .count();
            if read > 0
                && text.matches(&format!("\"{name}\":")).count()
                    + text.matches(&format!("\"{name}.$\":")).count()
                    == 1
                && members.len() > 1
            {
                editor.remove_member(members, member.name(), Span::new(0, text.len()));
            }
        }
    }
}

/// A variable that the state around assigns before.
pub(super) fn variable_of_outer_scope(editor: &mut Editor<'_>) {
    for machine in editor.workflow.machines() {
        for state in machine.states().into_iter().filter(|state| !super::map::is_distributed(*state)) {
            let names: Vec<_> = assigned_before(machine, state);
            let inner = state.machines().into_iter().flat_map(|machine| machine.states());
            for inner in
                inner.filter(|inner| inner.text("Type") == Some("Pass") && inner.get("Assign").is_none())
            {
                let Some(member) = inner.value.member("Type") else { continue };
                names
                    .iter()
                    .for_each(|name| editor.add_member(member, &format!("\"Assign\": {{ \"{name}\": 1 }}")));
            }
        }
    }
}

fn assigned_before<'a>(machine: MachineAt<'a>, state: StateAt<'a>) -> Vec<&'a str> {
    let before = machine.states().into_iter().filter(|other| other.text("Next") == Some(&state.name.value));
    let members = before.flat_map(|other| other.get("Assign").and_then(Value::as_object).unwrap_or_default());
    members.map(|member| member.name().trim_end_matches(".$")).collect()
}

/// Targets of catchers and defaults in another scope.
pub(super) fn handler_out_of_scope(editor: &mut Editor<'_>) {
    for outer in editor.workflow.machines() {
        for state in outer.states() {
            for inner in state.machines() {
                for target in inner.states() {
                    let catchers = outer.states().into_iter().flat_map(|state| state.elements("Catch"));
                    let nexts = catchers.filter_map(|catcher| plain(catcher, "Next")).collect::<Vec<_>>();
                    let defaults =
                        outer.states().into_iter().filter_map(|state| plain(state.value, "Default"));
                    for text in nexts.into_iter().chain(defaults) {
                        editor.rename(text, &target.name.value);
                    }
                }
            }
        }
    }
}

/// Names that are too long, or nothing.
pub(super) fn name_wrong(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        editor.rename(state.name, "");
        editor.rename(state.name, &"x".repeat(81));
    }
}

/// The fields that a known result has, in the expressions of the state after it.
pub(super) fn result_field_misspelt_in_next(editor: &mut Editor<'_>) {
    for state in editor.workflow.states().into_iter().filter(|state| state.is_jsonata) {
        let names: Vec<&str> = match (state.get("Output"), state.text("Type")) {
            (Some(output), _) => output.as_object().unwrap_or_default().iter().map(Member::name).collect(),
            (None, Some("Task")) => super::result::fields(state).to_vec(),
            _ => Vec::new(),
        };
        for next in super::result::only_followers(state).into_iter().filter(|next| next.is_jsonata) {
            for text in
                next.strings().into_iter().filter(|text| text.is_expression() && text.field != "Choices")
            {
                for (at, prefix) in text.text.value.match_indices("$states.input.") {
                    let start = at + prefix.len();
                    let rest = text.text.value.get(start..).unwrap_or_default();
                    let length = rest
                        .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                        .unwrap_or(rest.len());
                    let name = rest.get(..length).unwrap_or_default();
                    if names.contains(&name) {
                        let typo = mistype(name, 0).unwrap_or_else(|| format!("{name}x"));
                        editor.replace_in(text.text, start, length, &typo);
                    }
                }
            }
        }
    }
}

/// A state after a Parallel looks for a branch that there is not.
pub(super) fn branch_there_is_not(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Parallel").into_iter().filter(|state| !state.is_jsonata) {
        let branches = state.elements("Branches").len();
        let strings = super::result::only_followers(state).into_iter().flat_map(|next| next.strings());
        let own = state.strings().into_iter().filter(|path| path.field == "ResultSelector");
        for path in own.chain(strings).filter(|path| path.is_path()) {
            for at in 0..branches {
                let index = format!("[{at}]");
                if let Some(at) =
                    path.text.value.find(&index).filter(|at| path.text.value.starts_with('$') && *at < 20)
                {
                    editor.replace_in(path.text, at + 1, index.len() - 2, &(branches + 3).to_string());
                }
            }
        }
    }
}
