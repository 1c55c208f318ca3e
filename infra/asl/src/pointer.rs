//! Where something is in a JSON document.

use std::fmt;

/// A JSON pointer (RFC 6901): `/States/Submit/Retry/0`; empty for the whole document.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// A member of the object here.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        let escaped = name.replace('~', "~0").replace('/', "~1");
        Self(format!("{}/{escaped}", self.0))
    }

    /// An item of the array here.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// The object or array that this is in; none of the whole document.
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.0.rsplit_once('/')?;
        Some(Self(parent.to_owned()))
    }

    /// The place that `inner` names inside the value here.
    #[must_use]
    pub fn join(&self, inner: &Self) -> Self {
        Self(format!("{}{}", self.0, inner.0))
    }

    /// The place inside `outer`; none when it is not in there.
    pub fn inside(&self, outer: &Self) -> Option<Self> {
        let inner = self.0.strip_prefix(&outer.0)?;
        let whole_names = inner.is_empty() || inner.starts_with('/');
        whole_names.then(|| Self(inner.to_owned()))
    }

    /// The names and indices that lead here, in order, without escapes.
    pub fn segments(&self) -> impl Iterator<Item = String> {
        let escaped = self.0.split('/').skip(1);
        escaped.map(|segment| segment.replace("~1", "/").replace("~0", "~"))
    }

    /// The pointer as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<String> for Pointer {
    fn from(text: String) -> Self {
        Self(text)
    }
}
