"""Writes the Parquet files of this folder with pyarrow, and the items that they hold as JSON: those of `small_*.parquet` are in `small.jsonl`.

    pip install pyarrow && python make.py

What an item is does not come from a Parquet file: `as_json` is the page on distributed Maps in Python.
"""

import base64
import datetime
import decimal
import json
import math
import pathlib
import uuid

import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = pathlib.Path(__file__).parent
UTC = datetime.timezone.utc


def as_json(value, kind):
    """What a value of a type is as an item, or in one."""
    if value is None:
        return None
    if pa.types.is_decimal(kind):
        if kind.scale == 0 and kind.precision <= 18:
            return int(value)
        return float(value) if kind.scale > 0 and kind.precision <= 15 else format(value, "f")
    if pa.types.is_timestamp(kind):
        since = value.replace(tzinfo=UTC) - datetime.datetime(1970, 1, 1, tzinfo=UTC)
        return since // datetime.timedelta(milliseconds=1)
    if pa.types.is_date(kind):
        return value.isoformat()
    if pa.types.is_time(kind):
        return value.isoformat(timespec="milliseconds" if kind.unit == "ms" else "microseconds")
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return base64.b64encode(value).decode()
    if isinstance(kind, pa.UuidType):
        return str(value)
    if pa.types.is_floating(kind):
        if not math.isfinite(value):
            return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(float(value))]
        return float(str(value if kind.bit_width == 64 else pa.scalar(value, kind).cast(pa.string())))
    if pa.types.is_struct(kind):
        return {field.name: as_json(value[field.name], field.type) for field in kind}
    if pa.types.is_map(kind):
        return {str(key): as_json(part, kind.item_type) for key, part in value}
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return [as_json(part, kind.value_type) for part in value]
    return value


def items(name, table):
    rows = [{field.name: as_json(row[field.name], field.type) for field in table.schema} for row in table.to_pylist()]
    text = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
    (FOLDER / f"{name}.jsonl").write_text(text)


def write(name, table, **options):
    pq.write_table(table, FOLDER / f"{name}.parquet", store_schema=False, **options)


def table(**columns):
    arrays = {name: pa.array(values, kind) for name, (kind, values) in columns.items()}
    return pa.table(arrays)


numbers = table(
    i8=(pa.int8(), [-128, None, 127]),
    u8=(pa.uint8(), [0, 255, None]),
    u16=(pa.uint16(), [65535, 1, None]),
    u32=(pa.uint32(), [4294967295, 0, None]),
    i64=(pa.int64(), [-(2**63), 2**63 - 1, 9007199254740993]),
    u64=(pa.uint64(), [2**64 - 1, 0, None]),
    f16=(pa.float16(), [1.5, -2.0, 0.0]),
    f32=(pa.float32(), [0.1, math.inf, -1.5e-20]),
    f64=(pa.float64(), [0.1, math.nan, -math.inf]),
    flag=(pa.bool_(), [True, None, False]),
    price=(pa.decimal128(9, 2), [decimal.Decimal("12.50"), None, decimal.Decimal("-0.05")]),
    count=(pa.decimal128(18, 0), [decimal.Decimal(10**18 - 1), decimal.Decimal(-7), None]),
    exact=(pa.decimal128(38, 10), [decimal.Decimal("12345678901234567890.0123456789"), decimal.Decimal("-1E-10"), None]),
    huge=(pa.decimal256(76, 3), [decimal.Decimal(10**72) + decimal.Decimal("0.125"), decimal.Decimal(-(10**72)), None]),
)

noon = datetime.datetime(2024, 2, 29, 12, 30, 15, 123456, tzinfo=UTC)
before = datetime.datetime(1969, 12, 31, 23, 59, 59, 999999)
moments = table(
    ms=(pa.timestamp("ms", "UTC"), [noon.replace(microsecond=123000), None]),
    us=(pa.timestamp("us"), [noon.replace(tzinfo=None), before]),
    ns=(pa.timestamp("ns", "UTC"), [noon, None]),
    day=(pa.date32(), [noon.date(), datetime.date(1, 1, 1)]),
    clock=(pa.time32("ms"), [datetime.time(23, 59, 59, 125000), None]),
    fine=(pa.time64("us"), [datetime.time(0, 0, 0, 1), datetime.time(12, 0)]),
)

