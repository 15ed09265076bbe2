//! Holds no code: this package is its test.
