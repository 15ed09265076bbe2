//! Holds no code: this package is its tests.
