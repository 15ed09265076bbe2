//! `ItemReader`: where the items of a distributed Map come from.

use super::parse_number;
use super::writer::parse_store;
use crate::checked;
use crate::code::Code;
use crate::definition::fields::Fields;
use crate::definition::{Found, Names, Part, Reader, Reported, Seconds, Template};
use crate::diagnostic::Diagnostic;
use crate::json::{Kind, Text, Value};
use crate::source::Span;
use crate::vocabulary::{self, ItemSource, ManifestType};

/// `ItemReader`
#[derive(Clone, Debug, PartialEq)]
pub struct ItemReader {
    /// The place of the field's name.
    pub span: Span,
    /// `Resource`; absent if that was reported.
    pub source: Option<ItemSource>,
    /// `Parameters` or `Arguments`; absent if that was reported.
    pub parameters: Option<Template>,
    /// `ReaderConfig`
    pub config: ReaderConfig,
}

/// `ReaderConfig`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReaderConfig {
    /// `InputType`
    pub input_type: Option<InputType>,
    /// `"Transformation": "LOAD_AND_FLATTEN"`, with its place.
    pub load_and_flatten: Option<Span>,
    /// `ManifestType`
    pub manifest_type: Option<ManifestType>,
    /// `CSVHeaders`, where `CSVHeaderLocation` is `GIVEN`.
    pub csv_headers: Option<Vec<Text>>,
    /// `CSVDelimiter`, by default a comma.
    pub csv_delimiter: Option<u8>,
    /// The names and indexes of `ItemsPointer`.
    pub items_pointer: Vec<String>,
    /// `MaxItems` or `MaxItemsPath`; zero means no limit.
    pub max_items: Option<Seconds>,
}

/// `InputType`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputType {
    /// `CSV`, `JSON`, `JSONL` or `PARQUET`
    Items(vocabulary::InputType),
    /// `MANIFEST`: a list of objects.
    Manifest,
}

/// The most items that can be asked for.
const MAX_ITEMS: u64 = 100_000_000;

/// The most bytes of all names of columns.
const HEADER_BYTES: usize = 10 << 10;

/// The characters of an `ItemsPointer` have to be fewer.
const POINTER_CHARACTERS: usize = 2000;

impl Part for ItemReader {
    type Checked = checked::ItemReader;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        self.parameters.find(found);
        self.config.max_items.find(found);
    }

    fn checked(&self, names: &mut Names<'_>) -> Result<checked::ItemReader, Reported> {
        let config = &self.config;
        let (input_type, manifest_type) = config.listed();
        Ok(checked::ItemReader {
            resource: self.source.ok_or(Reported)?,
            parameters: self.parameters.as_ref().ok_or(Reported)?.checked(names)?,
            input_type,
            load_and_flatten: config.load_and_flatten.is_some(),
            manifest_type,
            csv_delimiter: config.csv_delimiter.unwrap_or(b','),
            csv_headers: config.csv_headers.checked(names)?,
            items_pointer: config.items_pointer.clone(),
            max_items: config.max_items.checked(names)?,
        })
    }
}

impl ReaderConfig {
    /// What is in the objects, and who lists them.
    const fn listed(&self) -> (Option<vocabulary::InputType>, Option<ManifestType>) {
        match (self.input_type, self.manifest_type) {
            (Some(InputType::Manifest), None) | (_, Some(ManifestType::S3Inventory)) => {
                (None, Some(ManifestType::S3Inventory))
            }
            (Some(InputType::Items(input_type)), manifest_type) => (Some(input_type), manifest_type),
            (Some(InputType::Manifest) | None, manifest_type) => (None, manifest_type),
        }
    }
}

