//! The canvas: shapes in pixels of the finished figure, drawn by plotters and wrapped as an accessible SVG.

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};
use quyu_core::figure::Figure;

use crate::PlotError;
use crate::colour::{HATCH, INK, MUTED, Rgb, WHITE};
use crate::text::{Face, Fonts, clean};

/// Width of every figure.
pub(crate) const WIDTH: f64 = 800.0;
/// White space left and right.
pub(crate) const MARGIN: f64 = 20.0;
/// Right edge of what is drawn.
pub(crate) const RIGHT: f64 = WIDTH - MARGIN;

/// plotters writes whole coordinates, so it draws this many times larger and the view box scales back.
const SCALE: f64 = 10.0;
/// plotters divides font sizes by this.
const PLOTTERS_FONT: f64 = 1.24;
const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";
/// The face that most text has; it is said once, in the root.
const USUAL: Face = Face::SMALL;

/// A point in pixels.
pub(crate) type Xy = (f64, f64);

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Area {
    pub(crate) fn around(centre: Xy, width: f64, height: f64) -> Self {
        Self {
            left: centre.0 - width / 2.0,
            top: centre.1 - height / 2.0,
            right: centre.0 + width / 2.0,
            bottom: centre.1 + height / 2.0,
        }
    }

    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(crate) fn centre(&self) -> Xy {
        ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }

    pub(crate) fn meets(&self, other: &Area) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    pub(crate) fn holds(&self, other: &Area) -> bool {
        self.left <= other.left
            && self.right >= other.right
            && self.top <= other.top
            && self.bottom >= other.bottom
    }

    pub(crate) fn grown(&self, by: f64) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }
}

/// Which part of a text stands at its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// The shape of a marker, so that groups differ without colour too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Circle,
    Square,
    Triangle,
    Diamond,
}

impl Shape {
    /// The shape of the n-th group.
    pub(crate) fn of(n: usize) -> Self {
        [Shape::Circle, Shape::Square, Shape::Triangle, Shape::Diamond][n % 4]
    }
}

enum Item {
    Rect(Area, Rgb),
    Path(Vec<Xy>, f64, Rgb),
    Polygon(Vec<Xy>, Rgb),
    Circle(Xy, f64, Rgb),
    Text(Xy, String, Face, Rgb, Anchor),
}

/// Shapes in drawing order. Charts draw from the top down and leave `y` where the next thing may start.
pub(crate) struct Canvas {
    pub(crate) fonts: Fonts,
    pub(crate) y: f64,
    items: Vec<Item>,
}

impl Canvas {
    /// An empty canvas under the title of the figure.
    pub(crate) fn new(title: &str) -> Result<Self, PlotError> {
        let mut canvas = Self {
            fonts: Fonts::new()?,
            y: 12.0,
            items: Vec::new(),
        };
        canvas.paragraph(title, Face::TITLE, INK);
        canvas.y += 8.0;
        Ok(canvas)
    }

    /// Wrapped text over the whole width, below everything so far.
    pub(crate) fn paragraph(&mut self, text: &str, face: Face, colour: Rgb) {
        for line in self.fonts.wrap(text, face, RIGHT - MARGIN) {
            self.text((MARGIN, self.y + face.size), &line, face, colour, Anchor::Start);
            self.y += face.line();
        }
    }

    pub(crate) fn rect(&mut self, area: Area, fill: Rgb) {
        self.items.push(Item::Rect(area, fill));
    }

    pub(crate) fn line(&mut self, from: Xy, to: Xy, width: f64, colour: Rgb) {
        self.path(vec![from, to], width, colour);
    }

    pub(crate) fn path(&mut self, points: Vec<Xy>, width: f64, colour: Rgb) {
        self.items.push(Item::Path(points, width, colour));
    }

