//! The parameters of `dynamodb:getItem`, `putItem`, `updateItem` and `deleteItem`.

use super::Checker;
use super::parameters::{Parameters, type_name, wrong_type};
use super::resource::DynamoDbAction;
use crate::code::Code;
use crate::definition::{Member, State, Task, Template};
use crate::diagnostic::Diagnostic;
use crate::json::Text;
use crate::suggest::closest;

/// What an action takes.
struct Action {
    integration: &'static str,
    required: &'static [&'static str],
    parameters: &'static [&'static str],
    /// The parameters that are maps of attribute values.
    items: &'static [&'static str],
}

const GET_ITEM: Action = Action {
    integration: "dynamodb:getItem",
    required: &["TableName", "Key"],
    parameters: &[
        "AttributesToGet",
        "ConsistentRead",
        "ExpressionAttributeNames",
        "Key",
        "ProjectionExpression",
        "ReturnConsumedCapacity",
        "TableName",
    ],
    items: &["Key"],
};

const PUT_ITEM: Action = Action {
    integration: "dynamodb:putItem",
    required: &["TableName", "Item"],
    parameters: &[
        "ConditionExpression",
        "ConditionalOperator",
        "Expected",
        "ExpressionAttributeNames",
        "ExpressionAttributeValues",
        "Item",
        "ReturnConsumedCapacity",
        "ReturnItemCollectionMetrics",
        "ReturnValues",
        "ReturnValuesOnConditionCheckFailure",
        "TableName",
    ],
    items: &["ExpressionAttributeValues", "Item"],
};

const UPDATE_ITEM: Action = Action {
    integration: "dynamodb:updateItem",
    required: &["TableName", "Key"],
    parameters: &[
        "AttributeUpdates",
        "ConditionExpression",
        "ConditionalOperator",
        "Expected",
        "ExpressionAttributeNames",
        "ExpressionAttributeValues",
        "Key",
        "ReturnConsumedCapacity",
        "ReturnItemCollectionMetrics",
        "ReturnValues",
        "ReturnValuesOnConditionCheckFailure",
        "TableName",
        "UpdateExpression",
    ],
    items: &["ExpressionAttributeValues", "Key"],
};

const DELETE_ITEM: Action = Action {
    integration: "dynamodb:deleteItem",
    required: &["TableName", "Key"],
    parameters: &[
        "ConditionExpression",
        "ConditionalOperator",
        "Expected",
        "ExpressionAttributeNames",
        "ExpressionAttributeValues",
        "Key",
        "ReturnConsumedCapacity",
        "ReturnItemCollectionMetrics",
        "ReturnValues",
        "ReturnValuesOnConditionCheckFailure",
        "TableName",
    ],
    items: &["ExpressionAttributeValues", "Key"],
};

/// The types of attribute values, each with what its value must be.
const TYPES: &[(&str, &str)] = &[
    ("S", "a string"),
    ("N", "a string"),
    ("B", "a string"),
    ("SS", "an array"),
    ("NS", "an array"),
    ("BS", "an array"),
    ("M", "an object"),
    ("L", "an array"),
    ("NULL", "a boolean"),
    ("BOOL", "a boolean"),
];

pub(super) fn check(state: &State, task: &Task, action: DynamoDbAction, checker: &mut Checker<'_>) {
    let action = match action {
        DynamoDbAction::Get => GET_ITEM,
        DynamoDbAction::Put => PUT_ITEM,
        DynamoDbAction::Update => UPDATE_ITEM,
        DynamoDbAction::Delete => DELETE_ITEM,
    };
    let Some(parameters) = Parameters::of(action.integration, state, task, checker) else { return };
    parameters.check_names(action.parameters, checker);
    for name in action.required {
        parameters.require(name, checker);
    }
    if let Some(table) = parameters.get("TableName")
        && type_name(&table.value).is_some_and(|found| found != "a string")
    {
        wrong_type("`TableName`", "a string", &table.value, checker);
    }
    for item in action.items.iter().filter_map(|name| parameters.get(name)) {
        check_item(item.name(), &item.value, checker);
    }
}

