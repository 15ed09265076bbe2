use super::optimised::Job;
use super::shape::Style;
use super::*;
use asl_language::action::Origin;
use asl_language::resource::{Suffix, integration};

fn names(shape: Shape) -> Vec<String> {
    shape.members().into_iter().map(|member| member.name).collect()
}

#[test]
fn every_part_of_the_table_can_be_read() {
    let table = table().unwrap();
    assert!(table.source().starts_with("botocore "));
    let mut actions = 0;
    for service in table.services() {
        assert_eq!(table.service(service.name()).unwrap().prefix(), service.prefix());
        for action in service.actions().step_by(7) {
            assert_eq!(service.action(&action.name()).unwrap().name(), action.name());
            assert!(matches!(action.input().kind(), ShapeKind::Structure | ShapeKind::Union), "{action:?}");
            actions += usize::from(!action.errors().is_empty());
        }
    }
    assert!(actions > 2_000);
    // It is part of every macro.
    assert!(BYTES.len() < 2_600_000);
}

#[test]
fn texts_that_are_given_have_patterns() {
    let pattern = |service: &str, action: &str, member: &str| {
        sdk(service).unwrap().action(action).unwrap().input().member_bounds(member).pattern
    };
    assert_eq!(
        pattern("sagemaker", "createModel", "ModelName").as_deref(),
        Some("[a-zA-Z0-9]([\\-a-zA-Z0-9]*[a-zA-Z0-9])?")
    );
    assert!(pattern("iam", "createRole", "RoleName").is_some());
    // Its patterns are not kept.
    assert_eq!(pattern("iot", "createThing", "ThingName"), None);
}

/// The sender of a request fills `{AccountId}` in the name of a host with the parameter of that name.
#[test]
fn what_is_left_open_in_the_name_of_a_host_is_a_parameter() {
    let mut filled = 0;
    for action in table().unwrap().services().flat_map(Service::actions) {
        let Some(request) = action.request(true).filter(|request| request.host_prefix.contains('{')) else {
            continue;
        };
        for label in request.host_prefix.split('{').skip(1) {
            let (name, _) = label.split_once('}').unwrap();
            let names = names(action.input().with_style(Style::Sdk));
            assert!(names.iter().any(|member| member.eq_ignore_ascii_case(name)), "{action:?}");
            filled += 1;
        }
    }
    assert!(filled > 50);
}

#[test]
fn actions_are_found_by_their_names() {
    assert!(sdk("rds").unwrap().action("describeDBInstances").is_some());
    assert!(sdk("rds").unwrap().action("DescribeDBInstances").is_none());
    assert!(sdk("s3").unwrap().action("selectObjectContent").is_none());
    assert_eq!(sdk("s3").unwrap().closest_action("listObjectV2").as_deref(), Some("listObjectsV2"));
    assert!(sdk("DynamoDB").is_none());
    assert_eq!(table().unwrap().closest_service("DynamoDB"), Some("dynamodb"));
    assert!(sdk_names().any(|name| name == "cloudwatchlogs"));
}

#[test]
fn required_members_come_first() {
    let put = parameters("arn:aws:states:::aws-sdk:s3:putObject");
    let members = put.members();
    let required: Vec<_> =
        members.iter().filter(|member| member.required).map(|member| &member.name).collect();
    assert_eq!(required, ["Bucket", "Key"]);
    assert_eq!(put.member("Body").unwrap().shape.kind(), ShapeKind::Blob);
    assert_eq!(put.member("SsekmsKeyId").unwrap().shape.kind(), ShapeKind::String);
}

#[test]
fn shapes_may_hold_themselves() {
    let item = result("arn:aws:states:::dynamodb:getItem").member("Item").unwrap().shape;
    let value = item.element().unwrap();
    assert_eq!(names(value), ["B", "BOOL", "BS", "L", "M", "N", "NS", "NULL", "S", "SS"]);
    let inner = value.member("M").unwrap().shape.element().unwrap();
    assert_eq!(inner.member("L").unwrap().shape.kind(), ShapeKind::List);
    let sdk = result("arn:aws:states:::aws-sdk:dynamodb:getItem").member("Item").unwrap().shape;
    assert_eq!(names(sdk.element().unwrap()), ["B", "Bool", "Bs", "L", "M", "N", "Ns", "Nul", "S", "Ss"]);
}

#[test]
fn results_depend_on_the_pattern() {
    let sync = result("arn:aws:states:::states:startExecution.sync");
    assert_eq!(sync.member("Output").unwrap().shape.kind(), ShapeKind::String);
    let sync_2 = result("arn:aws:states:::states:startExecution.sync:2");
    assert_eq!(sync_2.member("Output").unwrap().shape.kind(), ShapeKind::Any);
    assert_eq!(result("arn:aws:states:::sqs:sendMessage.waitForTaskToken").kind(), ShapeKind::Any);
    let sqs = names(result("arn:aws:states:::sqs:sendMessage"));
    assert!(["MD5OfMessageBody", "SdkHttpMetadata"].iter().all(|name| sqs.iter().any(|n| n == name)));
    let sqs = names(result("arn:aws:states:::aws-sdk:sqs:sendMessage"));
    assert!(sqs.iter().any(|name| name == "Md5OfMessageBody"));
    assert!(sqs.iter().all(|name| name != "SdkHttpMetadata"));
    let task = result("arn:aws:states:::ecs:runTask.sync");
    assert_eq!(task.member("StopCode").unwrap().shape.kind(), ShapeKind::String);
}

