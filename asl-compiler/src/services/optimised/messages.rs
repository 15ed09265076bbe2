//! Integrations that answer at once: HTTP, functions, items, messages and events.

use super::super::written::{Api, Written, optional, required};
use super::{HTTP_METADATA, Icon, Integration, LISTS, RESPONSE, RESPONSE_METADATA, integration, own, plain};
use asl_language::resource::Suffix;

/// Those of this family.
pub(super) const ALL: &[Integration] =
    &[API_GATEWAY, DYNAMO_DB, EVENT_BRIDGE, HTTP, BEDROCK_AGENT_CORE, LAMBDA, SNS, SQS];

const CALLBACK: &[Suffix] = &[Suffix::WaitForTaskToken];

const API_GATEWAY: Integration = Integration {
    name: "apigateway",
    icon: Icon::Door,
    own_client: true,
    error_prefix: Some("ApiGateway"),
    errors: &[],
    actions: &[own("invoke", CALLBACK, API_GATEWAY_PARAMETERS).giving(RESPONSE)],
};

const API_GATEWAY_PARAMETERS: Written = Written::Structure(&[
    required("ApiEndpoint", Written::String),
    required("Method", Written::Enum(&["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])),
    optional("AllowNullValues", Written::Boolean),
    optional("AuthType", Written::Enum(&["NO_AUTH", "IAM_ROLE", "RESOURCE_POLICY"])),
    optional("Headers", LISTS),
    optional("Path", Written::String),
    optional("QueryParameters", LISTS),
    optional("RequestBody", Written::Any),
    optional("Stage", Written::String),
]);

const DYNAMO_DB: Integration = Integration {
    name: "dynamodb",
    icon: Icon::Table,
    own_client: true,
    error_prefix: Some("DynamoDB"),
    errors: &["AmazonDynamoDBException", "SdkClientException", "ThrottlingException"],
    actions: &[
        plain("getItem", &[], Api("dynamodb", "getItem")),
        plain("putItem", &[], Api("dynamodb", "putItem")),
        plain("updateItem", &[], Api("dynamodb", "updateItem")),
        plain("deleteItem", &[], Api("dynamodb", "deleteItem")),
    ],
};

const EVENT_BRIDGE: Integration = Integration {
    name: "events",
    icon: Icon::Bus,
    own_client: false,
    error_prefix: Some("EventBridge"),
    errors: &["FailedEntry", "AmazonEventBridgeException", "SdkClientException"],
    actions: &[plain("putEvents", CALLBACK, Api("eventbridge", "putEvents"))],
};

const HTTP: Integration = Integration {
    name: "http",
    icon: Icon::Globe,
    own_client: true,
    // Its errors are among those of the language: `States.Http.StatusCode.404`.
    error_prefix: None,
    errors: &[],
    actions: &[own("invoke", &[], HTTP_PARAMETERS).giving(RESPONSE)],
};

const CONNECTION: Written = Written::Structure(&[required("ConnectionArn", Written::String)]);

const HTTP_PARAMETERS: Written = Written::Structure(&[
    required("ApiEndpoint", Written::String),
    required("Method", Written::Enum(&["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])),
    optional("Authentication", CONNECTION),
    optional("Headers", Written::Map(&Written::Any)),
    optional("InvocationConfig", CONNECTION),
    optional("QueryParameters", Written::Map(&Written::Any)),
    optional("RequestBody", Written::Any),
    optional(
        "Transform",
        Written::Structure(&[
            optional("RequestBodyEncoding", Written::Enum(&["NONE", "URL_ENCODED"])),
            optional(
                "RequestEncodingOptions",
                Written::Structure(&[optional(
                    "ArrayFormat",
                    Written::Enum(&["INDICES", "REPEAT", "COMMAS", "BRACKETS"]),
                )]),
            ),
        ]),
    ),
]);

/// Its answer is the last message of the agent in the shape of an answer of Bedrock's `converse`, with the use of tokens.
const BEDROCK_AGENT_CORE: Integration = integration(
    "bedrockagentcore",
    Icon::Gear,
    &[own(
        "invokeHarness",
        &[],
        Written::Structure(&[
            required("HarnessArn", Written::String),
            required("Messages", Written::List(&Written::Any)),
            required("RuntimeSessionId", Written::String),
            optional("ActorId", Written::String),
            optional("AllowedTools", Written::List(&Written::String)),
            optional("Baggage", Written::String),
            optional("MaxIterations", Written::Integer),
            optional("MaxTokens", Written::Integer),
            optional("Model", Written::Any),
            optional("Qualifier", Written::String),
            optional("RuntimeUserId", Written::String),
            optional("Skills", Written::List(&Written::Any)),
            optional("SystemPrompt", Written::List(&Written::Any)),
            optional("TimeoutSeconds", Written::Integer),
            optional("Tools", Written::List(&Written::Any)),
            optional("TraceId", Written::String),
            optional("TraceParent", Written::String),
            optional("TraceState", Written::String),
        ]),
    )],
);

const INVOKE: Api = Api("lambda", "invoke");

const LAMBDA: Integration = Integration {
    name: "lambda",
    icon: Icon::Function,
    own_client: true,
    error_prefix: Some("Lambda"),
    errors: &["AWSLambdaException", "ClientExecutionTimeoutException", "SdkClientException", "Unknown"],
    actions: &[plain("invoke", CALLBACK, INVOKE)
        .taking(Written::Input(INVOKE, &[optional("ClientContext", Written::Any)]))
        .giving(Written::Output(
            INVOKE,
            // What the function yields is JSON here, and a text in the API.
            &[optional("Payload", Written::Any), HTTP_METADATA, RESPONSE_METADATA],
        ))],
};

const SNS: Integration = Integration {
    name: "sns",
    icon: Icon::Horn,
    own_client: false,
    error_prefix: Some("SNS"),
    errors: &["AmazonSNSException", "SdkClientException"],
    actions: &[plain("publish", CALLBACK, Api("sns", "publish"))],
};

const SQS: Integration = Integration {
    name: "sqs",
    icon: Icon::Queue,
    own_client: false,
    error_prefix: Some("SQS"),
    errors: &["AmazonSQSException", "SdkClientException"],
    actions: &[plain("sendMessage", CALLBACK, Api("sqs", "sendMessage"))],
};
