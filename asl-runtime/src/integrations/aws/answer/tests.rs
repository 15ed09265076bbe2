use super::*;
use asl_engine::generated::action::{Action, Checksum, Shape};

const TEXT: Type = Type::String;
const SHAPES: &[Shape] = &[
    Shape::Structure(&[WirePart::new("LocationConstraint", "LocationConstraint", TEXT)]),
    Shape::Structure(&[WirePart::new("Rules", "Rule", Type::Shape(2)).flattened()]),
    Shape::List(WirePart::new("", "", TEXT)),
    Shape::Structure(&[WirePart::new("Policy", "Policy", Type::Shape(1)).at(WirePlace::Payload)]),
    Shape::Structure(&[
        WirePart::new("Attributes", "x-attributes", TEXT).at(WirePlace::Header).json(),
        WirePart::new("List", "list", TEXT),
    ]),
];

const fn action(endpoint: &'static str, protocol: Protocol, operation: &'static str, output: u16) -> Action {
    Action {
        protocol,
        prefix: "S3",
        endpoint,
        signing: endpoint,
        target: "",
        version: "",
        namespace: "",
        hosts: "",
        operation,
        method: "GET",
        path: "/",
        host_prefix: "",
        root: "",
        checksum: Checksum::None,
        errors: &["NoSuchKeyException", "NoSuchBucketException", "CredentialReportNotReadyException"],
        codes: &[("ReportInProgress", "CredentialReportNotReadyException")],
        input: Type::Any,
        output: Type::Shape(output),
        shapes: SHAPES,
        form: None,
    }
}

static LOCATION: Action = action("s3", Protocol::RestXml, "GetBucketLocation", 0);
static RULES: Action = action("s3", Protocol::RestXml, "GetRules", 1);
static POLICY: Action = action("s3", Protocol::RestXml, "GetPolicy", 3);
static HEAD: Action = action("s3", Protocol::RestXml, "HeadObject", 1);
static REPORT: Action = action("iam", Protocol::Query, "GetCredentialReport", 1);
static PRICES: Action = action("pricing", Protocol::RestJson, "GetProducts", 4);

fn answer(
    action: &'static Action,
    status: u16,
    headers: &[(&'static str, &str)],
    body: &str,
) -> Result<String, String> {
    let headers =
        headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
    let result = read(ActionCall { action, is_sdk: true }, status, &headers, body.as_bytes());
    result.map(|value| value.to_string()).map_err(|error| error.error().to_owned())
}

#[test]
fn what_has_nothing_around_it_is_read() {
    let located = r#"<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">eu-west-1</LocationConstraint>"#;
    assert_eq!(answer(&LOCATION, 200, &[], located).as_deref(), Ok(r#"{"LocationConstraint":"eu-west-1"}"#));
    assert_eq!(answer(&LOCATION, 200, &[], "<LocationConstraint/>").as_deref(), Ok("{}"));
}

#[test]
fn a_member_may_be_a_list_with_nothing_around_its_elements() {
    let rules = "<Rules><Rule>a</Rule><Rule>b</Rule></Rules>";
    assert_eq!(answer(&RULES, 200, &[], rules).as_deref(), Ok(r#"{"Rules":["a","b"]}"#));
}

#[test]
fn a_structure_that_is_the_body_is_empty_without_one() {
    assert_eq!(answer(&POLICY, 200, &[], "").as_deref(), Ok(r#"{"Policy":{}}"#));
}

#[test]
fn an_error_is_one_whatever_its_status() {
    let late = "<Error><Code>NoSuchKey</Code><Message>m</Message></Error>";
    assert_eq!(answer(&RULES, 200, &[], late), Err("S3.NoSuchKeyException".to_owned()));
    assert_eq!(answer(&HEAD, 404, &[], ""), Err("S3.NoSuchKeyException".to_owned()));
    let report = "<ErrorResponse><Error><Code>ReportInProgress</Code></Error></ErrorResponse>";
    assert_eq!(answer(&REPORT, 410, &[], report), Err("S3.CredentialReportNotReadyException".to_owned()));
}

#[test]
fn texts_that_hold_json_stay_texts() {
    let encoded = [("x-attributes", "eyJhIjoxfQ==")];
    let found = answer(&PRICES, 200, &encoded, r#"{"list":"{\"b\":2}"}"#);
    assert_eq!(found.as_deref(), Ok(r#"{"Attributes":"{\"a\":1}","List":"{\"b\":2}"}"#));
}