#[test]
fn every_integration_is_backed_by_the_table() {
    for integration in integrations() {
        for action in integration.actions() {
            for suffix in action.suffixes().iter().chain([&Suffix::None]) {
                let resource =
                    format!("arn:aws:states:::{}:{}{}", integration.name(), action.name(), suffix.as_str());
                let call = ActionCall::of(&resource).unwrap();
                let known =
                    call.parameters().kind() == ShapeKind::Any || !call.parameters().members().is_empty();
                assert!(known, "{resource}");
                if call.result().kind() == ShapeKind::Structure {
                    assert!(!call.result().members().is_empty(), "{resource}");
                }
            }
        }
    }
}

#[test]
fn errors_have_the_prefix_of_the_integration() {
    let put = ActionCall::of("arn:aws:states:::dynamodb:putItem").unwrap();
    assert_eq!(put.error_prefix(), Some("DynamoDB"));
    assert!(put.errors().contains(&"ConditionalCheckFailedException".to_owned()));
    let put = ActionCall::of("arn:aws:states:::aws-sdk:dynamodb:putItem").unwrap();
    assert_eq!(put.error_prefix(), Some("DynamoDb"));
    assert!(put.errors().contains(&"DynamoDbException".to_owned()));
    let get = ActionCall::of("arn:aws:states:::aws-sdk:s3:getObject").unwrap();
    assert!(get.errors().contains(&"NoSuchKeyException".to_owned()));
}

#[test]
fn no_bytes_do_harm() {
    let whole = BYTES;
    for length in (0..4_000).chain((4_000..whole.len()).step_by(50_000)) {
        let Some(table) = whole.get(..length).and_then(Table::read) else { continue };
        let table: &'static Table = Box::leak(Box::new(table));
        for service in table.services().take(3) {
            service.actions().take(3).for_each(|action| drop(action.input().members()));
        }
    }
}

#[test]
fn what_a_template_leaves_open_before_the_action_does_not_matter() {
    let cases = [
        ("arn:aws:states:::sns:publish", Some(("sns", "publish"))),
        ("arn:aws-cn:states:::aws-sdk:s3:getObject", Some(("aws-sdk", "s3:getObject"))),
        ("arn:${AWS::Partition}:states:::sns:publish", Some(("sns", "publish"))),
        (
            "arn:${P}:states:${AWS::Region}:${AWS::AccountId}:aws-sdk:s3:getObject",
            Some(("aws-sdk", "s3:getObject")),
        ),
        ("arn:${P}:states:${AWS::Region}:${AWS::AccountId}:activity:Work", None),
        ("arn:aws:states:::${Service}:publish", None),
        ("arn:aws:lambda:us-east-1:123456789012:function:F", None),
        ("arn:${", None),
        ("${Arn}", None),
        ("", None),
    ];
    for (resource, expected) in cases {
        assert_eq!(integration(resource), expected, "{resource}");
    }
}

#[test]
fn requests_say_where_every_part_is_sent() {
    let Sending { request, job: None } = sending("arn:aws:states:::aws-sdk:s3:getObject").unwrap() else {
        panic!("a job")
    };
    assert_eq!((request.method, request.path.as_str()), ("GET", "/{0}/{1+}"));
    let Some(wire::Parts::Structure(members)) = request.shapes.first() else { panic!("no members") };
    let member = |name: &str| members.iter().find(|member| member.name == name).unwrap();
    assert_eq!(member("Bucket").sent.place, wire::WirePlace::Path);
    assert_eq!(
        (member("Range").wire.as_str(), member("Range").sent.place),
        ("Range", wire::WirePlace::Header)
    );
    assert_eq!(member("VersionId").wire, "versionId");
    assert_eq!(member("ResponseExpires").sent.place, wire::WirePlace::Query);
}

#[test]
fn requests_have_the_names_of_the_api() {
    let request = sending("arn:aws:states:::states:startExecution.sync:2").unwrap().request;
    assert_eq!((request.protocol, request.target), (wire::Protocol::Json10, "AWSStepFunctions"));
    assert_eq!((request.prefix, request.operation.as_str()), ("StepFunctions", "StartExecution"));
    let names = request.shapes.iter().flat_map(|shape| match shape {
        wire::Parts::Structure(members) => members.iter().map(|member| member.wire.as_str()).collect(),
        wire::Parts::List(_) | wire::Parts::Map(..) => vec![],
    });
    assert!(names.into_iter().any(|name| name == "stateMachineArn"));
}

