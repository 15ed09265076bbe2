//! Facts of the Amazon States Language that the compiler and the runtime share, so that what is checked at compile time
//! and what happens at run time cannot drift apart, and what all of their doors do alike. No dependencies.

pub mod action;
pub mod api_gateway;
pub mod context;
pub mod errors;
pub mod files;
pub mod http;
pub mod jsonata;
pub mod limits;
pub mod map_run;
pub mod regex;
pub mod resource;
pub mod retry;
pub mod state_type;
pub mod test_file;
pub mod timestamp;
pub mod visible;
