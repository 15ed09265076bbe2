//! The programs of the book are in `tests/book`, one file for each page. A page shows parts of them, and `asl-cli/tests/command/book.rs` compares both.
