//! The stable codes of findings.

macro_rules! codes {
    ($($name:ident = $code:literal, $what:literal;)*) => {
        $(#[doc = $what] pub const $name: &str = $code;)*

        /// Every code with what it means, in order.
        pub const ALL: &[(&str, &str)] = &[$(($code, $what)),*];
    };
}

// S0xx: structure. S1xx: data. S2xx: budgets.
codes! {
    STRUCTURE = "S001 structure", "A part of the definition has the wrong form.";
    UNPARSABLE = "S100 unparsable-expression", "An expression or path that cannot be parsed.";
}