texts = table(
    text=(pa.string(), ["", "é😀\n\"", None]),
    bytes=(pa.binary(), [b"\x00\xff", b"", None]),
    fixed=(pa.binary(3), [b"abc", None, b"\xff\x00\x01"]),
    id=(pa.uuid(), [uuid.UUID(int=1).bytes, None, uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8").bytes]),
    choice=(pa.string(), ["a", "b", "a"]),
)

point = pa.struct([("x", pa.int32()), ("y", pa.list_(pa.string()))])
nested = table(
    list=(pa.list_(pa.int64()), [[1, None, 3], [], None, [4]]),
    lists=(pa.list_(pa.list_(pa.string())), [[["a"], [], None, ["b", None]], None, [], [[]]]),
    point=(point, [{"x": 1, "y": ["p", None]}, None, {"x": None, "y": None}, {"x": 2, "y": []}]),
    points=(pa.list_(point), [[{"x": 1, "y": []}, None], [], None, [{"x": 3, "y": ["q"]}]]),
    map=(pa.map_(pa.string(), pa.int32()), [[("a", 1), ("b", None)], [], None, [("c", 3)]]),
    maps=(pa.map_(pa.int32(), pa.list_(pa.int32())), [[(1, [1, 2]), (2, None)], None, [], [(3, [])]]),
)

size = 1200
many = table(
    id=(pa.int64(), [number * number for number in range(size)]),
    small=(pa.int32(), [number % 7 - 3 for number in range(size)]),
    word=(pa.string(), [f"word {number // 10:04}" for number in range(size)]),
    few=(pa.string(), ["red", "green", None, "blue"] * (size // 4)),
    part=(pa.float64(), [number / 8 for number in range(size)]),
    flag=(pa.bool_(), [number % 3 == 0 for number in range(size)]),
    tags=(pa.list_(pa.string()), [["t"] * (number % 4) for number in range(size)]),
)

small = many.slice(0, 300)

none = many.slice(0, 0)
old = table(at=(pa.timestamp("ns"), [noon.replace(tzinfo=None), before, None]))

for name in ["numbers", "moments", "texts", "nested", "small", "many", "none", "old"]:
    items(name, globals()[name])

for name in ["numbers", "moments", "texts", "nested"]:
    write(name, globals()[name])
    write(f"{name}_second_pages", globals()[name], data_page_version="2.0", use_dictionary=False)

write("old_timestamps", old, use_deprecated_int96_timestamps=True)
write("nested_lists_of_old", nested, use_compliant_nested_type=False)

for codec in ["NONE", "SNAPPY", "GZIP", "ZSTD"]:
    for version in ["1.0", "2.0"]:
        options = dict(compression=codec, data_page_version=version, row_group_size=120, data_page_size=256)
        write(f"small_{codec.lower()}_{version[0]}", small, **options)

encodings = {
    "deltas": dict(id="DELTA_BINARY_PACKED", small="DELTA_BINARY_PACKED", word="DELTA_BYTE_ARRAY", few="DELTA_LENGTH_BYTE_ARRAY", part="BYTE_STREAM_SPLIT", flag="RLE"),
    "split": dict(id="BYTE_STREAM_SPLIT", small="BYTE_STREAM_SPLIT", word="PLAIN", few="PLAIN", part="PLAIN", flag="PLAIN"),
}
for name, columns in encodings.items():
    write(f"small_{name}", small, use_dictionary=False, column_encoding=columns, data_page_size=512)

write("many_row_groups", many, compression="ZSTD", row_group_size=100, data_page_size=2048)
write("none_at_all", none)

# Files that are refused.
for codec in ["BROTLI", "LZ4"]:
    write(f"refused_{codec.lower()}", texts, compression=codec)
