//! `cargo xtask icons`: every icon file from icons/beatbook.svg.
//!
//! Drawing needs crates that nothing else here does, so they are behind the feature `icons`; without it the task
//! starts itself again with it.

use crate::places::Places;
use crate::task::Result;

/// Draws all sizes into icons/.
///
/// # Errors
/// A drawing that does not parse, or a file that cannot be written.
#[cfg(not(feature = "icons"))]
pub fn draw(places: &Places) -> Result {
    crate::task::run(places.cargo().args([
        "run",
        "--quiet",
        "--package",
        "xtask",
        "--features",
        "icons",
        "--",
        "icons",
    ]))
}

#[cfg(feature = "icons")]
pub use drawing::draw;

#[cfg(feature = "icons")]
mod drawing {
    use std::fmt::Display;
    use std::io::Cursor;
    use std::path::Path;

    use resvg::{tiny_skia, usvg};

    use super::{Places, Result};
    use crate::task::{Context, TaskError, step};

    /// Page and panel of the night theme.
    const TILE: &str = "#121824";

    /// What lies behind the notebook, and how large it stands on the square.
    #[derive(Clone, Copy)]
    enum Shape {
        /// Rounded tile: desktops.
        Tile,
        /// To the edges: systems that cut their own shape.
        Square,
        /// Round: older Android launchers.
        Disc,
        /// The notebook alone within the middle two thirds: Android's adaptive foreground.
        Foreground,
    }

    /// Densities of Android: folder suffix and launcher size in pixels. The adaptive foreground is 108/48 of it.
    const ANDROID: [(&str, u32); 5] =
        [("mdpi", 48), ("hdpi", 72), ("xhdpi", 96), ("xxhdpi", 144), ("xxxhdpi", 192)];
    /// Points and scales that iOS asks for.
    const IOS: [(&str, u32); 18] = [
        ("20x20@1x", 20),
        ("20x20@2x", 40),
        ("20x20@2x-1", 40),
        ("20x20@3x", 60),
        ("29x29@1x", 29),
        ("29x29@2x", 58),
        ("29x29@2x-1", 58),
        ("29x29@3x", 87),
        ("40x40@1x", 40),
        ("40x40@2x", 80),
        ("40x40@2x-1", 80),
        ("40x40@3x", 120),
        ("60x60@2x", 120),
        ("60x60@3x", 180),
        ("76x76@1x", 76),
        ("76x76@2x", 152),
        ("83.5x83.5@2x", 167),
        ("512@2x", 1024),
    ];
    const WINDOWS_TILES: [u32; 9] = [30, 44, 71, 89, 107, 142, 150, 284, 310];

    /// See the module.
    pub fn draw(places: &Places) -> Result {
        step("Icons from icons/beatbook.svg");
        let icons = places.root.join("icons");
        let source = icons.join("beatbook.svg");
        let art = std::fs::read_to_string(&source).doing(|| format!("reading {}", source.display()))?;
        let art = art.split_once("<title>").map_or(art.as_str(), |(_, rest)| rest).replace("</svg>", "");
        let art = art.split_once("</title>").map_or(art.clone(), |(_, rest)| rest.to_owned());
        let save = |name: &str, shape, size| write(&icons.join(name), &png(&art, shape, size)?);

        for (name, size) in
            [("32x32", 32), ("64x64", 64), ("128x128", 128), ("128x128@2x", 256), ("icon", 512)]
        {
            save(&format!("{name}.png"), Shape::Tile, size)?;
        }
        for size in WINDOWS_TILES {
            save(&format!("Square{size}x{size}Logo.png"), Shape::Tile, size)?;
        }
        save("StoreLogo.png", Shape::Tile, 50)?;
        for (density, size) in ANDROID {
            save(&format!("android/mipmap-{density}/ic_launcher.png"), Shape::Tile, size)?;
            save(&format!("android/mipmap-{density}/ic_launcher_round.png"), Shape::Disc, size)?;
            save(
                &format!("android/mipmap-{density}/ic_launcher_foreground.png"),
                Shape::Foreground,
                size * 108 / 48,
            )?;
        }
        write(&icons.join("android/mipmap-anydpi-v26/ic_launcher.xml"), ADAPTIVE.as_bytes())?;
        let colours = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<resources>\n  \
             <color name=\"ic_launcher_background\">{TILE}</color>\n</resources>\n"
        );
        write(&icons.join("android/values/ic_launcher_background.xml"), colours.as_bytes())?;
        for (name, size) in IOS {
            save(&format!("ios/AppIcon-{name}.png"), Shape::Square, size)?;
        }
        windows(&icons.join("icon.ico"), &art)?;
        apple(&icons.join("icon.icns"), &art)
    }

    const ADAPTIVE: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<adaptive-icon xmlns:android="http://schemas.android.com/apk/res/android">
  <foreground android:drawable="@mipmap/ic_launcher_foreground"/>
  <background android:drawable="@color/ic_launcher_background"/>
