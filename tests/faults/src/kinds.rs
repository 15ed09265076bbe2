//! The kinds of faults, one function each, a file for each part of the language.

mod bounded;
mod choice;
mod dynamo;
mod error;
mod expression;
mod field;
mod flow;
mod handler;
mod intrinsic;
mod known;
mod map;
mod meaning;
mod meant;
mod path;
mod refused;
mod result;
mod service;
mod slip;
mod task;
mod token;
mod transition;
mod typed;
mod value;
mod ways;

use crate::edit::Editor;
use crate::{Fault, Workflow};

/// A kind of fault.
#[derive(Clone, Copy, Debug)]
pub struct FaultKind {
    /// What it is called.
    pub name: &'static str,
    /// Whether its faults are certain to fail.
    pub is_certain: bool,
    make: fn(&mut Editor<'_>),
}

impl FaultKind {
    /// All faults of this kind that the definition has room for.
    #[must_use]
    pub fn inject(&self, workflow: &Workflow) -> Vec<Fault> {
        let mut editor = Editor::new(workflow, self.name, self.is_certain);
        (self.make)(&mut editor);
        editor.faults
    }
}

const fn kind(name: &'static str, make: fn(&mut Editor<'_>)) -> FaultKind {
    FaultKind { name, is_certain: true, make }
}

/// A kind of faults that may be meant, which are warnings.
const fn doubt(name: &'static str, make: fn(&mut Editor<'_>)) -> FaultKind {
    FaultKind { name, is_certain: false, make }
}

