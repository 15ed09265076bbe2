//! What editors are told about definitions, finished or not. `‸` is the place that is asked about.

#![expect(clippy::unwrap_used, clippy::string_slice, reason = "tests")]

use asl_compiler::inspect::{Completion, Inspection};
use asl_compiler::source::{SourceFile, Span};

const ORDERS: &str = r#"{
  "StartAt": "Charge",
  "States": {
    "Charge": {
      "Type": "Task",
      "Comment": "takes the money 😀",
      "Resource": "arn:aws:states:::dynamodb:putItem",
      "Parameters": { "TableName": "t", "Item": {} },
      "Assign": { "total.$": "$.total", "at": "now" },
      "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "Refund" }],
      "Next": "Each"
    },
    "Each": {
      "Type": "Map",
      "ItemSelector": { "sum.$": "States.Format('$total {}', $total)" },
      "ItemProcessor": {
        "StartAt": "Inside",
        "States": {
          "Inside": { "Type": "Pass", "OutputPath": "$total", "Next": "Done" },
          "Done": { "Type": "Succeed" }
        }
      },
      "End": true
    },
    "Refund": { "Type": "Fail" }
  }
}"#;

/// A definition and the offset of its `‸`.
fn at(text: &str) -> (SourceFile, usize) {
    let offset = text.find('‸').unwrap();
    (SourceFile::new("t", text.replace('‸', "")), offset)
}

/// The offset in [`ORDERS`] of the place before `‸` in a part of it.
fn offset(part: &str) -> usize {
    let plain = part.replace('‸', "");
    assert_eq!(ORDERS.matches(&plain).count(), 1, "{plain}");
    ORDERS.find(&plain).unwrap() + part.find('‸').unwrap()
}

fn shown(spans: &[Span]) -> Vec<String> {
    let source = SourceFile::new("t", ORDERS);
    spans.iter().map(|span| format!("{}:{}", source.line(span.start), source.slice(*span))).collect()
}

fn completions(text: &str) -> (String, Vec<Completion>) {
    let (source, offset) = at(text);
    let found = Inspection::new(&source).completions(offset);
    (source.text().to_owned(), found)
}

fn labels(text: &str) -> Vec<String> {
    completions(text).1.into_iter().map(|completion| completion.label).collect()
}

/// The text after a completion was taken.
fn taken(text: &str, label: &str) -> String {
    let (mut text, found) = completions(text);
    let completion = found.into_iter().find(|completion| completion.label == label).unwrap();
    text.replace_range(completion.span.range(), &completion.text);
    text
}

