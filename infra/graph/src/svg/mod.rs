//! Writes a drawing as SVG.
//!
//! The picture has its own background, so that it reads the same on light and dark pages, no scripts and no fonts; its title
//! and description are for those who cannot see it. The same drawing gives the same bytes.

mod geometry;
mod layout;
mod outline;
mod route;
mod text;

use std::fmt::Write as _;

use crate::drawing::{Drawing, Line};
use crate::look::Look;
use crate::words::legible;
use geometry::{Point, Rectangle, number};
use layout::{Placed, PlacedEdge, PlacedNode};
use text::{Font, HEADING, LABEL, NOTE};

/// What is left free around the picture.
const MARGIN: f64 = 24.0;
const INK: &str = "#0f172a";
const PALE_INK: &str = "#475569";
const PAPER: &str = "#ffffff";
/// How round the bends of arrows are.
const BEND: f64 = 10.0;
/// The length of a line in the legend, and the room between its entries.
const SAMPLE: f64 = 34.0;

/// How a line is drawn, and what it means in the legend.
struct Pen {
    line: Line,
    name: &'static str,
    meaning: &'static str,
    colour: &'static str,
    width: &'static str,
    dashes: &'static str,
}

const PENS: [Pen; 4] = [
    Pen {
        line: Line::Flow,
        name: "flow",
        meaning: "next",
        colour: "#334155",
        width: "1.4",
        dashes: "",
    },
    Pen {
        line: Line::Data,
        name: "data",
        meaning: "data",
        colour: "#0f172a",
        width: "2.2",
        dashes: "",
    },
    Pen {
        line: Line::Use,
        name: "use",
        meaning: "permission",
        colour: "#2563eb",
        width: "1.2",
        dashes: "",
    },
    Pen {
        line: Line::Failure,
        name: "failure",
        meaning: "on failure",
        colour: "#b91c1c",
        width: "1.4",
        dashes: "5 4",
    },
];

fn pen(line: Line) -> &'static Pen {
    let [flow, rest @ ..] = &PENS;
    rest.iter().find(|pen| pen.line == line).unwrap_or(flow)
}

impl Drawing {
    /// The drawing as an SVG document.
    pub fn to_svg(&self) -> String {
        let placed = layout::place(&self.scene);
        let lines = self.lines();
        let head = MARGIN + HEADING.leading + 8.0;
        let legend = if lines.len() > 1 {
            LABEL.leading + 20.0
        } else {
            0.0
        };
        let width = placed
            .width
            .max(HEADING.width(&self.title))
            .max(legend_width(&lines))
            + 2.0 * MARGIN;
        let height = head + placed.height + legend + MARGIN;
        let mut svg = String::new();
        opening(&mut svg, self, width, height);
        let left = (width - placed.width) / 2.0;
        write_text(
            &mut svg,
            Point {
                x: width / 2.0,
                y: MARGIN + HEADING.size,
            },
            &legible(&self.title),
            HEADING,
            INK,
        );
        write_scene(&mut svg, &placed, left, head);
        if lines.len() > 1 {
            write_legend(
                &mut svg,
                &lines,
                (width - legend_width(&lines)) / 2.0,
                height - MARGIN,
            );
        }
        svg.push_str("</svg>\n");
        svg
    }

    /// The meanings that occur.
    fn lines(&self) -> Vec<&'static Pen> {
        let arrows = self.scene.arrows();
        let occurs = |pen: &&Pen| arrows.iter().any(|arrow| arrow.line == pen.line);
        PENS.iter().filter(occurs).collect()
    }
}

fn opening(svg: &mut String, drawing: &Drawing, width: f64, height: f64) {
    let (width, height) = (number(width), number(height));
    push(
        svg,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             role=\"img\" aria-labelledby=\"title description\" font-family=\"Helvetica, Arial, sans-serif\">\n\
             <title id=\"title\">{}</title>\n<desc id=\"description\">{}</desc>\n<defs>\n",
            escaped(&drawing.title),
            escaped(&drawing.summary),
        ),
    );
    for pen in &PENS {
        push(
            svg,
            format_args!(
                "<marker id=\"{}\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" \
                 markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0,1 L10,5 L0,9 z\" fill=\"{}\"/></marker>\n",
                pen.name, pen.colour
            ),
        );
    }
    push(
        svg,
        format_args!(
            "</defs>\n<rect width=\"{width}\" height=\"{height}\" rx=\"6\" fill=\"{PAPER}\" stroke=\"#cbd5e1\"/>\n"
        ),
    );
}

/// Nodes first, then arrows, then what is written on arrows: nothing hides a text.
fn write_scene(svg: &mut String, scene: &Placed<'_>, left: f64, top: f64) {
    push(
        svg,
        format_args!(
            "<g transform=\"translate({} {})\">\n",
            number(left),
            number(top)
        ),
    );
    for node in &scene.nodes {
        write_node(svg, node);
    }
    for arrow in &scene.arrows {
        write_route(svg, arrow);
    }
    for arrow in &scene.arrows {
        write_label(svg, arrow);
    }
    svg.push_str("</g>\n");
}

