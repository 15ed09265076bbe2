//! The services that tasks call, each behind a Cargo feature.
//!
//! In: a task whose parameters are made. Out: the result that the service's integration has on AWS, or the error that it has
//! there. An integration never retries what a Retrier should see, and never prints a secret.

#[cfg(any(feature = "api-gateway", feature = "aws", feature = "eks", feature = "lambda", feature = "s3"))]
mod address;
#[cfg(feature = "api-gateway")]
pub mod api_gateway;
#[cfg(feature = "aws")]
pub mod aws;
#[cfg(feature = "dynamodb")]
pub mod dynamodb;
#[cfg(any(
    feature = "api-gateway",
    feature = "aws",
    feature = "dynamodb",
    feature = "eks",
    feature = "lambda",
    feature = "s3"
))]
mod environment;
#[cfg(any(
    feature = "api-gateway",
    feature = "aws",
    feature = "dynamodb",
    feature = "eks",
    feature = "lambda",
    feature = "s3"
))]
pub use environment::Endpoints;
#[cfg(feature = "eks")]
pub mod eks;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "lambda")]
pub mod lambda;
#[cfg(any(feature = "aws", feature = "dynamodb", feature = "lambda"))]
mod metadata;
#[cfg(any(feature = "api-gateway", feature = "aws", feature = "eks", feature = "lambda", feature = "s3"))]
mod places;
#[cfg(feature = "s3")]
pub mod s3;
#[cfg(any(feature = "api-gateway", feature = "aws", feature = "eks", feature = "lambda", feature = "s3"))]
mod signed;
#[cfg(any(
    feature = "api-gateway",
    feature = "aws",
    feature = "dynamodb",
    feature = "eks",
    feature = "lambda",
    feature = "s3"
))]
mod timeouts;

use crate::parameters;
