//! An SVG as PNG and as PDF, drawn with the fonts of the system.

#[cfg(feature = "pictures")]
pub(super) use drawn::{pdf, png};
#[cfg(not(feature = "pictures"))]
pub(super) use left_out::{pdf, png};

#[cfg(feature = "pictures")]
mod drawn {
    use resvg::tiny_skia::{Pixmap, Transform};
    use resvg::usvg::fontdb::Database;
    use resvg::usvg::{Options, Tree};
    use svg2pdf::{ConversionOptions, PageOptions};

    /// So many pixels for each of the SVG, which screens with small pixels need.
    const SCALE: f32 = 2.0;
    /// No side has more pixels than this.
    const LONGEST: f32 = 16_000.0;

    pub(crate) fn png(svg: &str) -> Result<Vec<u8>, String> {
        let tree = read(svg)?;
        let size = tree.size();
        let scale = SCALE.min(LONGEST / size.width().max(size.height()));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "both are between 0 and the longest"
        )]
        let [width, height] = [size.width(), size.height()].map(|side| (side * scale).ceil() as u32);
        let mut pixels =
            Pixmap::new(width, height).ok_or("the picture is too large for a PNG: write an SVG")?;
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
        pixels.encode_png().map_err(|error| format!("the picture cannot be written as a PNG: {error}"))
    }

    pub(crate) fn pdf(svg: &str) -> Result<Vec<u8>, String> {
        svg2pdf::to_pdf(&read(svg)?, ConversionOptions::default(), PageOptions::default())
            .map_err(|error| format!("the picture cannot be written as a PDF: {error}"))
    }

    fn read(svg: &str) -> Result<Tree, String> {
        let mut options = Options::default();
        let fonts = options.fontdb_mut();
        fonts.load_system_fonts();
        choose(fonts)?;
        Tree::from_str(svg, &options).map_err(|error| format!("the picture cannot be drawn: {error}"))
    }

    /// Lets texts have a font that there is.
    fn choose(fonts: &mut Database) -> Result<(), String> {
        let usual = ["Helvetica", "Arial", "Liberation Sans", "DejaVu Sans", "Noto Sans"];
        let families: Vec<_> =
            fonts.faces().flat_map(|face| &face.families).map(|(name, _)| name.clone()).collect();
        let usual =
            usual.into_iter().find(|name| families.iter().any(|family| family == name)).map(str::to_owned);
        let family = usual.or_else(|| families.into_iter().next()).ok_or(
            "the system has no fonts, which the texts of the picture need: install some (Debian: `fonts-dejavu`), or write an SVG",
        )?;
        fonts.set_sans_serif_family(family);
        Ok(())
    }
}

#[cfg(not(feature = "pictures"))]
mod left_out {
    const WITHOUT: &str =
        "this `asl` was built without the feature `pictures`: install it with the feature, or write an SVG";

    pub(crate) fn png(_: &str) -> Result<Vec<u8>, String> {
        Err(WITHOUT.to_owned())
    }

    pub(crate) fn pdf(_: &str) -> Result<Vec<u8>, String> {
        Err(WITHOUT.to_owned())
    }
}