fn write_node(svg: &mut String, placed: &PlacedNode<'_>) {
    let style = placed.node.look.style();
    style.outline.draw(placed.place, style, svg);
    svg.push('\n');
    let high: f64 = placed.text.iter().map(|(_, font)| font.leading).sum();
    let middle = placed.place.middle();
    let mut top = if placed.node.look == Look::Group {
        placed.place.top + 8.0
    } else {
        middle.y - high / 2.0 + style.outline.drop()
    };
    for (line, font) in &placed.text {
        let baseline = top + font.leading * 0.5 + font.size * 0.36;
        let colour = if font.bold { INK } else { PALE_INK };
        write_text(
            svg,
            Point {
                x: middle.x,
                y: baseline,
            },
            line,
            *font,
            colour,
        );
        top += font.leading;
    }
    for (corner, scene) in &placed.inside {
        write_scene(svg, scene, corner.x, corner.y);
    }
}

fn write_route(svg: &mut String, arrow: &PlacedEdge<'_>) {
    let pen = pen(arrow.edge.line);
    let dashes = match pen.dashes {
        "" => String::new(),
        dashes => format!(" stroke-dasharray=\"{dashes}\""),
    };
    push(
        svg,
        format_args!(
            "<path class=\"arrow\" d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{dashes} marker-end=\"url(#{})\"/>\n",
            path(&arrow.route),
            pen.colour,
            pen.width,
            pen.name
        ),
    );
}

/// A way with round bends.
fn path(route: &[Point]) -> String {
    let at = |point: Point| format!("{},{}", number(point.x), number(point.y));
    let [first, .., last] = route else {
        return String::new();
    };
    let mut path = format!("M{}", at(*first));
    for bend in route.windows(3) {
        let [before, corner, after] = bend else {
            continue;
        };
        let share = |other: Point| (BEND / corner.distance(other).max(1e-9)).min(0.5);
        let into = corner.toward(*before, share(*before));
        let out = corner.toward(*after, share(*after));
        push(
            &mut path,
            format_args!(" L{} Q{} {}", at(into), at(*corner), at(out)),
        );
    }
    path + &format!(" L{}", at(*last))
}

fn write_label(svg: &mut String, arrow: &PlacedEdge<'_>) {
    let Some(room) = arrow.label_room() else {
        return;
    };
    let Rectangle {
        left,
        top,
        width,
        height,
    } = room;
    push(
        svg,
        format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\" fill=\"{PAPER}\" fill-opacity=\"0.92\"/>\n",
            number(left),
            number(top),
            number(width),
            number(height)
        ),
    );
    let mut baseline = top + LABEL.leading * 0.5 + LABEL.size * 0.36;
    for line in &arrow.label {
        write_text(
            svg,
            Point {
                x: room.middle().x,
                y: baseline,
            },
            line,
            LABEL,
            pen(arrow.edge.line).colour,
        );
        baseline += LABEL.leading;
    }
}

fn legend_width(lines: &[&Pen]) -> f64 {
    if lines.len() < 2 {
        return 0.0;
    }
    lines
        .iter()
        .map(|pen| SAMPLE * 2.0 + NOTE.width(pen.meaning))
        .sum()
}

fn write_legend(svg: &mut String, lines: &[&Pen], mut left: f64, baseline: f64) {
    for pen in lines {
        let (y, end) = (baseline - NOTE.size * 0.36, left + SAMPLE);
        write_route_sample(svg, pen, left, end, y);
        let wide = NOTE.width(pen.meaning);
        let at = Point {
            x: end + 6.0 + wide / 2.0,
            y: baseline,
        };
        write_text(svg, at, pen.meaning, NOTE, PALE_INK);
        left = end + wide + SAMPLE;
    }
}

fn write_route_sample(svg: &mut String, pen: &Pen, left: f64, right: f64, y: f64) {
    let dashes = match pen.dashes {
        "" => String::new(),
        dashes => format!(" stroke-dasharray=\"{dashes}\""),
    };
    push(
        svg,
        format_args!(
            "<path d=\"M{},{} H{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{dashes} marker-end=\"url(#{})\"/>\n",
            number(left),
            number(y),
            number(right),
            pen.colour,
            pen.width,
            pen.name
        ),
    );
}

fn write_text(svg: &mut String, at: Point, text: &str, font: Font, colour: &str) {
    let weight = if font.bold {
        " font-weight=\"bold\""
    } else {
        ""
    };
    push(
        svg,
        format_args!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{weight} fill=\"{colour}\" text-anchor=\"middle\" \
             textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>\n",
            number(at.x),
            number(at.y),
            number(font.size),
            number(font.width(text)),
            escaped(text)
        ),
    );
}

/// Appends to a text.
fn push(svg: &mut String, arguments: std::fmt::Arguments<'_>) {
    let written = svg.write_fmt(arguments);
    debug_assert!(written.is_ok(), "memory takes all");
}

/// A text for inside XML elements and attributes.
fn escaped(text: &str) -> String {
    let escape = |letter: char| match letter {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#39;".to_owned(),
        letter => letter.to_string(),
    };
    legible(text).chars().map(escape).collect()
}
