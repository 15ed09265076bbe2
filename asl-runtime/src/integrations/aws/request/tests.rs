use super::*;
use asl_engine::generated::action::{Action, Checksum, Format};
use serde_json::json;

const TEXT: Type = Type::String;
const MEMBERS: &[WirePart] = &[
    WirePart::new("Name", "name", TEXT),
    WirePart::new("When", "when", Type::Timestamp),
    WirePart::new("Tags", "tags", Type::Shape(1)),
    WirePart::new("Labels", "labels", Type::Shape(2)),
    WirePart::new("Data", "data", Type::Blob),
    WirePart::new("Force", "force", Type::Boolean),
];
const SHAPES: &[Shape] = &[
    Shape::Structure(MEMBERS),
    Shape::List(WirePart::new("", "", TEXT)),
    Shape::Map(WirePart::new("", "", TEXT), WirePart::new("", "", TEXT)),
    Shape::Structure(&[
        WirePart::new("Id", "", TEXT).at(WirePlace::Path),
        WirePart::new("Key", "", TEXT).at(WirePlace::Path),
        WirePart::new("Limit", "max", Type::Integer).at(WirePlace::Query),
        WirePart::new("Since", "X-Since", Type::Timestamp).at(WirePlace::Header),
        WirePart::new("Until", "X-Until", Type::Timestamp).at(WirePlace::Header).written(Format::Iso),
        WirePart::new("Meta", "x-meta-", Type::Shape(2)).at(WirePlace::Headers),
        WirePart::new("Garden", "Garden", Type::Shape(4)).at(WirePlace::Payload),
    ]),
    Shape::Structure(&[WirePart::new("Bed", "Bed", Type::Shape(5))]),
    Shape::List(WirePart::new("", "Bed", TEXT).flattened()),
    Shape::Structure(&[WirePart::new("AccountId", "x-account", TEXT).at(WirePlace::Header)]),
];

const fn action(protocol: Protocol, input: u16, path: &'static str) -> Action {
    Action {
        protocol,
        prefix: "Garden",
        endpoint: "garden",
        signing: "garden",
        target: "Garden_2020",
        version: "2020-01-01",
        namespace: "",
        hosts: "",
        operation: "Dig",
        method: "POST",
        path,
        host_prefix: "",
        root: "",
        checksum: Checksum::None,
        errors: &[],
        codes: &[],
        input: Type::Shape(input),
        output: Type::Any,
        shapes: SHAPES,
        form: None,
    }
}

static JSON: Action = action(Protocol::Json11, 0, "/");
static QUERY: Action = action(Protocol::Query, 0, "/");
static EC2: Action = action(Protocol::Ec2, 0, "/");
static REST_JSON: Action = action(Protocol::RestJson, 0, "/dig");
static REST_XML: Action = action(Protocol::RestXml, 3, "/g/{0}/{1+}");

/// What tells a service that a request is the same.
static TOKEN: Text = Text::new_static("token");

fn request(action: &'static Action, parameters: serde_json::Value) -> Request {
    build(ActionCall { action, is_sdk: true }, &parameters.into(), &TOKEN).unwrap()
}

fn digging() -> serde_json::Value {
    json!({
        "Name": {"a": 1}, "When": "2015-10-21T07:28:00Z", "Tags": ["x", "y z"], "Labels": {"k": "v"}, "Data": "hi", "Force": "true"
    })
}

