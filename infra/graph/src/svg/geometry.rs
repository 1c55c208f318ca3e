//! Points, rectangles, and numbers as SVG has them.

/// A place, in pixels from the top left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rectangle {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Point {
    pub(super) fn moved(self, x: f64, y: f64) -> Self {
        Self {
            x: self.x + x,
            y: self.y + y,
        }
    }

    /// The point so far on the way to another: 0 here, 1 there.
    pub(super) fn toward(self, other: Self, share: f64) -> Self {
        Self {
            x: self.x + (other.x - self.x) * share,
            y: self.y + (other.y - self.y) * share,
        }
    }

    pub(super) fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

impl Rectangle {
    pub(super) fn around(middle: Point, width: f64, height: f64) -> Self {
        Self {
            left: middle.x - width / 2.0,
            top: middle.y - height / 2.0,
            width,
            height,
        }
    }

    pub(super) fn middle(self) -> Point {
        Point {
            x: self.left + self.width / 2.0,
            y: self.top + self.height / 2.0,
        }
    }

    /// The smallest that covers both.
    pub(super) fn with(self, other: Self) -> Self {
        let (left, top) = (self.left.min(other.left), self.top.min(other.top));
        let right = (self.left + self.width).max(other.left + other.width);
        let bottom = (self.top + self.height).max(other.top + other.height);
        Self {
            left,
            top,
            width: right - left,
            height: bottom - top,
        }
    }

    pub(super) fn moved(self, x: f64, y: f64) -> Self {
        Self {
            left: self.left + x,
            top: self.top + y,
            ..self
        }
    }
}

/// A number with at most one decimal, never `-0`.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

/// How far on the way from `from` to `to`, 0 to 1, the side is crossed.
pub(super) fn crossing(from: Point, to: Point, side: Point, end: Point) -> Option<f64> {
    let way = (to.x - from.x, to.y - from.y);
    let along = (end.x - side.x, end.y - side.y);
    let cross = way.0 * along.1 - way.1 * along.0;
    if cross.abs() < 1e-9 {
        return None;
    }
    let offset = (side.x - from.x, side.y - from.y);
    let share = (offset.0 * along.1 - offset.1 * along.0) / cross;
    let of_side = (offset.0 * way.1 - offset.1 * way.0) / cross;
    let inside = 0.0..=1.0;
    (inside.contains(&share) && inside.contains(&of_side)).then_some(share)
}
