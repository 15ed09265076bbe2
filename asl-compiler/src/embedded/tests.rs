use super::*;
use crate::diagnostic::Diagnostics;
use crate::document::read_template;
use crate::read::read_definition;
use crate::source::{Position, SourceFile};
use crate::{Options, check};

/// The machines of a template, each with where its definition is.
fn machines(name: &str, text: &str) -> Vec<(String, String)> {
    let root = read_template(&SourceFile::new(name, text), &mut Diagnostics::default()).expect("a value");
    let template = Template::of(&root).expect("a template");
    let described = template.machines.iter();
    described.map(|machine| (machine.name.clone(), machine.content.describe(&machine.name))).collect()
}

fn named<'a>(source: &SourceFile, read: &'a dyn Fn(&str) -> Option<SourceFile>) -> Vec<Definition> {
    definitions(source, &mut |path: &str| read(path).ok_or_else(|| format!("no such file: `{path}`")))
}

/// The value of the definition that a file is read as.
fn value(source: &SourceFile) -> String {
    let mut diagnostics = Diagnostics::default();
    let read = read_definition(source, &Options::default(), &mut diagnostics).expect("a definition");
    assert_eq!(diagnostics.into_sorted(), []);
    read.value.to_string()
}

#[test]
fn every_way_to_give_a_definition_is_known() {
    let template = r#"
Resources:
  Inline:
    Type: AWS::Serverless::StateMachine
    Properties: { Definition: { StartAt: A, States: {} } }
  Text:
    Type: AWS::StepFunctions::StateMachine
    Properties: { DefinitionString: !Sub '{"StartAt": "${A}"}' }
  Json:
    Type: AWS::StepFunctions::StateMachine
    Properties: { DefinitionString: !ToJsonString { StartAt: A } }
  File:
    Type: AWS::Serverless::StateMachine
    Properties: { DefinitionUri: flows/a.asl.json }
  Bucket:
    Type: AWS::Serverless::StateMachine
    Properties: { DefinitionUri: { Bucket: b, Key: k } }
  Address:
    Type: AWS::Serverless::StateMachine
    Properties: { DefinitionUri: "s3://b/k" }
  Location:
    Type: AWS::StepFunctions::StateMachine
    Properties: { DefinitionS3Location: { Bucket: b, Key: k } }
  Asset:
    Type: AWS::StepFunctions::StateMachine
    Properties: { DefinitionS3Location: { Bucket: b, Key: 0000000000000000000000000000000000000000000000000000000000000000.json } }
  Chosen:
    Type: AWS::StepFunctions::StateMachine
    Properties: { DefinitionString: !If [A, b, c] }
  Included:
    Type: AWS::Serverless::StateMachine
    Properties: { Definition: { "Fn::Transform": { Name: AWS::Include } } }
  Nothing:
    Type: AWS::StepFunctions::StateMachine
  Table:
    Type: AWS::DynamoDB::Table
"#;
    let expected = [
        ("Inline", "is in here"),
        ("Text", "is in here"),
        ("Json", "is in here"),
        ("File", "is the file `flows/a.asl.json`"),
        ("Bucket", "is in S3"),
        ("Address", "is in S3"),
        ("Location", "is in S3"),
        (
            "Asset",
            "is the file `asset.0000000000000000000000000000000000000000000000000000000000000000.json`",
        ),
        ("Chosen", "is made by `Fn::If` when the template is deployed"),
        ("Included", "is made by `Fn::Transform` when the template is deployed"),
        ("Nothing", "is missing"),
    ];
    let expected =
        expected.map(|(name, place)| (name.to_owned(), format!("the definition of `{name}` {place}")));
    assert_eq!(machines("template.yaml", template), expected);
}

#[test]
fn machines_of_the_serverless_framework_are_found() {
    let template = "stepFunctions:
  stateMachines:
    inline: { definition: { StartAt: A } }
    text: { definition: '{}' }
    file: { definition: '${file(flows/a.yml)}' }
    part: { definition: '${file(flows/${self:stage}.yml):a}' }
    whole: ${file(machine.yml)}
    nothing: { name: x }
";
    let expected = [
        ("inline", "is in here"),
        ("text", "is in here"),
        ("file", "is the file `flows/a.yml`"),
        ("part", "is the value of `${file(flows/${self:stage}.yml):a}`"),
        ("whole", "is the value of `${file(machine.yml)}`"),
        ("nothing", "is missing"),
    ];
    let expected =
        expected.map(|(name, place)| (name.to_owned(), format!("the definition of `{name}` {place}")));
    assert_eq!(machines("serverless.yml", template), expected);
}