/// All kinds.
pub const KINDS: &[FaultKind] = &[
    kind("next-misspelt", transition::next_misspelt),
    kind("default-misspelt", transition::default_misspelt),
    kind("start-at-misspelt", transition::start_at_misspelt),
    kind("rule-next-misspelt", transition::rule_next_misspelt),
    kind("catch-next-misspelt", transition::catch_next_misspelt),
    kind("next-out-of-scope", transition::next_out_of_scope),
    kind("next-missing", transition::next_missing),
    kind("end-missing", transition::end_missing),
    kind("next-and-end", transition::next_and_end),
    kind("next-to-nowhere", transition::next_to_nowhere),
    kind("state-name-twice", transition::state_name_twice),
    kind("state-unreachable", transition::state_unreachable),
    kind("field-misspelt", field::misspelt),
    kind("field-in-other-case", field::in_other_case),
    kind("field-of-another-type", field::of_another_type),
    kind("field-of-another-language", field::of_another_language),
    kind("field-missing", field::missing),
    kind("field-twice", field::twice),
    kind("field-of-handler-misspelt", field::of_handler_misspelt),
    kind("field-of-rule-misspelt", field::of_rule_misspelt),
    kind("field-of-machine-misspelt", field::of_machine_misspelt),
    kind("field-of-map-misspelt", field::of_map_misspelt),
    kind("type-misspelt", field::type_misspelt),
    kind("value-mistyped", value::mistyped),
    kind("value-out-of-range", value::out_of_range),
    kind("value-exclusive", value::exclusive),
    kind("value-misspelt", value::misspelt),
    kind("service-misspelt", task::service_misspelt),
    kind("action-misspelt", task::action_misspelt),
    kind("action-in-other-case", task::action_in_other_case),
    kind("pattern-misspelt", task::pattern_misspelt),
    kind("pattern-there-is-not", task::pattern_there_is_not),
    kind("resource-broken", task::resource_broken),
    kind("parameter-misspelt", task::parameter_misspelt),
    kind("parameter-in-other-case", task::parameter_in_other_case),
    kind("parameter-unknown", task::parameter_unknown),
    kind("parameter-missing", task::parameter_missing),
    doubt("parameters-missing", task::parameters_missing),
    kind("parameter-mistyped", task::parameter_mistyped),
    doubt("parameter-value-misspelt", task::parameter_value_misspelt),
    kind("parameter-within-misspelt", task::parameter_within_misspelt),
    kind("error-name-misspelt", error::misspelt),
    kind("error-name-of-service-misspelt", error::misspelt_of_service),
    kind("error-name-of-service-in-other-case", error::service_in_other_case),
    kind("states-all-not-last", error::states_all_not_last),
    kind("states-all-not-alone", error::states_all_not_alone),
    kind("error-equals-no-list", error::no_list),
    kind("retrier-number-wrong", error::retrier_number_wrong),
    kind("path-broken", path::broken),
    kind("path-without-dollar", path::without_dollar),
    kind("dollar-dropped-from-key", path::dollar_dropped_from_key),
    kind("dollar-added-to-key", path::dollar_added_to_key),
    kind("context-field-misspelt", path::context_field_misspelt),
    kind("context-dollar-missing", path::context_dollar_missing),
    kind("variable-misspelt", path::variable_misspelt),
    kind("result-path-no-reference", path::result_path_no_reference),
    kind("result-field-misspelt", result::field_misspelt),
    kind("result-field-misspelt-in-own-state", result::field_misspelt_in_own_state),
    kind("result-field-misspelt-in-variable", result::field_misspelt_in_variable),
    kind("pass-result-field-misspelt", result::pass_field_misspelt),
    kind("field-of-array", result::field_of_array),
    kind("intrinsic-misspelt", intrinsic::misspelt),
    kind("intrinsic-arguments-missing", intrinsic::arguments_missing),
    kind("intrinsic-arguments-too-many", intrinsic::arguments_too_many),
    kind("intrinsic-argument-mistyped", intrinsic::argument_mistyped),
    kind("intrinsic-unbalanced", intrinsic::unbalanced),
    kind("operator-misspelt", choice::operator_misspelt),
    kind("operator-in-other-case", choice::operator_in_other_case),
    kind("operand-mistyped", choice::operand_mistyped),
    kind("operator-missing", choice::operator_missing),
    kind("operator-twice", choice::operator_twice),
    kind("variable-missing", choice::variable_missing),
    kind("variable-no-path", choice::variable_no_path),
    kind("choices-empty", choice::empty),
    kind("map-mode-misspelt", map::mode_misspelt),
    kind("map-items-no-array", map::items_no_array),
    kind("map-field-wrong", map::field_wrong),
    kind("expression-unbalanced", expression::unbalanced),
    kind("expression-unclosed", expression::unclosed),
    kind("expression-function-misspelt", expression::function_misspelt),
    kind("expression-states-field-misspelt", expression::states_field_misspelt),
    kind("expression-context-field-misspelt", expression::context_field_misspelt),
    kind("expression-field-out-of-place", expression::field_out_of_place),
    kind("expression-variable-misspelt", expression::variable_misspelt),
    kind("expression-arguments-wrong", expression::arguments_wrong),
    kind("expression-operand-mistyped", expression::operand_mistyped),
    kind("expression-without-dollar", expression::without_dollar),
    kind("expression-json-path", expression::json_path),
    kind("operator-of-another-language", slip::operator_of_another_language),
    kind("call-of-another-language", slip::call_of_another_language),
    kind("expression-of-wrong-type", slip::expression_of_wrong_type),
    kind("expression-in-json-path", slip::expression_in_json_path),
    kind("context-out-of-place", slip::context_out_of_place),
    doubt("error-without-prefix", slip::error_without_prefix),
    doubt("error-of-another-service", slip::error_of_another_service),
    kind("action-of-another-service", slip::action_of_another_service),
    kind("function-broken", slip::function_broken),
    kind("field-of-another-state", slip::field_of_another_state),
    kind("json-broken", slip::json_broken),
    kind("timestamp-broken", slip::timestamp_broken),
    doubt("assigned-misspelt", slip::assigned_misspelt),
    doubt("assign-missing", slip::assign_missing),
    kind("variable-of-outer-scope", slip::variable_of_outer_scope),
    kind("handler-out-of-scope", slip::handler_out_of_scope),
    kind("name-wrong", slip::name_wrong),
    kind("result-field-misspelt-in-next", slip::result_field_misspelt_in_next),
    kind("branch-there-is-not", slip::branch_there_is_not),
    kind("expression-inside-of-text", meant::expression_inside_of_text),
    kind("expression-without-signs", meant::signs_missing),
    kind("expression-under-dollar-key", meant::dollar_key_in_jsonata),
    kind("expression-in-json-path-payload", meant::expression_in_json_path_payload),
    kind("path-as-cause", meant::path_as_cause),
    kind("path-inside-of-text", meant::path_inside_of_text),
    kind("path-as-operand", meant::path_as_operand),
    kind("path-as-number", meant::path_as_number),
    kind("expression-of-known-types", typed::expression_of_known_types),
    kind("after-a-placeholder", typed::after_a_placeholder),
    doubt("items-of-a-sequence", typed::items_of_a_sequence),
    kind("dynamodb-placeholder-misspelt", service::placeholder_misspelt),
    kind("dynamodb-number-of-letters", service::number_attribute_of_letters),
    kind("address-broken", service::address_broken),
    kind("target-missing", service::target_missing),
    doubt("error-name-twice", service::error_twice),
    kind("error-never-caught", service::runtime_error_caught),
    kind("expression-context-field-by-another-name", refused::context_by_another_name_in_expressions),
    kind("expression-with-other-signs", meant::other_signs),
    kind("condition-without-signs", meant::condition_without_signs),
    kind("path-in-a-result", meant::path_in_result),
    kind("path-in-quotes", meant::path_in_quotes),
    kind("context-in-the-data", meant::context_in_data),
    doubt("pattern-of-another-language", meant::pattern_of_another_language),
    kind("paths-under-one-key", meant::paths_under_one_key),
    kind("result-paths-two", meant::result_paths_two),
    kind("choice-ends", meant::choice_ends),
    kind("number-from-a-text", typed::number_from_text),
    kind("text-from-a-number", typed::text_from_number),
    kind("function-of-wrong-type", typed::function_of_wrong_type),
    kind("argument-that-cannot-be-read", typed::argument_that_cannot_be_read),
    kind("field-lost-in-a-binding", typed::field_lost_in_binding),
    doubt("field-in-brackets", typed::field_in_brackets),
    kind("field-after-a-placeholder", typed::field_after_placeholder),
    kind("error-name-with-a-star", handler::error_with_star),
    doubt("error-read-beside-its-place", handler::error_read_beside_its_place),
    kind("error-output-misspelt", handler::error_output_misspelt),
    kind("result-that-is-thrown-away", handler::result_thrown_away),
    doubt("task-that-leads-to-itself", handler::task_to_itself),
    doubt("choice-that-leads-to-itself", handler::choice_to_itself),
    kind("dynamodb-word-reserved", dynamo::reserved_word),
    kind("dynamodb-operator-of-another-language", dynamo::operator_of_another_language),
    kind("dynamodb-value-written-out", dynamo::value_written_out),
    kind("dynamodb-clause-broken", dynamo::clause_broken),
    kind("dynamodb-type-unknown", dynamo::type_unknown),
    kind("bucket-that-is-an-address", service::bucket_that_is_an_address),
    kind("fifo-without-a-group", service::fifo_without_group),
    kind("event-without-a-part", service::event_without_part),
    kind("body-that-is-a-text", service::body_that_is_a_text),
    kind("execution-name-wrong", service::execution_name_wrong),
    kind("path-as-address", refused::path_as_address),
    kind("parameter-shortened", refused::parameter_shortened),
    kind("parameter-value-in-other-case", refused::value_in_other_case),
    kind("message-attribute-without-type", refused::attribute_without_type),
    kind("dynamodb-without-sense", refused::dynamo_without_sense),
    kind("context-field-by-another-name", refused::context_by_another_name),
    kind("expression-field-called", refused::field_called),
    doubt("error-of-another-state", refused::error_of_another_state),
    kind("intrinsic-value-wrong", intrinsic::value_wrong),
    kind("order-with-nothing", typed::order_with_nothing),
    kind("number-out-of-bounds", bounded::number_out_of_bounds),
    kind("copy-without-source", bounded::copy_without_source),
    kind("condition-on-keys", bounded::condition_on_keys),
    kind("address-of-another-service", bounded::address_of_another_service),
    kind("word-in-other-letters", bounded::word_in_other_letters),
    kind("expression-value-refused", bounded::value_refused),
    kind("call-refused", known::call_refused),
    doubt("call-perhaps-refused", known::perhaps_refused),
    kind("own-function-misused", known::own_function_misused),
    kind("variable-behind-its-block", known::read_behind_its_block),
    kind("intrinsic-refused", known::intrinsic_refused),
    kind("object-of-an-expression-misspelt", known::object_misspelt),
    kind("exclusive-given", meaning::exclusive_given),
    kind("companion-missing", meaning::companion_missing),
    kind("text-misformed", meaning::misformed),
    kind("id-of-another-kind", meaning::id_of_another_kind),
    kind("numbers-in-disorder", meaning::numbers_in_disorder),
    kind("event-pattern-without-lists", meaning::event_pattern_without_lists),
    kind("header-forbidden", meaning::header_forbidden),
    kind("conversation-misformed", meaning::conversation_misformed),
    kind("dynamo-expression-meaningless", meaning::dynamo_expression_meaningless),
    kind("dynamo-value-meaningless", meaning::dynamo_value_meaningless),
    kind("token-as-text", token::as_text),
    kind("token-left-out", token::left_out),
    doubt("payload-of-a-number", known::payload_of_a_number),
    kind("operator-of-another-type", flow::operator_of_another_type),
    kind("variable-as-text", flow::variable_as_text),
    kind("value-in-a-text", flow::value_in_a_text),
    kind("call-as-text", flow::call_as_text),
    kind("index-from-the-end", flow::index_from_the_end),
    kind("result-that-was-not-asked-for", flow::result_that_was_not_asked_for),
    kind("own-data-refused", flow::own_data_refused),
    kind("constant-expression-in-json-path", flow::constant_expression_in_json_path),
    kind("field-misspelt-in-a-text", flow::field_misspelt_in_a_text),
    kind("input-lost-on-one-way", ways::input_lost_on_one_way),
    kind("error-output-kept-elsewhere", ways::error_output_kept_elsewhere),
    kind("assignment-lost-on-one-way", ways::assignment_lost_on_one_way),
    kind("back-to-the-choice", ways::back_to_the_choice),
    kind("attributes-not-asked-for", ways::attributes_not_asked_for),
    kind("name-for-an-arn", ways::name_for_an_arn),
    kind("activity-misformed", ways::activity_misformed),
    kind("header-twice", ways::header_twice),
];