pub(super) fn parse(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Option<ItemReader> {
    let member = fields.member("ItemReader")?;
    let owner = format!("`ItemReader` of {}", fields.owner());
    let mut inner = Fields::new(&member.value, owner.as_str(), member.key.span, reader)?;
    inner.comment(reader);
    let resource = inner.required_text("Resource", reader);
    // Where the store is not known, the items can be anything.
    let source =
        reader.aside(|reader| resource.and_then(|text| parse_store("ItemReader", text, SOURCES, reader)));
    let parameters = reader.at("ItemReader", |reader| inner.inner_parameters(true, reader));
    let config = match inner.value("ReaderConfig") {
        Some(config) => parse_config(config, &owner, source, reader).unwrap_or_default(),
        None => {
            if source == Some(ItemSource::GetObject) {
                inner.report_missing("ReaderConfig", reader);
            }
            ReaderConfig::default()
        }
    };
    inner.finish(&["Arguments", "Comment", "Parameters", "ReaderConfig", "Resource"], reader);
    Some(ItemReader { span: member.key.span, source, parameters, config })
}

fn parse_config(
    value: &Value,
    owner: &str,
    source: Option<ItemSource>,
    reader: &mut Reader<'_>,
) -> Option<ReaderConfig> {
    let mut fields = Fields::new(value, format!("`ReaderConfig` of {owner}"), value.span, reader)?;
    let has_input_type = fields.has("InputType");
    let transformation = fields.one_of("Transformation", &["NONE", "LOAD_AND_FLATTEN"], reader);
    let given = parse_header_location(&mut fields, reader);
    let headers = parse_headers(&mut fields, reader);
    let config = ReaderConfig {
        // Where the type is not known, everything is possible.
        input_type: reader
            .aside(|reader| fields.choice_of("InputType", INPUT_TYPES, reader))
            .map(|at| at.value),
        load_and_flatten: transformation.filter(|at| at.value == "LOAD_AND_FLATTEN").map(|at| at.span),
        manifest_type: fields.choice_of("ManifestType", MANIFEST_TYPES, reader).map(|at| at.value),
        csv_headers: headers.filter(|_| given),
        csv_delimiter: reader
            .aside(|reader| fields.choice_of("CSVDelimiter", DELIMITERS, reader))
            .map(|at| at.value),
        items_pointer: reader.aside(|reader| parse_pointer(&mut fields, reader)).unwrap_or_default(),
        max_items: reader.at("ItemReader/ReaderConfig", |reader| {
            reader.aside(|reader| parse_number(&mut fields, "MaxItems", 0..=MAX_ITEMS, reader))
        }),
    };
    if !has_input_type && config.needs_input_type(source) {
        fields.report_missing("InputType", reader);
    }
    if let Some(span) = config.load_and_flatten.filter(|_| source == Some(ItemSource::GetObject)) {
        let message = format!("`Transformation` of {} cannot be `LOAD_AND_FLATTEN`", fields.owner());
        let label = "only the objects that `s3:listObjectsV2` lists can be opened";
        reader.report(Diagnostic::new(Code::InvalidValue, span, message).label(label));
    }
    fields.finish(CONFIG_FIELDS, reader);
    Some(config)
}

impl ReaderConfig {
    fn needs_input_type(&self, source: Option<ItemSource>) -> bool {
        match source {
            Some(ItemSource::GetObject) => self.manifest_type != Some(ManifestType::S3Inventory),
            Some(ItemSource::ListObjects) => self.load_and_flatten.is_some(),
            None => false,
        }
    }
}

const CONFIG_FIELDS: &[&str] = &[
    "CSVDelimiter",
    "CSVHeaderLocation",
    "CSVHeaders",
    "InputType",
    "ItemsPointer",
    "ManifestType",
    "MaxItems",
    "MaxItemsPath",
    "Transformation",
];

const SOURCES: &[(&str, ItemSource)] =
    &[("s3:getObject", ItemSource::GetObject), ("s3:listObjectsV2", ItemSource::ListObjects)];

const INPUT_TYPES: &[(&str, InputType)] = &[
    ("CSV", InputType::Items(vocabulary::InputType::Csv)),
    ("JSON", InputType::Items(vocabulary::InputType::Json)),
    ("JSONL", InputType::Items(vocabulary::InputType::JsonLines)),
    ("PARQUET", InputType::Items(vocabulary::InputType::Parquet)),
    ("MANIFEST", InputType::Manifest),
];

const MANIFEST_TYPES: &[(&str, ManifestType)] =
    &[("ATHENA_DATA", ManifestType::AthenaData), ("S3_INVENTORY", ManifestType::S3Inventory)];

const DELIMITERS: &[(&str, u8)] =
    &[("COMMA", b','), ("PIPE", b'|'), ("SEMICOLON", b';'), ("SPACE", b' '), ("TAB", b'\t')];

/// `CSVHeaderLocation`: whether the names of the columns are in `CSVHeaders`.
fn parse_header_location(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> bool {
    let location = fields.one_of("CSVHeaderLocation", &["FIRST_ROW", "GIVEN"], reader);
    let given = location.is_some_and(|at| at.value == "GIVEN");
    if given && !fields.has("CSVHeaders") {
        fields.report_missing("CSVHeaders", reader);
    }
    given
}

fn parse_headers(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Option<Vec<Text>> {
    let span = fields.value("CSVHeaders")?.span;
    let values = fields.array("CSVHeaders", reader)?;
    let mut headers = Vec::new();
    for value in values {
        if let Kind::String(text) = &value.kind {
            headers.push(text.clone());
        } else {
            fields.wrong_type::<()>("CSVHeaders", value, "an array of strings", reader);
        }
    }
    let bytes: usize = headers.iter().map(|header| header.value.len()).sum();
    if bytes > HEADER_BYTES {
        let message = format!("`CSVHeaders` of {} has {bytes} bytes", fields.owner());
        let diagnostic = Diagnostic::new(Code::InvalidValue, span, message);
        reader.report(diagnostic.label(format!("expected at most {HEADER_BYTES}")));
    }
    Some(headers)
}

/// `ItemsPointer`: a JSON Pointer (RFC 6901).
fn parse_pointer(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Option<Vec<String>> {
    let text = fields.text("ItemsPointer", reader)?;
    let pointer = &text.value;
    let escapes = pointer.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    let wanted = if !pointer.is_empty() && !pointer.starts_with('/') {
        "a JSON Pointer starts with `/`".to_owned()
    } else if !escapes {
        "in a JSON Pointer `~` is written `~0`, and `/` in a name `~1`".to_owned()
    } else if pointer.chars().count() >= POINTER_CHARACTERS {
        format!("expected fewer than {POINTER_CHARACTERS} characters")
    } else {
        let names = pointer.split('/').skip(1);
        return Some(names.map(|name| name.replace("~1", "/").replace("~0", "~")).collect());
    };
    let message = format!("`ItemsPointer` of {} is not a JSON Pointer", fields.owner());
    reader.report(Diagnostic::new(Code::InvalidValue, text.span, message).label(wanted));
    None
}