</adaptive-icon>
"#;

    fn picture(art: &str, shape: Shape, size: u32) -> Result<tiny_skia::Pixmap> {
        let (tile, scale) = match shape {
            Shape::Tile => (format!(r##"<rect width="1024" height="1024" rx="228" fill="{TILE}"/>"##), 0.86),
            Shape::Square => (format!(r##"<rect width="1024" height="1024" fill="{TILE}"/>"##), 0.80),
            Shape::Disc => (format!(r##"<circle cx="512" cy="512" r="512" fill="{TILE}"/>"##), 0.70),
            Shape::Foreground => (String::new(), 0.54),
        };
        // The drawing's own middle lies at (512, 536): the ribbon hangs below the cover.
        let (x, y) = (512.0 - 512.0 * scale, 512.0 - 536.0 * scale);
        let svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1024 1024">{tile}<g transform="translate({x} {y}) scale({scale})">{art}</g></svg>"#
        );
        let tree = usvg::Tree::from_str(&svg, &usvg::Options::default()).map_err(broken)?;
        let mut pixels = tiny_skia::Pixmap::new(size, size)
            .ok_or_else(|| TaskError::Told("an icon of no size".to_owned()))?;
        let factor = size as f32 / 1024.0;
        resvg::render(&tree, tiny_skia::Transform::from_scale(factor, factor), &mut pixels.as_mut());
        Ok(pixels)
    }

    fn png(art: &str, shape: Shape, size: u32) -> Result<Vec<u8>> {
        picture(art, shape, size)?.encode_png().map_err(broken)
    }

    fn windows(file: &Path, art: &str) -> Result {
        let mut icon = ico::IconDir::new(ico::ResourceType::Icon);
        for size in [32, 16, 24, 48, 64, 256] {
            let png = png(art, Shape::Tile, size)?;
            let image = ico::IconImage::read_png(Cursor::new(png)).map_err(broken)?;
            icon.add_entry(ico::IconDirEntry::encode(&image).map_err(broken)?);
        }
        let mut bytes = Vec::new();
        icon.write(&mut bytes).map_err(broken)?;
        write(file, &bytes)
    }

    fn apple(file: &Path, art: &str) -> Result {
        let mut family = icns::IconFamily::new();
        for size in [16, 32, 64, 128, 256, 512, 1024] {
            let png = png(art, Shape::Tile, size)?;
            family.add_icon(&icns::Image::read_png(Cursor::new(png)).map_err(broken)?).map_err(broken)?;
        }
        let mut bytes = Vec::new();
        family.write(&mut bytes).map_err(broken)?;
        write(file, &bytes)
    }

    fn write(file: &Path, bytes: &[u8]) -> Result {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).doing(|| format!("making {}", folder.display()))?;
        }
        std::fs::write(file, bytes).doing(|| format!("writing {}", file.display()))
    }

    fn broken(cause: impl Display) -> TaskError {
        TaskError::Told(format!("drawing the icons: {cause}"))
    }
}
