//! How the lines of arrows look, and the legend that says what they mean.

use super::PALE_INK;
use super::canvas::Canvas;
use super::geometry::{Point, number};
use super::text::NOTE;
use crate::drawing::{Line, Scene};

/// The length of a line in the legend, and the room between its entries.
const SAMPLE: f64 = 34.0;
/// Between a line in the legend and what it means.
const BESIDE: f64 = 6.0;

/// How a line looks, and what it means.
#[derive(Debug)]
pub(super) struct Pen {
    line: Line,
    /// The id of its arrowhead.
    name: &'static str,
    meaning: &'static str,
    pub(super) colour: &'static str,
    /// Width and dashes as attributes.
    stroke: &'static str,
}

macro_rules! pens {
    ($($line:ident $name:literal $meaning:literal $colour:literal $stroke:literal;)*) => {
        [$(Pen { line: Line::$line, name: $name, meaning: $meaning, colour: $colour, stroke: $stroke }),*]
    };
}

const PENS: [Pen; 4] = pens! {
    Flow    "flow"    "next"       "#334155" "stroke-width=\"1.4\"";
    Data    "data"    "data"       "#0f172a" "stroke-width=\"2.2\"";
    Use     "use"     "permission" "#2563eb" "stroke-width=\"1.2\"";
    Failure "failure" "on failure" "#b91c1c" "stroke-width=\"1.4\" stroke-dasharray=\"5 4\"";
};

impl Pen {
    /// The pen for a line.
    pub(super) fn of(line: Line) -> &'static Self {
        let [flow, rest @ ..] = &PENS;
        rest.iter().find(|pen| pen.line == line).unwrap_or(flow)
    }

    /// Draws a path that ends in an arrowhead.
    pub(super) fn draw(&self, canvas: &mut Canvas, class: &str, path: &str) {
        let Self {
            name,
            colour,
            stroke,
            ..
        } = self;
        canvas.add(format_args!(
            "<path class=\"{class}\" d=\"{path}\" fill=\"none\" stroke=\"{colour}\" {stroke} marker-end=\"url(#{name})\"/>"
        ));
    }
}

/// Defines the arrowheads.
pub(super) fn arrowheads(canvas: &mut Canvas) {
    canvas.add(format_args!("<defs>"));
    for Pen { name, colour, .. } in &PENS {
        canvas.add(format_args!(
            "<marker id=\"{name}\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" \
             markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0,1 L10,5 L0,9 z\" fill=\"{colour}\"/></marker>"
        ));
    }
    canvas.add(format_args!("</defs>"));
}

/// What the lines of a picture mean, if there is more than one kind of them.
#[derive(Debug)]
pub(super) struct Legend {
    entries: Vec<&'static Pen>,
}

impl Legend {
    pub(super) fn of(scene: &Scene) -> Self {
        let arrows = scene.arrows();
        let occurs = |pen: &&Pen| arrows.iter().any(|arrow| arrow.line == pen.line);
        let mut entries: Vec<&'static Pen> = PENS.iter().filter(occurs).collect();
        if entries.len() < 2 {
            entries.clear();
        }
        Self { entries }
    }

    pub(super) fn height(&self) -> f64 {
        if self.entries.is_empty() {
            0.0
        } else {
            NOTE.leading + 20.0
        }
    }

    pub(super) fn width(&self) -> f64 {
        let widths = self
            .entries
            .iter()
            .map(|pen| SAMPLE + NOTE.width(pen.meaning));
        widths.sum::<f64>() + SAMPLE * self.gaps()
    }

    fn gaps(&self) -> f64 {
        self.entries.iter().skip(1).map(|_| 1.0).sum()
    }

    /// Draws the legend around a middle.
    pub(super) fn draw(&self, canvas: &mut Canvas, middle: Point) {
        let mut left = middle.x - self.width() / 2.0;
        for pen in &self.entries {
            let end = left + SAMPLE;
            let path = format!("M{},{} H{}", number(left), number(middle.y), number(end));
            pen.draw(canvas, "sample", &path);
            let wide = NOTE.width(pen.meaning);
            let top = Point {
                x: end + BESIDE + wide / 2.0,
                y: middle.y - NOTE.leading / 2.0,
            };
            canvas.lines(top, [(pen.meaning, NOTE, PALE_INK)]);
            left = end + wide + SAMPLE;
        }
    }
}