#[test]
fn a_transition_leads_to_its_state() {
    let source = SourceFile::new("t", ORDERS);
    let inspection = Inspection::new(&source);
    for part in [r#""StartAt": "Ch‸arge""#, r#""‸Charge": {"#, r#""Charge‸": {"#] {
        assert_eq!(shown(&inspection.definitions(offset(part))), [r#"4:"Charge""#]);
        assert_eq!(shown(&inspection.references(offset(part), false)), [r#"2:"Charge""#]);
    }
    assert_eq!(shown(&inspection.definitions(offset(r#""Next": "Ref‸und""#))), [r#"25:"Refund""#]);
    assert_eq!(shown(&inspection.definitions(offset(r#""Type": "M‸ap""#))), [""; 0]);
}

#[test]
fn a_variable_leads_to_where_it_is_assigned() {
    let source = SourceFile::new("t", ORDERS);
    let inspection = Inspection::new(&source);
    for part in [r#""to‸tal.$": "$.total""#, "{}', $t‸otal)", r#""OutputPath": "‸$total""#] {
        assert_eq!(shown(&inspection.definitions(offset(part))), ["9:total"]);
        assert_eq!(shown(&inspection.references(offset(part), false)), ["15:total", "19:total"]);
    }
}

#[test]
fn a_state_is_renamed_everywhere() {
    let source = SourceFile::new("t", ORDERS);
    let inspection = Inspection::new(&source);
    let edits = inspection.rename(offset(r#""Next": "Ref‸und""#), "Give \"back\"").unwrap();
    assert!(edits.iter().all(|(_, text)| text == r#""Give \"back\"""#));
    assert_eq!(edits.len(), 2);
    let edits = inspection.rename(offset("{}', $t‸otal)"), "sum").unwrap();
    assert_eq!(edits.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), ["sum"; 3]);
    for (part, name) in [
        (r#""Next": "Ref‸und""#, "Charge"),
        (r#""Next": "Ref‸und""#, ""),
        ("{}', $t‸otal)", "a b"),
        (r#""Type": "M‸ap""#, "x"),
    ] {
        assert!(inspection.rename(offset(part), name).is_err(), "{part} {name}");
    }
}

#[test]
fn symbols_are_nested() {
    let source = SourceFile::new("t", ORDERS);
    let symbols = Inspection::new(&source).symbols();
    assert_eq!(
        symbols.iter().map(|symbol| symbol.name.as_str()).collect::<Vec<_>>(),
        ["Charge", "Each", "Refund"]
    );
    let inner: Vec<_> = symbols.get(1).unwrap().inner.iter().map(|symbol| symbol.name.as_str()).collect();
    assert_eq!(inner, ["Inside", "Done"]);
}

#[test]
fn a_place_is_described() {
    let source = SourceFile::new("t", ORDERS);
    let inspection = Inspection::new(&source);
    let hover = |part: &str| inspection.hover(offset(part)).map(|hover| hover.text).unwrap_or_default();
    let state = hover(r#""Charge‸": {"#);
    for part in [
        "**Charge**: Task state",
        "takes the money 😀",
        "leads to `Each`, `Refund` (`Catch`)",
        "from `StartAt`",
    ] {
        assert!(state.contains(part), "{state}");
    }
    assert!(hover(r#""Cat‸ch": ["#).starts_with("`Catch`: What happens after an error"));
    assert!(hover(r#""Table‸Name""#).contains("`TableName` of `dynamodb:putItem`: required, string"));
    assert!(hover(r#""arn:aws:states:::dyna‸modb:putItem""#).contains("takes: object of: "));
    assert!(hover(r#"["Sta‸tes.ALL"]"#).contains("every error"));
    assert!(hover("{}', $t‸otal)").contains("assigned in `Charge`"));
    assert_eq!(hover(r#""‸now""#), "");
}

#[test]
fn states_are_offered_in_their_scope() {
    let machine = |end: &str| {
        format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Map", "ItemProcessor": {{"StartAt": "X", "States": {{"X": {{}}}}}}}}, "B": {{{end}"#
        )
    };
    for end in [
        r#""Next": "‸"#,
        r#""Next": ‸"#,
        r#""Next": "A‸", "#,
        r#""Next":‸, "#,
        "\"Next\": \"‸\n\"End\": true}}}",
    ] {
        assert_eq!(labels(&machine(end)), ["A", "B"], "{end}");
        let done = taken(&machine(end), "B");
        assert!(done.contains(r#""Next": "B""#) || done.contains(r#""Next":"B""#), "{done}");
    }
    assert_eq!(labels(r#"{"StartAt": "‸", "States": {"A": {}}}"#), ["A"]);
    assert_eq!(labels(r#"{"StartAt": "A", "States": {"‸": {}}}"#), ["A"]);
}

#[test]
fn fields_are_offered_by_type_and_language_and_only_once() {
    let found = labels(r#"{"States": {"A": {"Type": "Wait", "Comment": "", ‸}}}"#);
    assert!(found.contains(&"SecondsPath".to_owned()) && !found.contains(&"Comment".to_owned()), "{found:?}");
    assert!(!found.contains(&"Resource".to_owned()), "{found:?}");
    let found = labels(r#"{"QueryLanguage": "JSONata", "States": {"A": {"Type": "Wait", "‸"}}}"#);
    assert!(found.contains(&"Output".to_owned()) && !found.contains(&"SecondsPath".to_owned()), "{found:?}");
    assert_eq!(taken(r#"{"‸"}"#, "StartAt"), r#"{"StartAt": }"#);
    assert_eq!(taken(r#"{"St‸": 1}"#, "StartAt"), r#"{"StartAt": 1}"#);
    assert_eq!(taken(r#"{‸}"#, "StartAt"), r#"{"StartAt": }"#);
    assert!(
        labels(r#"{"States": {"A": {"Type": "Choice", "Choices": [{‸}]}}}"#)
            .contains(&"NumericEquals".to_owned())
    );
    assert!(labels(r#"{"States": {"A": {"Type": "Task", "Retry": [{"‸"#).contains(&"MaxAttempts".to_owned()));
}

#[test]
fn values_are_offered() {
    let state = |fields: &str| format!(r#"{{"States": {{"A": {{"Type": "Task", {fields}"#);
    assert!(labels(r#"{"States": {"A": {"Type": ‸}}}"#).contains(&"Parallel".to_owned()));
    assert!(
        labels(&state(r#""Resource": "arn‸"#))
            .contains(&"arn:aws:states:::sqs:sendMessage.waitForTaskToken".to_owned())
    );
    let actions = labels(&state(r#""Resource": "arn:aws:states:::aws-sdk:s3:get‸""#));
    assert!(actions.contains(&"arn:aws:states:::aws-sdk:s3:getObject".to_owned()));
    let errors = labels(&state(
        r#""Resource": "arn:aws:states:::dynamodb:putItem", "Catch": [{"ErrorEquals": ["‸"]}]"#,
    ));
    assert!(errors.contains(&"DynamoDB.ConditionalCheckFailedException".to_owned()), "{errors:?}");
    assert!(errors.contains(&"States.ALL".to_owned()));
    let parameters =
        state(r#""Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "t", ‸}"#);
    assert!(labels(&parameters).contains(&"ConditionExpression".to_owned()));
    assert!(!labels(&parameters).contains(&"TableName".to_owned()));
}

#[test]
fn paths_are_offered_inside_of_strings() {
    let pass = |fields: &str| {
        format!(r#"{{"States": {{"A": {{"Type": "Pass", "Assign": {{"v": 1}}, {fields}}}}}}}"#)
    };
    let found = labels(&pass(r#""Parameters": {"a.$": "$$.Exec‸"}"#));
    assert!(found.contains(&"$$.Execution.Id".to_owned()), "{found:?}");
    assert!(labels(&pass(r#""InputPath": "$‸""#)).contains(&"$v".to_owned()));
    let done = taken(&pass(r#""Parameters": {"a.$": "States.Format('{}', $‸)"}"#), "$v");
    assert!(done.contains("States.Format('{}', $v)"), "{done}");
    assert!(labels(&pass(r#""Parameters": {"a.$": "Sta‸"}"#)).contains(&"States.Format".to_owned()));
    let found =
        labels(r#"{"QueryLanguage": "JSONata", "States": {"A": {"Type": "Task", "Output": "{% $‸ %}"}}}"#);
    assert!(found.contains(&"$states.result".to_owned()), "{found:?}");
    assert!(found.contains(&"$uuid".to_owned()) && found.contains(&"$sum".to_owned()), "{found:?}");
}

#[test]
fn what_is_known_of_the_data_is_offered_and_shown() {
    let machine = |state: &str| {
        format!(
            r#"{{"StartAt": "A", "States": {{
                "A": {{"Type": "Pass", "Parameters": {{"order": {{"id": 7, "lines": [{{"sku": "x"}}]}}}}, "Assign": {{"v": {{"w": true}}}}, "Next": "B"}},
                "B": {{{state}"#
        )
    };
    let of = |fields: &str| machine(&format!(r#""Type": "Pass", {fields}"#));
    assert!(labels(&of(r#""InputPath": "$.‸""#)).contains(&"$.order".to_owned()));
    assert!(labels(&of(r#""InputPath": "$‸""#)).contains(&"$.order".to_owned()));
    let found = labels(&of(r#""Parameters": {"a.$": "States.Array($.order.‸)"}"#));
    assert!(
        found.contains(&"$.order.id".to_owned()) && found.contains(&"$.order.lines".to_owned()),
        "{found:?}"
    );
    assert!(
        labels(&of(r#""Parameters": {"a.$": "$.order.lines[0].‸"}"#))
            .contains(&"$.order.lines[0].sku".to_owned())
    );
    assert!(labels(&of(r#""Parameters": {"a.$": "$v.‸"}"#)).contains(&"$v.w".to_owned()));
    assert!(
        labels(&of(r#""InputPath": "$.order", "Parameters": {"a.$": "$.‸"}"#)).contains(&"$.id".to_owned())
    );
    let task =
        r#""Type": "Task", "Resource": "arn:aws:states:::http:invoke", "ResultSelector": {"a.$": "$.Sta‸"}"#;
    assert!(labels(&machine(task)).contains(&"$.StatusCode".to_owned()));
    let expression = r#""Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.order.‸ %}""#;
    assert!(labels(&machine(expression)).contains(&"$states.input.order.id".to_owned()));
    let hover = |text: &str| {
        let (source, offset) = at(text);
        Inspection::new(&source).hover(offset).map(|hover| (source.slice(hover.span).to_owned(), hover.text))
    };
    let (place, text) = hover(&of(r#""InputPath": "$.ord‸er.id""#)).unwrap();
    assert_eq!(place, "$.order");
    assert!(text.starts_with("`$.order`: `{") && text.contains("id"), "{text}");
    assert!(hover(&of("").replace(r#""B": {"#, r#""B‸": {"#)).unwrap().1.contains("input: `{"));
}

/// The labels that are offered in a YAML text, and the text after the first of them with `label` was taken.
fn in_yaml(text: &str, label: &str) -> (Vec<String>, String) {
    let (source, offset) = at(text);
    let source = SourceFile::new("t.asl.yaml", source.text());
    let found = Inspection::new(&source).completions(offset);
    let mut text = source.text().to_owned();
    if let Some(completion) = found.iter().find(|completion| completion.label == label) {
        text.replace_range(completion.span.range(), &completion.text);
    }
    (found.into_iter().map(|completion| completion.label).collect(), text)
}

#[test]
fn yaml_is_completed_too() {
    let start = "StartAt: A\nStates:\n  A:\n    Type: Task\n    Resource: arn:aws:states:::sqs:sendMessage\n";
    let end = "\n  B:\n    Type: Succeed\n";
    for (line, label, expected) in [
        ("    Next: ‸", "B", "    Next: B"),
        ("    Next: A‸", "B", "    Next: B"),
        ("    Next: \"A‸", "B", "    Next: B"),
        ("    ‸", "Next", "    Next: "),
        ("    N‸", "Next", "    Next: "),
        ("    N‸: B", "Next", "    Next: B"),
        ("    Parameters:\n      ‸", "QueueUrl", "    Parameters:\n      QueueUrl: "),
        ("    Retry:\n      - ‸", "ErrorEquals", "    Retry:\n      - ErrorEquals: "),
        (
            "    Retry:\n      - ErrorEquals:\n          - Sta‸",
            "States.ALL",
            "    Retry:\n      - ErrorEquals:\n          - States.ALL",
        ),
        (
            "    Parameters:\n      a.$: $$.Ex‸",
            "$$.Execution.Id",
            "    Parameters:\n      a.$: $$.Execution.Id",
        ),
        ("    End: ‸", "true", "    End: true"),
    ] {
        let (labels, text) = in_yaml(&format!("{start}{line}{end}"), label);
        assert_eq!(text, format!("{start}{expected}{end}"), "{line} {labels:?}");
    }
    for (offset, _) in start.char_indices() {
        let (source, _) = at(&format!("{start}‸"));
        let source = SourceFile::new("t.yaml", source.text());
        let inspection = Inspection::new(&source);
        let _ =
            (inspection.completions(offset), inspection.hover(offset), inspection.references(offset, true));
    }
}

/// Every question at every place of every beginning of a definition has some answer.
#[test]
fn no_place_is_too_strange() {
    for (end, _) in ORDERS.char_indices().step_by(7) {
        let source = SourceFile::new("t", &ORDERS[..end]);
        let inspection = Inspection::new(&source);
        let _ = inspection.symbols();
        for offset in (0..=end + 2).rev().take(60).chain((0..end).step_by(31)) {
            let _ = (
                inspection.hover(offset),
                inspection.completions(offset),
                inspection.references(offset, true),
            );
            for completion in inspection.completions(offset) {
                let span = completion.span;
                assert!(
                    span.start <= offset.min(end) && offset.min(end) <= span.end,
                    "{offset} {completion:?}"
                );
                assert!(completion.span.end <= end);
            }
        }
    }
}

/// Two machines: one as a part of the template, one as text in a block.
const TEMPLATE: &str = r#"Resources:
  First:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: A
        States:
          A:
            Type: Pass
            Next: B
          B: { Type: Succeed }
  Second:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !Sub |
        { "StartAt": "A",
          "States": {
            "A": { "Type": "Task", "Resource": "${F.Arn}", "Next": "B" },
            "B": { "Type": "Wait", "Seconds": 1, "End": true } } }
"#;

#[test]
fn each_machine_of_a_template_has_its_own_names() {
    let source = SourceFile::new("template.yaml", TEMPLATE);
    let inspection = Inspection::new(&source);
    let lines = |spans: Vec<Span>| spans.iter().map(|span| source.line(span.start)).collect::<Vec<_>>();
    let place = |part: &str| TEMPLATE.find(part).unwrap() + part.len() - 1;
    assert_eq!(lines(inspection.definitions(place("Next: B"))), [11]);
    assert_eq!(lines(inspection.definitions(place(r#""Next": "B"#))), [19]);
    assert_eq!(lines(inspection.references(place(r#""B"#), true)), [18, 19]);
    let symbols = inspection.symbols();
    let shown: Vec<_> = symbols.iter().map(|machine| (machine.name.as_str(), machine.inner.len())).collect();
    assert_eq!(shown, [("First", 2), ("Second", 2)]);
    let renamed = inspection.rename(place(r#""Next": "B"#), "C").unwrap();
    assert_eq!(renamed.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), [r#""C""#, r#""C""#]);
    let hover = inspection.hover(place(r#""Next": "B"#)).unwrap();
    assert!(hover.text.contains("**B**: Wait state"), "{}", hover.text);
}

#[test]
fn templates_are_completed() {
    for (before, after, label) in [
        ("Next: B\n", "Next: ‸\n", "B"),
        (r#""Next": "B" }"#, r#""Next": "‸" }"#, "B"),
        (r#""Seconds": 1,"#, r#""‸","#, "SecondsPath"),
    ] {
        let (labels, _) = in_yaml(&TEMPLATE.replace(before, after), label);
        assert!(labels.iter().any(|found| found == label), "{after} {labels:?}");
    }
}

#[test]
fn names_in_a_string_with_escapes_stay_as_they_are() {
    let text =
        r#"{ "roleArn": "", "definition": "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}}}" }"#;
    let source = SourceFile::new("description.json", text);
    let inspection = Inspection::new(&source);
    let offset = text.find(r#"\"A\","#).unwrap() + 2;
    let definitions = inspection.definitions(offset);
    assert_eq!(definitions.iter().map(|span| source.slice(*span)).collect::<Vec<_>>(), [r#"\"A\""#]);
    assert!(definitions[0].start > offset);
    assert!(inspection.rename(offset, "B").is_err() && inspection.name_span(offset).is_none());
    assert_eq!(inspection.completions(offset), []);
}

#[test]
fn no_place_of_a_template_is_too_strange() {
    for end in (0..TEMPLATE.len()).step_by(61).chain([TEMPLATE.len()]) {
        let source = SourceFile::new("template.yaml", &TEMPLATE[..end]);
        let inspection = Inspection::new(&source);
        let _ = inspection.symbols();
        for offset in (0..=end).step_by(43) {
            let _ =
                (inspection.hover(offset), inspection.completions(offset), inspection.rename(offset, "x"));
        }
    }
}
