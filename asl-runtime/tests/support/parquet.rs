//! Writes Parquet files, as few kinds as tests need: columns of texts, in pages that are not packed.

/// A value of Thrift in its compact form.
pub(crate) enum Field {
    Integer(i64),
    Text(&'static str),
    Struct(Vec<(u8, Self)>),
    List(Vec<Self>),
}

impl Field {
    const fn kind(&self) -> u8 {
        match self {
            Self::Integer(_) => 6,
            Self::Text(_) => 8,
            Self::List(_) => 9,
            Self::Struct(_) => 12,
        }
    }

    pub(crate) fn write(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Integer(number) => varint((number << 1 ^ number >> 63).cast_unsigned(), bytes),
            Self::Text(text) => {
                varint(text.len() as u64, bytes);
                bytes.extend(text.as_bytes());
            }
            Self::List(elements) => {
                bytes.push(0xf0 | elements.first().map_or(12, Self::kind));
                varint(elements.len() as u64, bytes);
                elements.iter().for_each(|element| element.write(bytes));
            }
            Self::Struct(fields) => {
                for (number, field) in fields {
                    bytes.extend([field.kind(), number << 1]);
                    field.write(bytes);
                }
                bytes.push(0);
            }
        }
    }
}

fn varint(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

/// How the values of a column may be repeated.
#[derive(Clone, Copy)]
pub(crate) enum Column {
    Required = 0,
    Repeated = 2,
}

/// The head of a page of so many values and bytes, in this encoding.
pub(crate) fn page_header(values: i64, bytes: i64, unpacked: i64) -> Vec<u8> {
    use Field::{Integer, Struct};
    let data = vec![(1, Integer(values)), (2, Integer(0)), (3, Integer(3)), (4, Integer(3))];
    let mut header = Vec::new();
    let fields = vec![(1, Integer(0)), (2, Integer(unpacked)), (3, Integer(bytes)), (5, Struct(data))];
    Struct(fields).write(&mut header);
    header
}

/// A page of texts.
pub(crate) fn page<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<u8> {
    let (mut values, mut count) = (Vec::new(), 0);
    for text in texts {
        values.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
        values.extend(text.as_bytes());
        count += 1;
    }
    let length = i64::try_from(values.len()).unwrap();
    [page_header(count, length, length), values].concat()
}

/// The place of a column in a file, and how long it is.
pub(crate) type ColumnPlace = (u64, usize);

/// What follows the pages: row groups, each with the number of its rows and the places of its columns. Pages are packed in this way.
pub(crate) fn footer(columns: &[Column], codec: i64, groups: &[(i64, Vec<ColumnPlace>)]) -> Vec<u8> {
    use Field::{Integer, List, Struct, Text};
    let integer = |number: usize| Integer(i64::try_from(number).unwrap());
    let root = Struct(vec![(4, Text("root")), (5, integer(columns.len()))]);
    let column = |column: &Column| {
        Struct(vec![(1, Integer(6)), (3, Integer(*column as i64)), (4, Text("text")), (6, Integer(0))])
    };
    let place = |(start, length): &ColumnPlace| {
        let fields =
            vec![(4, Integer(codec)), (7, integer(*length)), (9, Integer(i64::try_from(*start).unwrap()))];
        Struct(vec![(3, Struct(fields))])
    };
    let group = |(rows, places): &(i64, Vec<ColumnPlace>)| {
        Struct(vec![(1, List(places.iter().map(place).collect())), (3, Integer(*rows))])
    };
    let schema = std::iter::once(root).chain(columns.iter().map(column)).collect();
    let fields = vec![
        (1, Integer(1)),
        (2, List(schema)),
        (3, Integer(groups.iter().map(|(rows, _)| rows).sum())),
        (4, List(groups.iter().map(group).collect())),
    ];
    let mut footer = Vec::new();
    Struct(fields).write(&mut footer);
    footer.extend(u32::try_from(footer.len()).unwrap().to_le_bytes());
    footer.extend(b"PAR1");
    footer
}

/// A file of a column with these pages in a row group.
pub(crate) fn file(column: Column, codec: i64, rows: i64, pages: &[u8]) -> Vec<u8> {
    let place = (4, pages.len());
    [b"PAR1".to_vec(), pages.to_vec(), footer(&[column], codec, &[(rows, vec![place])])].concat()
}