#[test]
fn nearly_every_action_can_be_sent() {
    let mut unknown = 0;
    for service in table().unwrap().services() {
        for action in service.actions().step_by(23) {
            let Some(request) = action.request(true) else {
                unknown += 1;
                continue;
            };
            assert!(request.path.starts_with('/') && request.path.is_ascii(), "{request:?}");
            assert!(!request.endpoint.is_empty());
        }
    }
    assert!(unknown < 20, "{unknown}");
}

#[test]
fn jobs_are_asked_about_by_the_names_of_the_api() {
    let mut jobs = 0;
    for integration in integrations() {
        for action in integration.actions() {
            for job in [Suffix::Sync, Suffix::Sync2].into_iter().filter_map(|suffix| action.job(suffix)) {
                jobs += 1;
                let name = format!("{}:{}", integration.name(), action.name());
                assert!(job.waiting(None).is_some(), "{name}");
                check_questions(&name, action, job);
                check_outcome(&name, job);
            }
            assert!(
                !action.suffixes().contains(&Suffix::Sync)
                    || action.job(Suffix::Sync).is_some()
                    || integration.name() == "eks",
                "{}:{} is not waited for",
                integration.name(),
                action.name()
            );
        }
    }
    assert!(jobs > 30, "{jobs}");
}

/// Each parameter is one of the action, and its value is where it is said to be.
fn check_questions(name: &str, started: &'static OptimisedAction, job: &Job) {
    for (action, parameters) in job.questions() {
        let action = action.expect("a known action");
        let members = action.input().with_style(Style::Api).members();
        for ask in parameters {
            assert!(
                members.iter().any(|member| member.name == ask.name),
                "{name}: no parameter {}",
                ask.name
            );
            let found = match ask.origin {
                Origin::Parameters => follow(started.parameters(), ask.path),
                Origin::Answer => follow(started.result(Suffix::None), ask.path),
                Origin::Found | Origin::Text(_) => continue,
            };
            assert!(found.is_some(), "{name}: nothing at {:?}", ask.path);
        }
        for member in members.iter().filter(|member| member.required) {
            assert!(
                parameters.iter().any(|ask| ask.name == member.name),
                "{name}: {} is missing",
                member.name
            );
        }
    }
}

#[test]
fn parameters_of_other_forms_are_those_of_the_api() {
    let mut formed = 0;
    for integration in integrations() {
        for action in integration.actions() {
            let Some(form) = action.form() else { continue };
            formed += 1;
            let name = format!("{}:{}", integration.name(), action.name());
            let (Some(api), Some(form)) = (action.api(), form.complete(None)) else { panic!("{name}") };
            let input = api.input().with_style(Style::Api);
            for ask in form.taken {
                let path: Vec<_> = ask.name.split('.').collect();
                assert!(follow(input, &path).is_some(), "{name}: no parameter {}", ask.name);
                if ask.origin == Origin::Parameters {
                    assert!(
                        follow(action.parameters(), ask.path).is_some(),
                        "{name}: nothing at {:?}",
                        ask.path
                    );
                }
            }
            for ask in form.given {
                let answer = api.output().with_style(Style::Api);
                assert!(follow(answer, ask.path).is_some(), "{name}: nothing at {:?}", ask.path);
            }
            let required = input.members().into_iter().filter(|member| member.required);
            for member in required.filter(|_| !form.taken.is_empty()) {
                assert!(
                    form.taken.iter().any(|ask| ask.name == member.name),
                    "{name}: {} is missing",
                    member.name
                );
            }
            if let Some((_, _, finding)) = form.lookup {
                assert!(follow(action.parameters(), &[finding.wanted]).is_some(), "{name}");
            }
        }
    }
    assert_eq!(formed, 7);
}

/// The status is where it is said to be, and can be what it is compared with.
fn check_outcome(name: &str, job: &Job) {
    let Some((Some(describe), _)) = job.questions().next() else { panic!("{name}: nothing is asked") };
    let outcome = job.outcome();
    let description = follow(describe.output().with_style(Style::Api), outcome.found).expect(name);
    let status = follow(description, outcome.status).expect(name);
    let values = status.values();
    for value in outcome.succeeded.iter().chain(outcome.failed) {
        assert!(
            values.is_empty() || values.iter().any(|known| known == value),
            "{name}: no status {value}: {values:?}"
        );
    }
    assert!(follow(description, outcome.containers).is_some(), "{name}");
    assert!(outcome.json.iter().all(|field| description.member(field).is_some()), "{name}");
}

fn follow(shape: Shape, path: &[&str]) -> Option<Shape> {
    path.iter().try_fold(shape, |shape, step| match *step {
        "[]" => shape.element(),
        name => Some(shape.member(name)?.shape),
    })
}

#[test]
fn integrations_have_names_that_differ_and_actions() {
    let names: Vec<_> = integrations().map(Integration::name).collect();
    assert!(names.is_sorted_by(|left, right| left < right), "{names:?}");
    assert!(integrations().all(|integration| !integration.actions().is_empty()));
    assert!(super::integration("sqs").is_some() && super::integration("nothing").is_none());
}