    /// The border of a rectangle.
    pub(crate) fn border(&mut self, area: Area, width: f64, colour: Rgb) {
        let Area {
            left,
            top,
            right,
            bottom,
        } = area;
        // The first side is drawn again so that the last corner is joined too.
        let corners = vec![
            (left, top),
            (right, top),
            (right, bottom),
            (left, bottom),
            (left, top),
            (right, top),
        ];
        self.path(corners, width, colour);
    }

    /// The mark of missing data: one zigzag of diagonals from edge to edge.
    pub(crate) fn hatch(&mut self, area: Area) {
        self.rect(area, WHITE);
        let area = area.grown(-0.5);
        let (width, height) = (area.width(), area.height());
        let mut zigzag = Vec::new();
        let mut reach = 4.0;
        while reach < width + height {
            let low = (
                area.left + (reach - height).max(0.0),
                area.top + reach.min(height),
            );
            let high = (area.left + reach.min(width), area.top + (reach - width).max(0.0));
            if zigzag.len() % 4 == 0 {
                zigzag.extend([low, high])
            } else {
                zigzag.extend([high, low])
            }
            reach += 8.0;
        }
        self.path(zigzag, 1.0, HATCH);
        self.border(area, 1.0, HATCH);
    }

    pub(crate) fn circle(&mut self, centre: Xy, radius: f64, fill: Rgb) {
        self.items.push(Item::Circle(centre, radius, fill));
    }

    /// A filled marker of about the area of a circle of that radius.
    pub(crate) fn marker(&mut self, shape: Shape, (x, y): Xy, radius: f64, fill: Rgb) {
        match shape {
            Shape::Circle => self.circle((x, y), radius, fill),
            Shape::Square => self.rect(Area::around((x, y), radius * 1.8, radius * 1.8), fill),
            Shape::Triangle => {
                let (half, up, down) = (radius * 1.25, radius * 1.3, radius * 0.9);
                let corners = vec![(x - half, y + down), (x + half, y + down), (x, y - up)];
                self.items.push(Item::Polygon(corners, fill));
            }
            Shape::Diamond => {
                let r = radius * 1.3;
                let corners = vec![(x - r, y), (x, y - r), (x + r, y), (x, y + r)];
                self.items.push(Item::Polygon(corners, fill));
            }
        }
    }

    /// One line of text; `at.1` is its base line.
    pub(crate) fn text(&mut self, at: Xy, text: &str, face: Face, colour: Rgb, anchor: Anchor) {
        let text = clean(text);
        if !text.trim().is_empty() {
            self.items
                .push(Item::Text(at, text.trim().into(), face, colour, anchor));
        }
    }

    /// Lines of text around the middle `at.1`.
    pub(crate) fn lines(&mut self, at: Xy, lines: &[String], face: Face, colour: Rgb, anchor: Anchor) {
        let first = at.1 - (lines.len() as f64 - 1.0) * face.line() / 2.0 + face.drop();
        for (place, line) in lines.iter().enumerate() {
            self.text(
                (at.0, first + place as f64 * face.line()),
                line,
                face,
                colour,
                anchor,
            );
        }
    }

    /// Sets the source line and hands the figure to plotters.
    pub(crate) fn finish(mut self, figure: &Figure) -> Result<String, PlotError> {
        self.y += 12.0;
        let source = figure.source.trim();
        if !source.is_empty() {
            let said = source.starts_with("Source");
            let line = if said {
                source.to_owned()
            } else {
                format!("Source: {source}")
            };
            self.paragraph(&line, Face::SMALL, MUTED);
        }
        let height = (self.y + 10.0).ceil();
        self.rect(
            Area {
                left: 0.0,
                top: 0.0,
                right: WIDTH,
                bottom: height,
            },
            WHITE,
        );
        self.items.rotate_right(1);

        let mut drawn = String::new();
        {
            let size = ((WIDTH * SCALE) as u32, (height * SCALE) as u32);
            let area = SVGBackend::with_string(&mut drawn, size).into_drawing_area();
            for item in &self.items {
                draw(&area, item)?;
            }
            area.present().map_err(|e| PlotError::Backend(e.to_string()))?;
        }
        Ok(root(figure, height, &drawn))
    }
}