/// A map of attribute values.
fn check_item(name: &str, item: &Template, checker: &mut Checker<'_>) {
    let Template::Object(_, members) = item else {
        wrong_type(&format!("`{name}`"), "an object", item, checker);
        return;
    };
    for member in members.iter().filter(|member| !member.is_dynamic) {
        check_attribute(&member.key, &member.value, checker);
    }
}

/// An attribute value: an object with exactly one type.
fn check_attribute(key: &Text, value: &Template, checker: &mut Checker<'_>) {
    let Template::Object(span, members) = value else {
        report_untyped(key, value, checker);
        return;
    };
    match members.as_slice() {
        [member] => check_typed(key, member, checker),
        [] => checker.diagnostics.push(
            Diagnostic::new(Code::InvalidParameter, *span, format!("attribute `{}` has no value", key.value))
                .label("expected an object with one type, such as `{ \"S\": \"text\" }`"),
        ),
        [_, second, ..] => checker.diagnostics.push(
            Diagnostic::new(
                Code::InvalidParameter,
                second.key.span,
                format!("attribute `{}` has more than one type", key.value),
            )
            .label("an attribute value has exactly one type"),
        ),
    }
}

/// AWS takes a plain string as one of type `S`, and `null`, which gives the attribute no value.
fn report_untyped(key: &Text, value: &Template, checker: &mut Checker<'_>) {
    let Some(found) = type_name(value) else { return };
    if ["a string", "null"].contains(&found) {
        return;
    }
    let diagnostic = Diagnostic::new(
        Code::InvalidParameter,
        value.span(),
        format!("attribute `{}` is {found} without its DynamoDB type", key.value),
    )
    .label("expected an object with one type, such as `{ \"S\": \"text\" }`");
    checker.diagnostics.push(match found {
        "a number" => diagnostic.help("a number is written as `{ \"N\": \"5\" }`"),
        "an array" => diagnostic.help("an array is written as `{ \"L\": [...] }`"),
        "a boolean" => diagnostic.help("a boolean is written as `{ \"BOOL\": true }`"),
        _ => diagnostic,
    });
}

fn check_typed(key: &Text, member: &Member, checker: &mut Checker<'_>) {
    let Some((letter, wanted)) = TYPES.iter().find(|(letter, _)| *letter == member.name()) else {
        let message = format!(
            "attribute `{}` has the type `{}`, which DynamoDB does not have",
            key.value,
            member.name()
        );
        let diagnostic = Diagnostic::new(Code::InvalidParameter, member.key.span, message)
            .label("expected one of S, N, B, SS, NS, BS, M, L, NULL, BOOL");
        checker.diagnostics.push(match closest(member.name(), TYPES.iter().map(|(letter, _)| *letter)) {
            Some(letter) => diagnostic.help(format!("did you mean `{letter}`?")),
            None => diagnostic,
        });
        return;
    };
    match (&member.value, *letter) {
        (Template::Object(_, members), "M") => {
            for inner in members.iter().filter(|inner| !inner.is_dynamic) {
                check_attribute(&inner.key, &inner.value, checker);
            }
        }
        (Template::Array(_, elements), "L") => {
            elements.iter().for_each(|element| check_attribute(key, element, checker))
        }
        (value, _) if type_name(value).is_some_and(|found| !fits(found, wanted)) => {
            let what = format!("`{letter}` of attribute `{}`", key.value);
            wrong_type(&what, wanted, value, checker);
        }
        _ => {}
    }
}

/// AWS takes the texts of booleans and `null`, too.
fn fits(found: &str, wanted: &str) -> bool {
    found == wanted || found == "null" || (wanted == "a boolean" && found == "a string")
}
