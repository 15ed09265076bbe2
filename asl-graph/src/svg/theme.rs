//! Colours and lines, as a style sheet within the picture.

/// For which ground the picture is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the reader prefers.
    #[default]
    Auto,
    /// For paper.
    Light,
    /// For a dark screen.
    Dark,
}

/// The colours by name; no name begins with another.
const LIGHT: &[(&str, &str)] = &[
    ("ground", "#fff"),
    ("box", "#fff"),
    ("scope", "#f6f7f9"),
    ("line", "#b6bec9"),
    ("ink", "#16202d"),
    ("soft", "#5b6774"),
    ("wire", "#77828f"),
    ("red", "#c62f3b"),
    ("green", "#1e8540"),
    ("amber", "#b26a00"),
    ("blue", "#2268c7"),
    ("task", "#2563a8"),
    ("choice", "#8a5a00"),
    ("wait", "#5d6b7a"),
    ("pass", "#5d6b7a"),
    ("parallel", "#6a4bb0"),
    ("map", "#0b7a75"),
];
const DARK: &[(&str, &str)] = &[
    ("ground", "#12161c"),
    ("box", "#1c232c"),
    ("scope", "#161b22"),
    ("line", "#465362"),
    ("ink", "#e8edf3"),
    ("soft", "#9aa7b5"),
    ("wire", "#8794a3"),
    ("red", "#ff7a80"),
    ("green", "#58c878"),
    ("amber", "#f0b04a"),
    ("blue", "#6fb0ff"),
    ("task", "#4b8fdc"),
    ("choice", "#c98f2b"),
    ("wait", "#7b8998"),
    ("pass", "#7b8998"),
    ("parallel", "#9a7be0"),
    ("map", "#2aa8a2"),
];

const RULES: &str = concat!(
    ".asl text{font-family:Helvetica,Arial,'Liberation Sans',system-ui,sans-serif;fill:@ink}",
    ".asl .ground{fill:@ground}",
    ".asl .box{fill:@box;stroke:@line;stroke-width:1.2}",
    ".asl .sheet{fill:@scope;stroke:@line;stroke-width:1.2}",
    ".asl .scope{fill:@scope;stroke:@line;stroke-dasharray:4 3}",
    ".asl .title{font-weight:600}",
    ".asl text.detail{fill:@soft}",
    ".asl .icon rect{fill:@task}",
    ".asl .icon path{fill:none;stroke:#fff;stroke-width:1.9;stroke-linecap:round;stroke-linejoin:round}",
    ".asl .choice>.node>.icon rect{fill:@choice}.asl .wait>.node>.icon rect{fill:@wait}.asl .pass>.node>.icon rect{fill:@pass}",
    ".asl .succeed>.node>.icon rect{fill:@green}.asl .fail>.node>.icon rect,.asl .unknown>.node>.icon rect{fill:@red}",
    ".asl .parallel>.node>.icon rect{fill:@parallel}.asl .map>.node>.icon rect{fill:@map}",
    ".asl .retry path{fill:none;stroke:@soft;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}",
    ".asl .start{fill:@soft}.asl .ring{fill:@ground;stroke:@soft;stroke-width:1.5}",
    ".asl .wire{fill:none;stroke:@wire;stroke-width:1.4}.asl .head{fill:@wire}",
    ".asl .wire.caught{stroke:@red;stroke-dasharray:5 4}.asl .head.caught{fill:@red}",
    ".asl .label rect{fill:@ground;fill-opacity:.92}.asl .scope~g .label rect{fill:@scope}",
    ".asl .label text{font-size:11px;text-anchor:middle;fill:@soft}.asl .label.caught text{fill:@red}",
    // An execution.
    ".asl .untouched>.node>.box,.asl .untouched>.node>.sheet,.asl .untouched>.node>.icon,.asl .untouched>.node>text{opacity:.45}.asl .wire.untaken{opacity:.35}.asl .label.untaken text{opacity:.5}",
    ".asl .wire.taken{stroke:@blue;stroke-width:2.2}.asl .head.taken{fill:@blue}",
    ".asl .succeeded>.node>.box{stroke:@green;stroke-width:2.2}.asl .was-caught>.node>.box{stroke:@amber;stroke-width:2.2}",
    ".asl .failed>.node>.box{stroke:@red;stroke-width:2.6}.asl .running>.node>.box{stroke:@blue;stroke-width:2.2;stroke-dasharray:6 3}",
    ".asl .retrying>.node>.box{stroke:@amber;stroke-width:2.2;stroke-dasharray:6 3}",
    ".asl .aborted>.node>.box{stroke:@soft;stroke-width:2.2;stroke-dasharray:2 3}",
    ".asl .glyph{color:@soft;fill:@ground;stroke:@ground}.asl .glyph.ok{color:@green}.asl .glyph.run{color:@blue}.asl .glyph.bad{color:@red}.asl .glyph.warn,.asl .glyph.retry{color:@amber}",
    ".asl .badge rect{fill:@ground;stroke:@line}.asl .badge text{font-size:10px;text-anchor:middle;fill:@soft}",
);

/// The style sheet. Colours are written out: not every program that shows SVG knows variables.
pub(super) fn css(theme: Theme) -> String {
    match theme {
        Theme::Light => coloured(LIGHT),
        Theme::Dark => coloured(DARK),
        Theme::Auto => {
            format!("{}@media (prefers-color-scheme:dark){{{}}}", coloured(LIGHT), coloured(DARK))
        }
    }
}

fn coloured(colours: &[(&str, &str)]) -> String {
    colours.iter().fold(RULES.to_owned(), |rules, (name, colour)| rules.replace(&format!("@{name}"), colour))
}
