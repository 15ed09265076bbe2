//! What pages are made of.

pub(crate) mod banner;
pub(crate) mod cells;
pub(crate) mod counts;
pub(crate) mod data;
pub(crate) mod details;
pub(crate) mod events;
pub(crate) mod input;
pub(crate) mod picture;
pub(crate) mod report;
pub(crate) mod scale;
pub(crate) mod source;
pub(crate) mod starts;
pub(crate) mod timeline;
