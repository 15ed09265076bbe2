//! The API of AWS Step Functions, over compiled machines.

mod definition_fault;
pub mod test_state;