fn draw(area: &DrawingArea<SVGBackend<'_>, Shift>, item: &Item) -> Result<(), PlotError> {
    let drawn = match item {
        Item::Rect(at, fill) => {
            let corners = [scaled((at.left, at.top)), scaled((at.right, at.bottom))];
            area.draw(&Rectangle::new(corners, paint(*fill).filled()))
        }
        Item::Path(points, width, colour) => {
            let style = paint(*colour).stroke_width((width * SCALE).round() as u32);
            area.draw(&PathElement::new(all(points), style))
        }
        Item::Polygon(points, fill) => area.draw(&Polygon::new(all(points), paint(*fill).filled())),
        Item::Circle(centre, radius, fill) => {
            let radius = (radius * SCALE).round() as i32;
            area.draw(&Circle::new(scaled(*centre), radius, paint(*fill).filled()))
        }
        Item::Text(at, text, face, colour, anchor) => {
            let weight = if face.bold {
                FontStyle::Bold
            } else {
                FontStyle::Normal
            };
            let h_pos = match anchor {
                Anchor::Start => HPos::Left,
                Anchor::Middle => HPos::Center,
                Anchor::End => HPos::Right,
            };
            let style = TextStyle {
                font: FontDesc::new(
                    FontFamily::Name(FAMILY),
                    face.size * SCALE * PLOTTERS_FONT,
                    weight,
                ),
                color: paint(*colour).color.to_backend_color(),
                pos: Pos::new(h_pos, VPos::Top),
            };
            area.draw_text(text, &style, scaled(*at))
        }
    };
    drawn.map_err(|e| PlotError::Backend(e.to_string()))
}

fn scaled((x, y): Xy) -> (i32, i32) {
    ((x * SCALE).round() as i32, (y * SCALE).round() as i32)
}

fn all(points: &[Xy]) -> Vec<(i32, i32)> {
    points.iter().map(|&point| scaled(point)).collect()
}

fn paint(Rgb(r, g, b): Rgb) -> ShapeStyle {
    ShapeStyle::from(RGBColor(r, g, b))
}

/// Puts title, description and what is common to all elements into the root, and takes it out of the elements.
///
/// plotters has no base line among its anchors: it would move text down by `dy`, which is taken out too.
fn root(figure: &Figure, height: f64, drawn: &str) -> String {
    let id: String = figure
        .id
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '-'
            }
        })
        .collect();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" \
         font-family=\"{FAMILY}\" font-size=\"{}\" stroke-linejoin=\"round\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n",
        WIDTH * SCALE,
        height * SCALE,
        USUAL.size * SCALE,
        escape(&figure.title),
        escape(&figure.alt),
    );
    let usual = format!(" font-size=\"{}\"", USUAL.size * SCALE);
    let family = format!(" font-family=\"{FAMILY}\"");
    let mut in_text = false;
    for line in drawn.lines().skip(1) {
        if in_text {
            // The text itself: its quotation marks are escaped, but its words are nobody else's.
            svg.push_str(line);
            in_text = false;
            continue;
        }
        in_text = line.starts_with("<text");
        let mut line = line.to_owned();
        for common in [
            " opacity=\"1\"",
            " stroke=\"none\"",
            " dy=\"0.76em\"",
            " text-anchor=\"start\"",
        ] {
            line = line.replace(common, "");
        }
        for closing in ["<circle", "<rect"] {
            if line.starts_with(closing) {
                line = line.replace(" stroke-width=\"1\"", "");
            }
        }
        svg.push_str(
            &line
                .replace(&family, "")
                .replace(&usual, "")
                .replace(" \"/>", "\"/>"),
        );
        if !in_text {
            svg.push('\n');
        }
    }
    svg
}

fn escape(text: &str) -> String {
    clean(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
