//! Everything is in `tests/differential`, and its questions are made by `generate.py`.