#[test]
fn machines_of_a_plan_are_found_in_all_modules() {
    let plan = r#"{ "format_version": "1.2", "terraform_version": "1.9.0", "planned_values": { "root_module": {
        "resources": [
            { "address": "aws_sfn_state_machine.a", "type": "aws_sfn_state_machine", "values": { "definition": "{}", "type": "EXPRESS" } },
            { "address": "aws_sqs_queue.q", "type": "aws_sqs_queue", "values": {} }
        ],
        "child_modules": [{ "child_modules": [{ "resources": [
            { "address": "module.m.aws_sfn_state_machine.b[0]", "type": "aws_sfn_state_machine", "values": {} }
        ] }] }]
    } } }"#;
    let expected = [
        ("aws_sfn_state_machine.a", "is in here"),
        ("module.m.aws_sfn_state_machine.b[0]", "is known only after `terraform apply`"),
    ];
    let expected =
        expected.map(|(name, place)| (name.to_owned(), format!("the definition of `{name}` {place}")));
    assert_eq!(machines("plan.json", plan), expected);
}

#[test]
fn what_aws_says_about_a_machine_is_read() {
    let text = r#"{ "stateMachineArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:Order", "type": "EXPRESS",
        "definition": "{ \"StartAt\": \"A\", \"States\": { \"A\": { \"Type\": \"Succeed\" } } }" }"#;
    assert_eq!(machines("answer.json", text)[0].0, "Order");
    assert_eq!(
        value(&SourceFile::new("a.json", text)),
        r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#
    );
}

#[test]
fn what_is_no_template_is_none() {
    for text in [
        "{}",
        "[]",
        "5",
        r#"{ "definition": "{}" }"#,
        r#"{ "Resources": {}, "States": {} }"#,
        r#"{ "values": {} }"#,
    ] {
        let root =
            read_template(&SourceFile::new("a.json", text), &mut Diagnostics::default()).expect("a value");
        assert!(Template::of(&root).is_none(), "{text}");
    }
}

#[test]
fn values_of_a_template_are_put_into_the_definition_that_it_names() {
    let template = r#"Resources:
  Order:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: a.asl.json
      Type: EXPRESS
      DefinitionSubstitutions:
        Seconds: 5
        Name: orders
        Arn: !GetAtt F.Arn
        Call: !Sub arn:${AWS::Partition}:states:::lambda:invoke
        Table: !Sub ${Stage}-orders
"#;
    let file = r#"{ "StartAt": "${Name}", "States": { "orders": { "Type": "Wait", "Seconds": ${Seconds}, "Comment": "${Arn} ${Call} ${Table}", "Next": "x" } } }"#;
    let source = SourceFile::new("template.yaml", template);
    let found = named(&source, &|path| (path == "a.asl.json").then(|| SourceFile::new(path, file)));
    let definition = found[0].source.clone().expect("a file");
    assert_eq!((definition.machine(), definition.title().as_str()), (Some("Order"), "a.asl.json (Order)"));
    let expected = r#"{"StartAt":"orders","States":{"orders":{"Type":"Wait","Seconds":5,"Comment":"${Arn} arn:${AWS::Partition}:states:::lambda:invoke ${Table}","Next":"x"}}}"#;
    assert_eq!(value(&definition), expected);
    let problems = check(&definition, &Options::default()).diagnostics;
    let unknown = problems.iter().find(|found| found.code == Code::UnknownState).expect("a problem");
    assert_eq!(definition.slice(unknown.span), r#""x""#);
    // A value that is given counts before that of the template.
    let given = Options { substitutions: vec![Substitution::string("Name", "other")], ..Options::default() };
    assert!(
        crate::read(&definition, &given).expect("a value").to_string().starts_with(r#"{"StartAt":"other""#)
    );
}

#[test]
fn one_of_several_machines_has_to_be_chosen() {
    let template = r#"{ "Resources": {
        "Order": { "Type": "AWS::StepFunctions::StateMachine", "Properties": { "DefinitionString": "{}" } },
        "Refund": { "Type": "AWS::StepFunctions::StateMachine", "Properties": { "DefinitionS3Location": {} } },
        "Gone": { "Type": "AWS::StepFunctions::StateMachine", "Properties": { "DefinitionS3Location": "gone.json" } }
    } }"#;
    let source = SourceFile::new("t.json", template);
    let chosen = |machine| {
        choose(&source, machine, "--machine NAME", &mut |path| Err(format!("no such file: `{path}`")))
            .map(|source| source.machine().map(str::to_owned))
            .map_err(|error| error.to_string())
    };
    assert_eq!(chosen(Some("Order")), Ok(Some("Order".to_owned())));
    for (machine, reason) in [
        (
            None,
            "`t.json` has several state machines: choose one with `--machine NAME` from `Order`, `Refund`, `Gone`",
        ),
        (Some("Ordr"), "there is no state machine `Ordr` in `t.json`; did you mean `Order`?"),
        (Some("x"), "there is no state machine `x` in `t.json`; it has `Order`, `Refund`, `Gone`"),
        (Some("Refund"), "the definition of `Refund` is in S3"),
        (Some("Gone"), "no such file: `gone.json`"),
    ] {
        assert_eq!(chosen(machine), Err(reason.to_owned()));
    }
    let alone = SourceFile::new("a.json", "{}");
    let nothing = choose(&alone, Some("A"), "", &mut |_| Err(String::new())).map(|_| ());
    assert_eq!(
        nothing.unwrap_err().to_string(),
        "`a.json` is not a template with state machines: there is nothing to choose"
    );
}

