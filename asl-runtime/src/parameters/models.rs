//! What optimised integrations take whose actions have no description of how they are sent, because they have separate clients:
//! `lambda:invoke` and the four of DynamoDB.

use asl_engine::generated::action::{Shape, Type, WirePart};

const TEXT: Type = Type::String;
/// A map of attribute values.
const ITEM: Type = Type::Shape(0);
const VALUE: Type = Type::Shape(1);
const VALUES: Type = Type::Shape(2);
const TEXTS: Type = Type::Shape(3);
const NAMES: Type = Type::Shape(4);

const fn part(name: &'static str, type_: Type) -> WirePart {
    WirePart::new(name, "", type_)
}

/// The shapes, which [`Type::Shape`] counts.
pub(super) static SHAPES: [Shape; 10] = [
    Shape::Map(part("", TEXT), part("", VALUE)),
    Shape::Structure(&[
        part("B", Type::Blob),
        part("BOOL", Type::Boolean),
        part("BS", Type::Any),
        part("L", VALUES),
        part("M", ITEM),
        part("N", TEXT),
        part("NS", TEXTS),
        part("NULL", Type::Boolean),
        part("S", TEXT),
        part("SS", TEXTS),
    ]),
    Shape::List(part("", VALUE)),
    Shape::List(part("", TEXT)),
    Shape::Map(part("", TEXT), part("", TEXT)),
    Shape::Structure(&[
        part("ClientContext", TEXT),
        part("FunctionName", TEXT),
        part("InvocationType", TEXT),
        part("LogType", TEXT),
        part("Payload", Type::Blob),
        part("Qualifier", TEXT),
    ]),
    Shape::Structure(&[
        part("AttributesToGet", TEXTS),
        part("ConsistentRead", Type::Boolean),
        part("ExpressionAttributeNames", NAMES),
        part("Key", ITEM),
        part("ProjectionExpression", TEXT),
        part("ReturnConsumedCapacity", TEXT),
        part("TableName", TEXT),
    ]),
    Shape::Structure(&[
        part("ConditionExpression", TEXT),
        part("ConditionalOperator", TEXT),
        part("Expected", Type::Any),
        part("ExpressionAttributeNames", NAMES),
        part("ExpressionAttributeValues", ITEM),
        part("Item", ITEM),
        part("ReturnConsumedCapacity", TEXT),
        part("ReturnItemCollectionMetrics", TEXT),
        part("ReturnValues", TEXT),
        part("ReturnValuesOnConditionCheckFailure", TEXT),
        part("TableName", TEXT),
    ]),
    Shape::Structure(&[
        part("AttributeUpdates", Type::Any),
        part("ConditionExpression", TEXT),
        part("ConditionalOperator", TEXT),
        part("Expected", Type::Any),
        part("ExpressionAttributeNames", NAMES),
        part("ExpressionAttributeValues", ITEM),
        part("Key", ITEM),
        part("ReturnConsumedCapacity", TEXT),
        part("ReturnItemCollectionMetrics", TEXT),
        part("ReturnValues", TEXT),
        part("ReturnValuesOnConditionCheckFailure", TEXT),
        part("TableName", TEXT),
        part("UpdateExpression", TEXT),
    ]),
    Shape::Structure(&[
        part("ConditionExpression", TEXT),
        part("ConditionalOperator", TEXT),
        part("Expected", Type::Any),
        part("ExpressionAttributeNames", NAMES),
        part("ExpressionAttributeValues", ITEM),
        part("Key", ITEM),
        part("ReturnConsumedCapacity", TEXT),
        part("ReturnItemCollectionMetrics", TEXT),
        part("ReturnValues", TEXT),
        part("ReturnValuesOnConditionCheckFailure", TEXT),
        part("TableName", TEXT),
    ]),
];

/// What the action of a `Resource` takes, if it is one of these.
pub(super) fn input(resource: &str) -> Option<Type> {
    let (_, action) = resource.split_once(":states:::")?;
    Some(Type::Shape(match action {
        "lambda:invoke" | "lambda:invoke.waitForTaskToken" => 5,
        "dynamodb:getItem" => 6,
        "dynamodb:putItem" => 7,
        "dynamodb:updateItem" => 8,
        "dynamodb:deleteItem" => 9,
        _ => return None,
    }))
}
