//! What IAM says to policies, by its rules: each case is a policy against one or two needs.

use super::*;
use asl_compiler::diagnostic::Diagnostics;
use asl_compiler::json;
use asl_compiler::source::SourceFile;
use serde_json::json;

fn place() -> MachinePlace {
    let text = |text: &str| Some(text.to_owned());
    MachinePlace {
        partition: text("aws"),
        region: text("us-east-1"),
        account: text("123456789012"),
        name: text("m"),
    }
}

/// A machine with one task.
fn task(resource: &str, parameters: &Value) -> Policy {
    let machine = json!({ "StartAt": "T", "States": {
        "T": { "Type": "Task", "Resource": resource, "Parameters": parameters, "End": true } } });
    let source = SourceFile::new("m", machine.to_string());
    let definition = json::parse(&source, &mut Diagnostics::default()).expect("JSON");
    crate::policy(&definition, crate::Settings::default())
}

fn put() -> Policy {
    task("arn:aws:states:::dynamodb:putItem", &json!({ "TableName": "orders", "Item": {} }))
}

fn document(statements: &Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// What lacks, what is conditional, and what is broader.
fn against(policy: &Policy, granted: &Value) -> [Vec<String>; 3] {
    let comparison = compare(policy, &place(), Granted { policies: Some(granted), boundary: None });
    let actions = |verdicts: &[Verdict]| verdicts.iter().map(|verdict| verdict.action.clone()).collect();
    [actions(&comparison.lacking), actions(&comparison.conditional), comparison.broader.into_keys().collect()]
}

const ORDERS: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/orders";

#[test]
fn patterns_of_resources_are_those_of_iam() {
    for (resource, lacks, broader) in [
        (ORDERS, false, false),
        ("*", false, true),
        ("arn:aws:dynamodb:*:*:table/orders", false, true),
        ("arn:aws:dynamodb:us-east-1:123456789012:table/Orders", true, true),
        ("arn:aws:dynamodb:us-east-1:123456789012:table/order?", false, true),
        ("arn:aws:dynamodb:us-east-1:123456789012:table/orders?", true, true),
        // Fields that lack are any, and a wildcard in a field ends where its field ends.
        ("arn:aws:dynamodb", false, true),
        ("arn:aws:dynamodb:us*1:table/orders", true, true),
        ("arn:aws:dynamodb:?:table/orders", true, true),
        ("arn:aws:dynamodb:*:table/Orders", true, true),
        ("arn:aws:dynamodb:us-east-1:123456789012:table/${*}", true, true),
    ] {
        let granted =
            document(&json!([{ "Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": resource }]));
        let [lacking, conditional, found] = against(&put(), &granted);
        assert_eq!((!lacking.is_empty(), !found.is_empty()), (lacks, broader), "{resource}");
        assert!(conditional.is_empty(), "{resource}");
    }
}

#[test]
fn a_wildcard_that_fits_only_beyond_its_field_is_conditional() {
    let dynamic = task("arn:aws:states:::dynamodb:putItem", &json!({ "TableName.$": "$.table", "Item": {} }));
    let statement = |effect: &str, member: &str, resource: &str| json!({ "Effect": effect, "Action": "dynamodb:PutItem", member: resource });
    let everything = statement("Allow", "Resource", "*");
    for resource in
        ["arn:aws:dynamodb:*:table/orders", "arn:aws:dynamodb:us-*:table/orders", "arn:*:table/orders"]
    {
        for granted in [
            json!([statement("Allow", "Resource", resource)]),
            json!([statement("Allow", "NotResource", resource)]),
            json!([everything, statement("Deny", "Resource", resource)]),
            json!([everything, statement("Deny", "NotResource", resource)]),
        ] {
            for policy in [put(), dynamic.clone()] {
                let [lacking, conditional, _] = against(&policy, &document(&granted));
                assert_eq!((lacking.len(), conditional.len()), (0, 1), "{granted}");
            }
        }
    }
    // A name behind it that is another one fits in no case.
    let other = document(&json!([statement("Allow", "Resource", "arn:aws:dynamodb:*:table/others")]));
    assert_eq!(against(&put(), &other)[0], ["dynamodb:PutItem"]);
    // A Deny of all but that leaves perhaps something.
    let but = statement("Deny", "NotResource", "arn:aws:dynamodb:*:table/orders");
    let granted = document(&json!([statement("Allow", "Resource", &format!("{ORDERS}*")), but]));
    assert_eq!(against(&put(), &granted)[2], ["dynamodb:PutItem"]);
}

#[test]
fn actions_are_broader_where_their_verb_is_open() {
    for (action, lacks, broader) in [
        ("DynamoDB:putitem", false, false),
        ("dynamodb:Put*", false, false),
        ("dynamodb:Put?tem", false, false),
        ("dynamodb:*Item", false, true),
        ("dynamodb:*", false, true),
        ("*", false, true),
        ("dynamodb:Get*", true, true),
    ] {
        let granted = document(&json!({ "Effect": "Allow", "Action": action, "Resource": ORDERS }));
        let [lacking, _, found] = against(&put(), &granted);
        assert_eq!((!lacking.is_empty(), !found.is_empty()), (lacks, broader), "{action}");
    }
}

#[test]
fn a_deny_wins_wherever_it_is() {
    let allow = json!({ "Effect": "Allow", "Action": "dynamodb:*", "Resource": "*" });
    for (deny, lacks, conditional) in [
        (json!({ "Effect": "Deny", "Action": "dynamodb:PutItem", "Resource": "*" }), true, false),
        (json!({ "Effect": "Deny", "NotAction": "s3:*", "Resource": "*" }), true, false),
        (json!({ "Effect": "Deny", "NotAction": "dynamodb:*", "Resource": "*" }), false, false),
        (json!({ "Effect": "Deny", "Action": "*", "NotResource": ORDERS }), false, false),
        (json!({ "Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::b" }), true, false),
        (
            json!({ "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": { "Bool": { "aws:SecureTransport": "false" } } }),
            false,
            true,
        ),
        (
            json!({ "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": { "StringNotEquals": { "aws:RequestedRegion": "us-east-1" } } }),
            false,
            false,
        ),
        (
            json!({ "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": { "StringNotEquals": { "aws:RequestedRegion": "eu-west-1" } } }),
            true,
            false,
        ),
    ] {
        let granted = json!([document(&json!([deny])), { "PolicyDocument": document(&json!([allow])) }]);
        let [lacking, perhaps, _] = against(&put(), &granted);
        assert_eq!((!lacking.is_empty(), !perhaps.is_empty()), (lacks, conditional), "{deny}");
    }
}

#[test]
fn what_is_denied_is_not_granted_without_need() {
    let granted = document(&json!([
        { "Effect": "Allow", "Action": ["dynamodb:PutItem", "s3:GetObject"], "Resource": ORDERS },
        { "Effect": "Deny", "Action": "s3:*", "Resource": "*" },
    ]));
    assert!(against(&put(), &granted).iter().all(Vec::is_empty));
}

#[test]
fn variables_are_those_of_the_newer_version() {
    let statement =
        |resource: &str| json!([{ "Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": resource }]);
    let arn = |name: &str| format!("arn:aws:dynamodb:us-east-1:123456789012:table/{name}");
    let variable = statement(&arn("${aws:PrincipalTag/table}"));
    let [lacking, conditional, broader] = against(&put(), &document(&variable));
    assert_eq!((lacking.len(), conditional.len(), broader.len()), (0, 1, 0));
    for version in
        [json!({ "Version": "2008-10-17", "Statement": variable }), json!({ "Statement": variable })]
    {
        assert_eq!(against(&put(), &version)[0], ["dynamodb:PutItem"]);
    }
    let account = statement("arn:aws:dynamodb:us-east-1:${aws:PrincipalAccount}:table/orders");
    assert!(against(&put(), &document(&account)).iter().all(Vec::is_empty), "the account is known");
}

#[test]
fn conditions_that_the_definition_knows_are_decided() {
    let http = task(
        "arn:aws:states:::http:invoke",
        &json!({ "ApiEndpoint": "https://example.com/a", "Method": "GET", "Authentication": { "ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/c/1" } }),
    );
    for (condition, lacks, perhaps) in [
        (json!({ "StringEquals": { "states:HTTPMethod": "GET" } }), false, false),
        (json!({ "StringEquals": { "States:HttpMethod": ["POST", "GET"] } }), false, false),
        (json!({ "StringEquals": { "states:HTTPMethod": "POST" } }), true, false),
        (json!({ "StringLike": { "states:HTTPEndpoint": "https://example.com/*" } }), false, false),
        (json!({ "StringLike": { "states:HTTPEndpoint": "https://example.org/*" } }), true, false),
        (json!({ "StringNotEqualsIgnoreCase": { "states:HTTPMethod": "get" } }), true, false),
        (json!({ "StringEquals": { "aws:PrincipalTag/team": "shop" } }), false, true),
        (
            json!({ "StringEquals": { "states:HTTPMethod": "POST", "aws:PrincipalTag/team": "shop" } }),
            true,
            false,
        ),
    ] {
        let statement = json!([{ "Effect": "Allow", "Action": "states:InvokeHTTPEndpoint", "Resource": "*", "Condition": condition }]);
        let [lacking, conditional, broader] = against(&http, &document(&statement));
        let invoke = |actions: &[String]| actions.iter().any(|action| action == "states:InvokeHTTPEndpoint");
        assert_eq!((invoke(&lacking), invoke(&conditional)), (lacks, perhaps), "{condition}");
        assert!(broader.is_empty(), "IAM knows no resource of this action: {condition}");
    }
}

#[test]
fn a_name_that_only_the_run_knows_is_conditional() {
    let dynamic = task("arn:aws:states:::dynamodb:putItem", &json!({ "TableName.$": "$.table", "Item": {} }));
    let granted = |resource: &str| {
        document(&json!([{ "Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": resource }]))
    };
    assert_eq!(against(&dynamic, &granted(ORDERS))[1], ["dynamodb:PutItem"]);
    assert!(
        against(&dynamic, &granted("arn:aws:dynamodb:us-east-1:123456789012:table/*"))
            .iter()
            .all(Vec::is_empty)
    );
    assert_eq!(against(&dynamic, &granted("arn:aws:s3:::b"))[0], ["dynamodb:PutItem"]);
}

#[test]
fn a_boundary_takes_away() {
    let granted = document(&json!([{ "Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": ORDERS }]));
    let boundary = document(&json!([{ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }]));
    let found = compare(&put(), &place(), Granted { policies: Some(&granted), boundary: Some(&boundary) });
    assert_eq!(found.lacking[0].reason, "the boundary: no statement allows it");
    let alone = compare(&put(), &place(), Granted { policies: None, boundary: Some(&granted) });
    assert!(alone.lacking.is_empty() && alone.agreed.len() == 1);
}

#[test]
fn functions_of_templates_are_what_is_not_known_yet() {
    let granted = |resource: Value| {
        document(&json!([{ "Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": resource }]))
    };
    for (resource, lacks, perhaps) in [
        (json!({ "Fn::GetAtt": ["Orders", "Arn"] }), false, true),
        (
            json!([{ "Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders" }]),
            false,
            false,
        ),
        (
            json!({ "Fn::Join": [":", ["arn:aws:dynamodb", { "Ref": "AWS::Region" }, "123456789012", "table/orders"]] }),
            false,
            false,
        ),
        (
            json!({ "Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:orders" }),
            true,
            false,
        ),
    ] {
        let [lacking, conditional, _] = against(&put(), &granted(resource.clone()));
        assert_eq!((!lacking.is_empty(), !conditional.is_empty()), (lacks, perhaps), "{resource}");
    }
}

#[test]
fn documents_are_found_wherever_they_are() {
    let good =
        document(&json!({ "Sid": "A", "Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": ORDERS }));
    let encoded = format!("%7B{}", good.to_string().trim_start_matches('{').replace('"', "%22"));
    let trust = document(
        &json!([{ "Effect": "Allow", "Principal": { "Service": "states.amazonaws.com" }, "Action": "dynamodb:*", "Resource": "*" }]),
    );
    for (json, is_granted) in [
        (
            json!({ "Role": { "AssumeRolePolicyDocument": trust, "RolePolicyList": [{ "PolicyName": "p", "PolicyDocument": good }] } }),
            true,
        ),
        (json!({ "PolicyDocument": encoded }), true),
        (json!({ "policy": good.to_string() }), true),
        (json!(["dynamodb:PutItem"]), true),
        (json!({ "PolicyVersionList": [{ "IsDefaultVersion": false, "Document": good }] }), false),
        (json!({ "AssumeRolePolicyDocument": good }), false),
        (trust, false),
        (json!(null), false),
    ] {
        assert_eq!(against(&put(), &json)[0].is_empty(), is_granted, "{json}");
    }
}

#[test]
fn policies_in_templates_are_read_with_their_functions() {
    let parameters = json!({ "TableName": "${Orders}", "Item": {} });
    let needed = task("arn:aws:states:::dynamodb:putItem", &parameters);
    let statement = |resource: Value| json!({ "Statement": { "Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": resource } });
    let table = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/";
    let of_sam = |name: &str, table: &str| json!({ name: { "TableName": table } });
    for (policies, lacks) in [
        (json!([of_sam("DynamoDBWritePolicy", "*")]), false),
        (json!([{ "DynamoDBWritePolicy": { "TableName": { "Ref": "Orders" } } }]), false),
        // Names of managed policies are not actions, and hide nothing beside them.
        (json!(["AmazonS3ReadOnlyAccess", of_sam("DynamoDBWritePolicy", "*")]), false),
        (json!(["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"]), true),
        (json!([of_sam("DynamoDBReadPolicy", "*")]), true),
        (json!([of_sam("NoSuchPolicy", "*")]), true),
        (json!([statement(json!({ "Fn::GetAtt": ["Orders", "Arn"] }))]), false),
        (json!([statement(json!({ "Fn::GetAtt": "Orders.Arn" }))]), false),
        (json!([statement(json!({ "Fn::Sub": [format!("{table}${{T}}"), { "T": "*" }] }))]), false),
        (json!([statement(json!({ "Fn::Join": ["", [table, "*"]] }))]), false),
        (
            json!([statement(
                json!({ "Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:*" })
            )]),
            true,
        ),
    ] {
        let template = json!({ "Resources": { "M": { "Properties": { "Policies": policies } } } });
        assert_eq!(!against(&needed, &template)[0].is_empty(), lacks, "{policies}");
    }
}
