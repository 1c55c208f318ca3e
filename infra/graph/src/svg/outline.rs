//! The outlines of nodes: the room they take for a text, where an arrow meets them, and how they are drawn.

use super::canvas::Canvas;
use super::geometry::{Point, Rectangle, crossing, number};
use crate::look::{Outline, Style};

/// How far the tips of hexagons and the notch of flags go in.
const TIP: f64 = 12.0;
/// The height of a cylinder's lid.
const LID: f64 = 9.0;
const DOT: f64 = 14.0;

impl Outline {
    /// The size of an outline around a text.
    pub(super) fn around(self, width: f64, height: f64) -> (f64, f64) {
        let (width, height) = (width + 20.0, height + 14.0);
        match self {
            Self::Rectangle | Self::Rounded => (width, height),
            Self::Stadium | Self::Hexagon | Self::Flag | Self::Subroutine => (width + TIP, height),
            Self::Cylinder => (width, height + LID),
            // A text of this width and height touches the sides of the diamond when both shares add up to one.
            Self::Diamond => (width / 0.6, height / 0.4),
            Self::Dot | Self::Ring => (DOT, DOT),
        }
    }

    /// How much lower than the middle a text stands.
    pub(super) fn drop(self) -> f64 {
        if self == Self::Cylinder {
            LID / 2.0
        } else {
            0.0
        }
    }

    /// The corners, clockwise, near enough for an arrow to end at.
    fn corners(self, around: Rectangle) -> Vec<Point> {
        let Rectangle {
            left,
            top,
            width,
            height,
        } = around;
        let (right, bottom) = (left + width, top + height);
        let (x, y) = (left + width / 2.0, top + height / 2.0);
        let tip = match self {
            Self::Stadium => height / 3.4,
            _ => TIP,
        };
        let corners: Vec<(f64, f64)> = match self {
            Self::Diamond => vec![(x, top), (right, y), (x, bottom), (left, y)],
            Self::Hexagon | Self::Stadium => vec![
                (left + tip, top),
                (right - tip, top),
                (right, y),
                (right - tip, bottom),
                (left + tip, bottom),
                (left, y),
            ],
            Self::Flag => vec![
                (left, top),
                (right, top),
                (right, bottom),
                (left, bottom),
                (left + TIP / 2.0, y),
            ],
            Self::Dot | Self::Ring => {
                let far = width / 2.0 * 0.7;
                let near = width / 2.0;
                vec![
                    (x, y - near),
                    (x + far, y - far),
                    (x + near, y),
                    (x + far, y + far),
                    (x, y + near),
                    (x - far, y + far),
                    (x - near, y),
                    (x - far, y - far),
                ]
            }
            _ => vec![(left, top), (right, top), (right, bottom), (left, bottom)],
        };
        corners.into_iter().map(|(x, y)| Point { x, y }).collect()
    }

    /// Where a line from inside to a point outside leaves the outline.
    pub(super) fn meet(self, around: Rectangle, inside: Point, outside: Point) -> Point {
        let corners = self.corners(around);
        let next = corners.iter().cycle().skip(1);
        let sides = corners.iter().zip(next);
        let meets = sides.filter_map(|(from, to)| crossing(inside, outside, *from, *to));
        match meets.max_by(f64::total_cmp) {
            Some(share) => inside.toward(outside, share),
            None => inside,
        }
    }

    /// Draws the outline.
    pub(super) fn draw(self, around: Rectangle, style: Style, canvas: &mut Canvas) {
        let paint = format!("fill=\"{}\" stroke=\"{}\"", style.fill, style.stroke);
        let Rectangle {
            left,
            top,
            width,
            height,
        } = around;
        let (x, y, w, h) = (number(left), number(top), number(width), number(height));
        let rounded = |radius: f64| {
            let radius = number(radius);
            format!(
                "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"{radius}\" {paint}/>"
            )
        };
        match self {
            Self::Rectangle => canvas.add(format_args!("{}", rounded(2.0))),
            Self::Rounded => canvas.add(format_args!("{}", rounded(8.0))),
            Self::Stadium => canvas.add(format_args!("{}", rounded(height / 2.0))),
            Self::Subroutine => {
                let (first, second) = (number(left + 6.0), number(left + width - 6.0));
                canvas.add(format_args!("{}", rounded(2.0)));
                canvas.add(format_args!(
                    "<path d=\"M{first},{y} v{h} M{second},{y} v{h}\" {paint}/>"
                ));
            }
            Self::Diamond | Self::Hexagon | Self::Flag => {
                let corner = |point: &Point| format!("{},{}", number(point.x), number(point.y));
                let corners: Vec<String> = self.corners(around).iter().map(corner).collect();
                canvas.add(format_args!(
                    "<polygon points=\"{}\" {paint}/>",
                    corners.join(" ")
                ));
            }
            Self::Cylinder => {
                let (rx, ry) = (number(width / 2.0), number(LID / 2.0));
                let (lid, side) = (number(top + LID / 2.0), number(height - LID));
                let (front, back) = (
                    format!("a{rx},{ry} 0 0 0 {w},0"),
                    format!("a{rx},{ry} 0 0 0 -{w},0"),
                );
                canvas.add(format_args!(
                    "<path d=\"M{x},{lid} v{side} {front} v-{side} {back} {front}\" {paint}/>"
                ));
            }
            Self::Dot | Self::Ring => {
                let (cx, cy) = (number(around.middle().x), number(around.middle().y));
                let (outer, inner) = (number(width / 2.0), number(width / 4.0));
                canvas.add(format_args!(
                    "<circle cx=\"{cx}\" cy=\"{cy}\" r=\"{outer}\" {paint}/>"
                ));
                canvas.add(format_args!(
                    "<circle cx=\"{cx}\" cy=\"{cy}\" r=\"{inner}\" fill=\"{}\"/>",
                    style.stroke
                ));
            }
        }
    }
}
