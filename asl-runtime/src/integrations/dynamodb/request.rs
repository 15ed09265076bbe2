//! Requests of the four operations, from JSON.
//!
//! In: the parameters of a task. Out: the SDK's request, not yet sent. Parameters that the operation does not have are refused;
//! of those that are missing, only the table's name is, because the service tells of the others itself.

use super::attribute::{attributes, expected, names, texts, updates};
use crate::integrations::parameters::Reasons;
use asl_value::Object;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;

const COMMON: &[&str] = &["TableName", "ExpressionAttributeNames", "ReturnConsumedCapacity"];
const READ: &[&str] = &["Key", "AttributesToGet", "ConsistentRead", "ProjectionExpression"];
const WRITE: &[&str] = &[
    "ConditionExpression",
    "ConditionalOperator",
    "Expected",
    "ExpressionAttributeValues",
    "ReturnItemCollectionMetrics",
    "ReturnValues",
    "ReturnValuesOnConditionCheckFailure",
];

/// Gives a builder what a task gives: what is not there is not set, because each call moves the whole builder.
macro_rules! set {
    ($builder:ident, $($set:ident($value:expr)),* $(,)?) => {
        $(
            if let Some(value) = $value {
                $builder = $builder.$set(Some(value));
            }
        )*
    };
}

pub(super) fn get_item(client: &Client, fields: &Object, reasons: &mut Reasons) -> GetItemFluentBuilder {
    reasons.unknown_of(fields, &[COMMON, READ]);
    let mut request = client.get_item();
    set!(
        request,
        set_table_name(reasons.required_text(fields, "TableName").map(str::to_owned)),
        set_key(attributes(fields, "Key", reasons)),
        set_attributes_to_get(texts(fields, "AttributesToGet", reasons)),
        set_consistent_read(reasons.boolean(fields, "ConsistentRead")),
        set_projection_expression(reasons.text(fields, "ProjectionExpression").map(str::to_owned)),
        set_expression_attribute_names(names(fields, "ExpressionAttributeNames", reasons)),
        set_return_consumed_capacity(reasons.text(fields, "ReturnConsumedCapacity").map(Into::into)),
    );
    request
}

/// The parameters that the writing operations share: their builders have the same methods, but no common trait.
macro_rules! set_write {
    ($builder:ident, $fields:ident, $reasons:ident) => {{
        let check_failure = "ReturnValuesOnConditionCheckFailure";
        let metrics = "ReturnItemCollectionMetrics";
        set!(
            $builder,
            set_table_name($reasons.required_text($fields, "TableName").map(str::to_owned)),
            set_condition_expression($reasons.text($fields, "ConditionExpression").map(str::to_owned)),
            set_conditional_operator($reasons.text($fields, "ConditionalOperator").map(Into::into)),
            set_expected(expected($fields, "Expected", $reasons)),
            set_expression_attribute_names(names($fields, "ExpressionAttributeNames", $reasons)),
            set_expression_attribute_values(attributes($fields, "ExpressionAttributeValues", $reasons)),
            set_return_consumed_capacity($reasons.text($fields, "ReturnConsumedCapacity").map(Into::into)),
            set_return_item_collection_metrics($reasons.text($fields, metrics).map(Into::into)),
            set_return_values($reasons.text($fields, "ReturnValues").map(Into::into)),
            set_return_values_on_condition_check_failure(
                $reasons.text($fields, check_failure).map(Into::into)
            ),
        );
    }};
}

pub(super) fn put_item(client: &Client, fields: &Object, reasons: &mut Reasons) -> PutItemFluentBuilder {
    reasons.unknown_of(fields, &[COMMON, WRITE, &["Item"]]);
    let mut request = client.put_item();
    set!(request, set_item(attributes(fields, "Item", reasons)));
    set_write!(request, fields, reasons);
    request
}

pub(super) fn update_item(
    client: &Client,
    fields: &Object,
    reasons: &mut Reasons,
) -> UpdateItemFluentBuilder {
    reasons.unknown_of(fields, &[COMMON, WRITE, &["Key", "AttributeUpdates", "UpdateExpression"]]);
    let mut request = client.update_item();
    set!(
        request,
        set_key(attributes(fields, "Key", reasons)),
        set_attribute_updates(updates(fields, "AttributeUpdates", reasons)),
        set_update_expression(reasons.text(fields, "UpdateExpression").map(str::to_owned)),
    );
    set_write!(request, fields, reasons);
    request
}

pub(super) fn delete_item(
    client: &Client,
    fields: &Object,
    reasons: &mut Reasons,
) -> DeleteItemFluentBuilder {
    reasons.unknown_of(fields, &[COMMON, WRITE, &["Key"]]);
    let mut request = client.delete_item();
    set!(request, set_key(attributes(fields, "Key", reasons)));
    set_write!(request, fields, reasons);
    request
}