/// Where the name of the state that does not exist is, in a template around it.
fn place_of_problem(name: &str, template: &str) -> (String, Position) {
    let source = SourceFile::new(name, template);
    let problems = check(&source, &Options::default()).diagnostics;
    let unknown = problems.iter().find(|found| found.code == Code::UnknownState);
    let unknown = unknown.unwrap_or_else(|| panic!("{name}: {problems:?}"));
    (source.slice(unknown.span).to_owned(), source.position(unknown.span.start))
}

#[test]
fn places_are_those_of_the_template() {
    let at = |line, column| Position { line, column };
    let properties = |text: &str| {
        format!("Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n{text}")
    };
    let definition = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "é"}}}"#;
    let block = properties(&format!("      DefinitionString: !Sub |\n        \n         {definition}\n"));
    assert_eq!(place_of_problem("t.yaml", &block), (r#""é""#.to_owned(), at(7, 68)));
    let sub = properties(&format!(
        "      DefinitionString:\n        Fn::Sub:\n        - '{definition}'\n        - {{}}\n"
    ));
    assert_eq!(place_of_problem("t.yaml", &sub), (r#""é""#.to_owned(), at(7, 70)));
    let escaped = definition.replace('"', "\\\"");
    let quoted = properties(&format!("      DefinitionString: \"{escaped}\"\n"));
    assert_eq!(
        place_of_problem("t.yaml", &quoted),
        (r#"\"é\""#.to_owned(), at(5, 26 + escaped.chars().count() - 8))
    );
    let (before, after) = escaped.split_once(r#"\"é"#).expect("a name");
    let joined = format!(
        "{{ \"Resources\": {{ \"M\": {{ \"Type\": \"AWS::StepFunctions::StateMachine\", \"Properties\": {{ \"DefinitionString\":\n{{ \"Fn::Join\": [\"\", [\"{before}\", {{ \"Ref\": \"X\" }},\n\"\\\"é{after}\"]] }} }} }} }} }}"
    );
    // A reference between pieces is a part of the text, and here of nothing that JSON has.
    assert!(check(&SourceFile::new("t.json", joined.as_str()), &Options::default()).machine.is_none());
    let joined = joined.replace("{ \"Ref\": \"X\" },", "");
    assert_eq!(place_of_problem("t.json", &joined), (r#"\"é\""#.to_owned(), at(3, 2)));
    let plan = format!(
        "{{ \"terraform_version\": \"1\", \"planned_values\": {{ \"root_module\": {{ \"resources\": [\n{{ \"type\": \"aws_sfn_state_machine\", \"values\": {{ \"definition\": \"{}\" }} }}] }} }} }}",
        definition.replace('"', "\\\"").replace('é', "\\u00e9")
    );
    assert_eq!(place_of_problem("plan.json", &plan).0, r#"\"\u00e9\""#);
}

#[test]
fn faults_of_the_inner_text_are_shown_in_the_template() {
    let text = "{ \"roleArn\": \"r\",\n \"definition\": \"{ \\\"StartAt\\\": \\\"A\\\",, }\" }";
    let source = SourceFile::new("t.json", text);
    let problems = check(&source, &Options::default()).diagnostics;
    let problem = problems.first().expect("a problem");
    assert_eq!((source.slice(problem.span), source.position(problem.span.start).line), (",", 2));
}

#[test]
fn what_is_wrong_elsewhere_in_a_template_is_not_reported() {
    let text = "Other: { a: 1, a: 2, b: !Custom x }
Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: { StartAt: A, States: { A: { Type: Succeed } } }
";
    assert_eq!(check(&SourceFile::new("t.yaml", text), &Options::default()).diagnostics, []);
}
