//! The grammar of Hive's column types, as Athena reads them.
//!
//! <https://docs.aws.amazon.com/athena/latest/ug/data-types.html>

const PLAIN: [&str; 14] = [
    "bigint",
    "binary",
    "boolean",
    "date",
    "decimal",
    "double",
    "float",
    "int",
    "integer",
    "smallint",
    "string",
    "timestamp",
    "tinyint",
    "void",
];
/// Deeper than any data; keeps the parser's stack small.
const DEEPEST: usize = 32;

/// Whether a text is one column type; the error says what is wrong.
pub(crate) fn parse(text: &str) -> Result<(), String> {
    let mut parser = Parser { rest: text };
    parser.column_type(0)?;
    match parser.rest.trim() {
        "" => Ok(()),
        rest => Err(format!("`{rest}` is left over")),
    }
}

struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    fn column_type(&mut self, depth: usize) -> Result<(), String> {
        if depth > DEEPEST {
            return Err(format!("nested deeper than {DEEPEST} levels"));
        }
        let name = self.word();
        match name.to_ascii_lowercase().as_str() {
            "array" => self.bracketed(|parser| parser.column_type(depth + 1)),
            "map" => self.bracketed(|parser| {
                parser.column_type(depth + 1)?;
                parser.expect(',')?;
                parser.column_type(depth + 1)
            }),
            "struct" => self.bracketed(|parser| parser.fields(depth + 1)),
            "uniontype" => {
                self.bracketed(|parser| parser.listed(|parser| parser.column_type(depth + 1)))
            }
            "char" => self.length(255),
            "varchar" => self.length(65_535),
            "decimal" if self.next_is('(') => self.precision(),
            plain if PLAIN.contains(&plain) => Ok(()),
            "" => Err("a type is missing".to_owned()),
            _ => Err(format!("there is no type `{name}`")),
        }
    }

    fn fields(&mut self, depth: usize) -> Result<(), String> {
        self.listed(|parser| {
            if parser.field_name().is_empty() {
                return Err("a field of a struct has no name".to_owned());
            }
            parser.expect(':')?;
            parser.column_type(depth)
        })
    }

    fn bracketed(
        &mut self,
        inside: impl FnOnce(&mut Self) -> Result<(), String>,
    ) -> Result<(), String> {
        self.expect('<')?;
        inside(self)?;
        self.expect('>')
    }

    fn listed(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Result<(), String>,
    ) -> Result<(), String> {
        one(self)?;
        while self.next_is(',') {
            self.expect(',')?;
            one(self)?;
        }
        Ok(())
    }

    fn length(&mut self, most: u32) -> Result<(), String> {
        self.expect('(')?;
        self.number(1, most)?;
        self.expect(')')
    }

    fn precision(&mut self) -> Result<(), String> {
        self.expect('(')?;
        let precision = self.number(1, 38)?;
        if self.next_is(',') {
            self.expect(',')?;
            self.number(0, precision)?;
        }
        self.expect(')')
    }

    fn number(&mut self, least: u32, most: u32) -> Result<u32, String> {
        let digits = self.word();
        let number = digits
            .parse()
            .ok()
            .filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| format!("`{digits}` is not a number from {least} to {most}"))
    }

    fn word(&mut self) -> &'t str {
        self.take(|character| character.is_ascii_alphanumeric())
    }

    /// Up to the colon: crawlers find fields of every name.
    fn field_name(&mut self) -> &'t str {
        self.take(|character| !matches!(character, ':' | '<' | '>' | ','))
            .trim_end()
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let text = self.rest.trim_start();
        let end = text
            .find(|character| !wanted(character))
            .unwrap_or(text.len());
        let (taken, rest) = text.split_at(end);
        self.rest = rest;
        taken
    }

    fn next_is(&self, wanted: char) -> bool {
        self.rest.trim_start().starts_with(wanted)
    }

    fn expect(&mut self, wanted: char) -> Result<(), String> {
        match self.rest.trim_start().strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                Ok(())
            }
            None => Err(format!("`{wanted}` is missing before `{}`", self.rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn types_of_hive_are_types() {
        for text in [
            "string",
            "BIGINT",
            "decimal",
            "decimal(10)",
            "decimal(38, 38)",
            "varchar(20)",
            "array<struct<name:string,pages:int>>",
            "map<string,array<double>>",
            "struct<a: int, b-c:map<string,string>>",
            "uniontype<int,string>",
        ] {
            assert_eq!(parse(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn everything_else_is_none() {
        for (text, problem) in [
            ("strng", "there is no type `strng`"),
            ("", "a type is missing"),
            ("array<strng>", "there is no type `strng`"),
            ("array<string", "`>` is missing before ``"),
            ("array<>", "a type is missing"),
            ("map<string>", "`,` is missing before `>`"),
            ("struct<name>", "`:` is missing before `>`"),
            ("struct<:int>", "a field of a struct has no name"),
            ("decimal(39)", "`39` is not a number from 1 to 38"),
            ("decimal(4,5)", "`5` is not a number from 0 to 4"),
            ("varchar", "`(` is missing before ``"),
            ("int int", "`int` is left over"),
        ] {
            assert_eq!(parse(text), Err(problem.to_owned()), "{text}");
        }
        assert!(parse(&"array<".repeat(100_000)).is_err());
    }
}
