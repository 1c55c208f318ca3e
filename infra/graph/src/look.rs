//! How kinds of things look: one table for both formats.

/// The kinds of things a reader should tell apart at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Where a machine, branch or iteration starts.
    Start,
    /// Where it ends.
    End,
    /// A `Task`.
    Task,
    /// A `Pass`.
    Pass,
    /// A `Choice`.
    Choice,
    /// A `Wait`.
    Wait,
    /// A `Succeed`.
    Succeed,
    /// A `Fail`.
    Fail,
    /// A `Map` or `Parallel` with what is inside.
    Group,
    /// Something that is named and not there.
    Missing,
    /// Code that runs: functions, containers, jobs.
    Compute,
    /// A state machine.
    Workflow,
    /// Data at rest: buckets, tables, databases.
    Store,
    /// Messages that wait, and streams.
    Queue,
    /// What passes messages on: topics, buses, rules, schedules.
    Event,
    /// Where requests come in: APIs, distributions, load balancers.
    Entrance,
    /// What answers questions: workgroups, models.
    Service,
    /// What is not part of the stack.
    Outside,
    /// Any other resource.
    Other,
}

/// An outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outline {
    Rectangle,
    Rounded,
    Stadium,
    Diamond,
    Hexagon,
    Cylinder,
    /// A rectangle with double sides.
    Subroutine,
    /// A rectangle with a notch on the left.
    Flag,
    /// A small filled circle.
    Dot,
    /// A small circle with a dot in it.
    Ring,
}

/// How a look is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) outline: Outline,
    /// The colour inside.
    pub(crate) fill: &'static str,
    /// The colour of the outline.
    pub(crate) stroke: &'static str,
}

impl Look {
    /// The table.
    pub(crate) fn style(self) -> Style {
        use Outline::{
            Cylinder, Diamond, Dot, Flag, Hexagon, Rectangle, Ring, Rounded, Stadium, Subroutine,
        };
        let (outline, fill, stroke) = match self {
            Self::Start => (Dot, "#334155", "#334155"),
            Self::End => (Ring, "#ffffff", "#334155"),
            Self::Task | Self::Compute => (Rounded, "#dbeafe", "#2563eb"),
            Self::Pass | Self::Other => (Rectangle, "#f1f5f9", "#64748b"),
            Self::Choice => (Diamond, "#fef3c7", "#b45309"),
            Self::Wait => (Flag, "#f1f5f9", "#475569"),
            Self::Succeed => (Stadium, "#dcfce7", "#15803d"),
            Self::Fail => (Stadium, "#fee2e2", "#b91c1c"),
            Self::Group => (Rectangle, "#f8fafc", "#94a3b8"),
            Self::Missing => (Rectangle, "#fee2e2", "#b91c1c"),
            Self::Workflow => (Subroutine, "#dbeafe", "#2563eb"),
            Self::Store => (Cylinder, "#dcfce7", "#15803d"),
            Self::Queue => (Subroutine, "#fef3c7", "#b45309"),
            Self::Event => (Stadium, "#fef3c7", "#b45309"),
            Self::Entrance => (Flag, "#e0f2fe", "#0369a1"),
            Self::Service => (Hexagon, "#f3e8ff", "#7e22ce"),
            Self::Outside => (Hexagon, "#ffffff", "#64748b"),
        };
        Style {
            outline,
            fill,
            stroke,
        }
    }
}

impl Outline {
    /// What stands before and after the text in Mermaid.
    pub(crate) fn mermaid(self) -> (&'static str, &'static str) {
        match self {
            Self::Rectangle => ("[", "]"),
            Self::Rounded => ("(", ")"),
            Self::Stadium => ("([", "])"),
            Self::Diamond => ("{", "}"),
            Self::Hexagon => ("{{", "}}"),
            Self::Cylinder => ("[(", ")]"),
            Self::Subroutine => ("[[", "]]"),
            Self::Flag => (">", "]"),
            Self::Dot => ("((", "))"),
            Self::Ring => ("(((", ")))"),
        }
    }
}
