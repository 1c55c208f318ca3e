//! Writes a drawing as SVG.
//!
//! The picture has its own background, so that it reads the same on light and dark pages, no scripts and no fonts; its title
//! and description are for those who cannot see it. The same drawing gives the same bytes.

mod canvas;
mod geometry;
mod layout;
mod outline;
mod pen;
mod route;
mod text;

use crate::drawing::Drawing;
use crate::look::Look;
use crate::words::{legible, shortened};
use canvas::{Canvas, escaped};
use geometry::{Point, Rectangle, number};
use layout::{Placed, PlacedEdge, PlacedNode};
use pen::{Legend, Pen};
use text::{HEADING, LABEL};

/// What is left free around the picture.
const MARGIN: f64 = 24.0;
const INK: &str = "#0f172a";
const PALE_INK: &str = "#475569";
const PAPER: &str = "#ffffff";
/// How round the bends of arrows are.
const BEND: f64 = 10.0;
const MOST_LETTERS_IN_HEADING: usize = 80;

impl Drawing {
    /// The drawing as an SVG document.
    pub fn to_svg(&self) -> String {
        let placed = layout::place(&self.scene);
        let legend = Legend::of(&self.scene);
        let heading = shortened(&legible(&self.title), MOST_LETTERS_IN_HEADING);
        let head = MARGIN + HEADING.leading + 8.0;
        let widest = placed
            .width
            .max(HEADING.width(&heading))
            .max(legend.width());
        let width = widest + 2.0 * MARGIN;
        let height = head + placed.height + legend.height() + MARGIN;

        let mut canvas = Canvas::default();
        self.open(&mut canvas, width, height);
        let top = Point {
            x: width / 2.0,
            y: MARGIN,
        };
        canvas.lines(top, [(heading.as_str(), HEADING, INK)]);
        let corner = Point {
            x: (width - placed.width) / 2.0,
            y: head,
        };
        draw_scene(&mut canvas, &placed, corner);
        let bottom = Point {
            x: width / 2.0,
            y: height - MARGIN,
        };
        legend.draw(&mut canvas, bottom);
        canvas.add(format_args!("</svg>"));
        canvas.finish()
    }

    /// The document's first element, what is said to those who cannot see it, and the background.
    fn open(&self, canvas: &mut Canvas, width: f64, height: f64) {
        let (width, height) = (number(width), number(height));
        canvas.add(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             role=\"img\" aria-labelledby=\"title description\" font-family=\"Helvetica, Arial, sans-serif\">"
        ));
        canvas.add(format_args!(
            "<title id=\"title\">{}</title>",
            escaped(&self.title)
        ));
        canvas.add(format_args!(
            "<desc id=\"description\">{}</desc>",
            escaped(&self.summary)
        ));
        pen::arrowheads(canvas);
        canvas.add(format_args!(
            "<rect width=\"{width}\" height=\"{height}\" rx=\"6\" fill=\"{PAPER}\" stroke=\"#cbd5e1\"/>"
        ));
    }
}

/// Nodes first, then arrows, then what is written on arrows: nothing hides a text.
fn draw_scene(canvas: &mut Canvas, scene: &Placed<'_>, corner: Point) {
    let (x, y) = (number(corner.x), number(corner.y));
    canvas.add(format_args!("<g transform=\"translate({x} {y})\">"));
    for node in &scene.nodes {
        draw_node(canvas, node);
    }
    for arrow in &scene.arrows {
        Pen::of(arrow.edge.line).draw(canvas, "arrow", &path(&arrow.route));
    }
    for arrow in &scene.arrows {
        draw_label(canvas, arrow);
    }
    canvas.add(format_args!("</g>"));
}

fn draw_node(canvas: &mut Canvas, placed: &PlacedNode<'_>) {
    let style = placed.node.look.style();
    style.outline.draw(placed.place, style, canvas);
    let middle = placed.place.middle();
    let high: f64 = placed.text.iter().map(|(_, font)| font.leading).sum();
    let top = Point {
        x: middle.x,
        y: if placed.node.look == Look::Group {
            placed.place.top + 8.0
        } else {
            middle.y - high / 2.0 + style.outline.drop()
        },
    };
    let lines = placed.text.iter().map(|(line, font)| {
        let colour = if font.bold { INK } else { PALE_INK };
        (line.as_str(), *font, colour)
    });
    canvas.lines(top, lines);
    for (corner, scene) in &placed.inside {
        draw_scene(canvas, scene, *corner);
    }
}

/// A way with round bends.
fn path(route: &[Point]) -> String {
    let at = |point: Point| format!("{},{}", number(point.x), number(point.y));
    let [first, .., last] = route else {
        return String::new();
    };
    let mut steps = vec![format!("M{}", at(*first))];
    for bend in route.windows(3) {
        let [before, corner, after] = bend else {
            continue;
        };
        let share = |other: Point| (BEND / corner.distance(other).max(1e-9)).min(0.5);
        let into = corner.toward(*before, share(*before));
        let out = corner.toward(*after, share(*after));
        steps.push(format!("L{} Q{} {}", at(into), at(*corner), at(out)));
    }
    steps.push(format!("L{}", at(*last)));
    steps.join(" ")
}

fn draw_label(canvas: &mut Canvas, arrow: &PlacedEdge<'_>) {
    let Some(room) = arrow.label_room() else {
        return;
    };
    let Rectangle {
        left,
        top,
        width,
        height,
    } = room;
    canvas.add(format_args!(
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\" fill=\"{PAPER}\" fill-opacity=\"0.92\"/>",
        number(left),
        number(top),
        number(width),
        number(height)
    ));
    let colour = Pen::of(arrow.edge.line).colour;
    let lines = arrow
        .label
        .iter()
        .map(|line| (line.as_str(), LABEL, colour));
    canvas.lines(
        Point {
            x: room.middle().x,
            y: top,
        },
        lines,
    );
}
