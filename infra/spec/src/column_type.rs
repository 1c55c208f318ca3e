//! The grammar of Hive's column types, as Athena reads them.
//!
//! <https://docs.aws.amazon.com/athena/latest/ug/data-types.html>

use std::fmt;

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

/// A type of a column of a Glue table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// One without parts, in small letters, with its length or precision: `bigint`, `decimal(10,2)`.
    Plain(String),
    /// Items of one type.
    Array(Box<Self>),
    /// Keys and values.
    Map(Box<Self>, Box<Self>),
    /// Fields by name, in order. Names are in small letters: Athena does not tell them apart by case.
    Struct(Vec<(String, Self)>),
    /// One of several types.
    Union(Vec<Self>),
}

impl ColumnType {
    /// Reads a type; the error says what is wrong.
    ///
    /// # Errors
    /// When the text is not one type, or is nested deeper than any data.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser { rest: text };
        let parsed = parser.column_type(0)?;
        match parser.rest.trim() {
            "" => Ok(parsed),
            rest => Err(format!("`{rest}` is left over")),
        }
    }
}

/// In Hive's notation, without spaces.
impl fmt::Display for ColumnType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(name) => formatter.write_str(name),
            Self::Array(item) => write!(formatter, "array<{item}>"),
            Self::Map(key, value) => write!(formatter, "map<{key},{value}>"),
            Self::Struct(fields) => {
                let fields = fields.iter().map(|(name, kind)| format!("{name}:{kind}"));
                write!(
                    formatter,
                    "struct<{}>",
                    fields.collect::<Vec<_>>().join(",")
                )
            }
            Self::Union(types) => {
                let types = types.iter().map(Self::to_string);
                write!(
                    formatter,
                    "uniontype<{}>",
                    types.collect::<Vec<_>>().join(",")
                )
            }
        }
    }
}

struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    fn column_type(&mut self, depth: usize) -> Result<ColumnType, String> {
        if depth > DEEPEST {
            return Err(format!("nested deeper than {DEEPEST} levels"));
        }
        let written = self.word();
        let name = written.to_ascii_lowercase();
        match name.as_str() {
            "array" => self.bracketed(|parser| {
                let item = parser.column_type(depth + 1)?;
                Ok(ColumnType::Array(Box::new(item)))
            }),
            "map" => self.bracketed(|parser| {
                let key = parser.column_type(depth + 1)?;
                parser.expect(',')?;
                let value = parser.column_type(depth + 1)?;
                Ok(ColumnType::Map(Box::new(key), Box::new(value)))
            }),
            "struct" => self
                .bracketed(|parser| parser.listed(|parser| parser.field(depth + 1)))
                .map(ColumnType::Struct),
            "uniontype" => self
                .bracketed(|parser| parser.listed(|parser| parser.column_type(depth + 1)))
                .map(ColumnType::Union),
            "char" => self.length(&name, 255),
            "varchar" => self.length(&name, 65_535),
            "decimal" => self.precision(),
            "integer" => Ok(ColumnType::Plain("int".to_owned())),
            plain if PLAIN.contains(&plain) => Ok(ColumnType::Plain(name)),
            "" => Err("a type is missing".to_owned()),
            _ => Err(format!("there is no type `{written}`")),
        }
    }

    fn field(&mut self, depth: usize) -> Result<(String, ColumnType), String> {
        let name = self.field_name();
        if name.is_empty() {
            return Err("a field of a struct has no name".to_owned());
        }
        self.expect(':')?;
        Ok((name.to_lowercase(), self.column_type(depth)?))
    }

    fn bracketed<T>(
        &mut self,
        inside: impl FnOnce(&mut Self) -> Result<T, String>,
    ) -> Result<T, String> {
        self.expect('<')?;
        let found = inside(self)?;
        self.expect('>')?;
        Ok(found)
    }

    fn listed<T>(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        let mut all = vec![one(self)?];
        while self.next_is(',') {
            self.expect(',')?;
            all.push(one(self)?);
        }
        Ok(all)
    }

    fn length(&mut self, name: &str, most: u32) -> Result<ColumnType, String> {
        self.expect('(')?;
        let length = self.number(1, most)?;
        self.expect(')')?;
        Ok(ColumnType::Plain(format!("{name}({length})")))
    }

    /// Ten digits and none behind the point, unless it says otherwise.
    fn precision(&mut self) -> Result<ColumnType, String> {
        let (mut precision, mut scale) = (10, 0);
        if self.next_is('(') {
            self.expect('(')?;
            precision = self.number(1, 38)?;
            if self.next_is(',') {
                self.expect(',')?;
                scale = self.number(0, precision)?;
            }
            self.expect(')')?;
        }
        Ok(ColumnType::Plain(format!("decimal({precision},{scale})")))
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
    use super::ColumnType;

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
            assert!(ColumnType::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn types_of_one_meaning_are_written_alike() {
        for (text, written) in [
            ("DECIMAL", "decimal(10,0)"),
            ("decimal( 5 )", "decimal(5,0)"),
            ("Integer", "int"),
            (
                "struct< Name :array<INT>, m:map<string,char(2)>>",
                "struct<name:array<int>,m:map<string,char(2)>>",
            ),
            ("uniontype<int, string>", "uniontype<int,string>"),
        ] {
            assert_eq!(
                ColumnType::parse(text).map(|parsed| parsed.to_string()),
                Ok(written.to_owned())
            );
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
            assert_eq!(ColumnType::parse(text), Err(problem.to_owned()), "{text}");
        }
        assert!(ColumnType::parse(&"array<".repeat(100_000)).is_err());
    }
}
