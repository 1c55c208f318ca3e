//! Reads paths: `$.orders[0].id`, `$$.Execution.Id`, `$variable.field`.

/// A path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) root: Root,
    pub(super) segments: Vec<Segment>,
}

/// Where a path begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Root {
    /// `$`.
    Document,
    /// `$$`.
    Context,
    /// `$name`.
    Variable(String),
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Segment {
    /// `.name`, `['name']`.
    Field(String),
    /// `[0]`, `[-1]`.
    Index(i64),
    /// `[*]`, `.*`: every item or field.
    All,
    /// `[0,2]`, `[1:3]`: some of the items.
    Some,
    /// `..name`: at any depth.
    Descend,
    /// A filter or a function.
    Opaque,
}

impl Path {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text };
        if !reader.take("$") {
            return Err("it does not begin with `$`".to_owned());
        }
        let root = match () {
            () if reader.take("$") => Root::Context,
            () => match reader.name() {
                Some(name) => Root::Variable(name),
                None => Root::Document,
            },
        };
        let mut segments = Vec::new();
        while !reader.rest.is_empty() {
            segments.push(reader.segment()?);
        }
        Ok(Self { root, segments })
    }

    /// Whether what it selects can be told.
    pub(super) fn is_followed(&self) -> bool {
        !self.segments.contains(&Segment::Opaque)
    }

    /// The names it leads through, when it leads through fields only.
    pub(super) fn fields(&self) -> Option<Vec<String>> {
        let field = |segment: &Segment| match segment {
            Segment::Field(name) => Some(name.clone()),
            _ => None,
        };
        self.segments.iter().map(field).collect()
    }
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn take(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn name(&mut self) -> Option<String> {
        let end = self
            .rest
            .find(|character: char| ".[]()".contains(character) || character.is_whitespace());
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        (!name.is_empty()).then(|| name.to_owned())
    }

    fn segment(&mut self) -> Result<Segment, String> {
        if self.take("..") {
            if self.rest.starts_with('[') {
                self.bracket()?;
            } else if self.name().is_none() {
                return Err("`..` leads to nothing".to_owned());
            }
            return Ok(Segment::Descend);
        }
        if self.take(".") {
            if self.take("*") {
                return Ok(Segment::All);
            }
            let Some(name) = self.name() else {
                return Err("a name is missing behind a dot".to_owned());
            };
            if self.rest.starts_with('(') {
                self.closed('(', ')')?;
                return Ok(Segment::Opaque);
            }
            return Ok(Segment::Field(name));
        }
        if self.rest.starts_with('[') {
            return self.bracket();
        }
        Err(format!(
            "`{}` follows neither a dot nor a bracket",
            self.rest
        ))
    }

    fn bracket(&mut self) -> Result<Segment, String> {
        let inside = self.closed('[', ']')?;
        let inside = inside.trim();
        if inside == "*" {
            return Ok(Segment::All);
        }
        if inside.starts_with('?') || inside.starts_with('(') {
            return Ok(Segment::Opaque);
        }
        if let Some(name) = quoted(inside) {
            return Ok(Segment::Field(name));
        }
        if let Ok(index) = inside.parse() {
            return Ok(Segment::Index(index));
        }
        let number = |part: &str| part.trim().is_empty() || part.trim().parse::<i64>().is_ok();
        let several = inside
            .split(',')
            .all(|part| quoted(part.trim()).is_some() || number(part));
        if !inside.is_empty() && (several || inside.split(':').all(number)) {
            return Ok(Segment::Some);
        }
        Err(format!("`[{inside}]` is no index, name or filter"))
    }

    /// What stands between brackets, brackets and quotes inside taken along.
    fn closed(&mut self, open: char, close: char) -> Result<String, String> {
        let mut depth = 0_usize;
        let mut quote = None;
        for (index, character) in self.rest.char_indices() {
            match (quote, character) {
                (Some(mark), _) if character == mark => quote = None,
                (None, '\'' | '"') => quote = Some(character),
                (None, _) if character == open => depth += 1,
                (None, _) if character == close => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let inside = self.rest[1..index].to_owned();
                self.rest = &self.rest[index + 1..];
                return Ok(inside);
            }
        }
        Err(format!("`{open}` is not closed"))
    }
}

fn quoted(text: &str) -> Option<String> {
    let inside = ['\'', '"'].into_iter().find_map(|mark| {
        text.strip_prefix(mark)?
            .strip_suffix(mark)
            .map(|inside| (mark, inside))
    });
    let (mark, inside) = inside?;
    (!inside.contains(mark)).then(|| inside.to_owned())
}