#[test]
fn json_goes_into_the_body() {
    let sent = request(&JSON, digging());
    let body = r#"{"name":"{\"a\":1}","when":1445412480,"tags":["x","y z"],"labels":{"k":"v"},"data":"ImhpIg==","force":true}"#;
    assert_eq!(String::from_utf8(sent.body).unwrap(), body);
    let headers = [
        ("x-amz-target", "Garden_2020.Dig"),
        ("x-amzn-query-mode", "true"),
        ("content-type", "application/x-amz-json-1.1"),
    ];
    assert_eq!(sent.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let sent = request(&REST_JSON, json!({}));
    assert_eq!((sent.path.as_str(), sent.body.as_slice()), ("/dig", b"{}".as_slice()));
}

#[test]
fn query_services_get_a_form() {
    let body = String::from_utf8(request(&QUERY, digging()).body).unwrap();
    assert_eq!(
        body,
        "Action=Dig&Version=2020-01-01&name=%7B%22a%22%3A1%7D&when=2015-10-21T07%3A28%3A00Z&tags.member.1=x\
         &tags.member.2=y%20z&labels.entry.1.key=k&labels.entry.1.value=v&data=ImhpIg%3D%3D&force=true"
    );
    let body = String::from_utf8(request(&EC2, json!({"Tags": ["x"]})).body).unwrap();
    assert_eq!(body, "Action=Dig&Version=2020-01-01&Tags.1=x");
}

#[test]
fn rest_services_get_every_part_in_its_place() {
    let parameters = json!({
        "Id": "a/b", "Key": "c d/e", "Limit": 3, "Since": "2015-10-21T07:28:00Z", "Until": "2015-10-21T07:28:00Z",
        "Meta": {"owner": "me"}, "Garden": {"Bed": ["<1>", "2"]}
    });
    let sent = request(&REST_XML, parameters);
    assert_eq!(sent.path, "/g/a%2Fb/c%20d/e?max=3");
    let headers = [
        ("X-Since", "Wed, 21 Oct 2015 07:28:00 GMT"),
        ("X-Until", "2015-10-21T07:28:00Z"),
        ("x-meta-owner", "me"),
        ("content-type", "application/xml"),
    ];
    assert_eq!(sent.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(String::from_utf8(sent.body).unwrap(), "<Garden><Bed>&lt;1&gt;</Bed><Bed>2</Bed></Garden>");
}

#[test]
fn parameters_that_the_action_does_not_have_are_refused() {
    let parameters = json!({"Naem": "x"}).into();
    let error = build(ActionCall { action: &JSON, is_sdk: true }, &parameters, &TOKEN).unwrap_err();
    assert!(error.is_fatal());
    assert!(error.cause().unwrap().ends_with("[The field \"Naem\" is not supported by Step Functions]"));
}

#[test]
fn the_name_of_a_host_has_the_values_of_parameters() {
    static ACTION: Action = Action { host_prefix: "data-{accountId}.", ..action(Protocol::RestJson, 6, "/") };
    let sent = request(&ACTION, json!({"AccountId": "123456789012"}));
    assert_eq!(sent.host_prefix, "data-123456789012.");
    assert_eq!(sent.headers[0], ("x-account".to_owned(), "123456789012".to_owned()));
    let reason = |parameters: serde_json::Value| {
        let error =
            build(ActionCall { action: &ACTION, is_sdk: true }, &parameters.into(), &TOKEN).unwrap_err();
        error.cause().unwrap().split_once(": [").unwrap().1.to_owned()
    };
    assert_eq!(reason(json!({})), "The field 'AccountId' is required but was missing]");
    for elsewhere in ["example.org/", "a.b", "{accountId}", "a@b", ""] {
        assert_eq!(
            reason(json!({"AccountId": elsewhere})),
            "The value of the field 'AccountId' cannot be a part of the name of a host]"
        );
    }
}

#[test]
fn headers_for_the_keys_of_a_map_need_a_map() {
    let parameters = json!({"Id": "a", "Key": "b", "Meta": "c"}).into();
    let error = build(ActionCall { action: &REST_XML, is_sdk: true }, &parameters, &TOKEN).unwrap_err();
    assert!(error.cause().unwrap().ends_with("[The value for the field 'Meta' must be a MAP]"), "{error:?}");
}

#[test]
fn an_empty_list_is_sent_where_it_clears_something() {
    let form = |action: &'static Action| {
        let parameters = Value::from_json(r#"{"Tags":[]}"#).unwrap();
        let request = build(ActionCall { action, is_sdk: true }, &parameters, &Text::from("t")).unwrap();
        String::from_utf8(request.body).unwrap()
    };
    assert_eq!(form(&QUERY), "Action=Dig&Version=2020-01-01&tags=");
    assert_eq!(form(&EC2), "Action=Dig&Version=2020-01-01");
}

#[test]
fn unknown_parameters_inside_of_others_are_refused() {
    let parameters = Value::from_json(r#"{"Id":"a","Key":"b","Garden":{"Bad":[]}}"#).unwrap();
    let refused = build(ActionCall { action: &REST_XML, is_sdk: true }, &parameters, &Text::from("t"));
    let cause = refused.err().and_then(|error| error.cause().map(ToString::to_string)).unwrap();
    assert!(cause.contains("The field \"Bad\" is not supported by Step Functions"), "{cause}");
}
