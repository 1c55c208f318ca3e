//! Which crates an executable consists of, as far as its symbols say.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use object::{
    Endianness, elf,
    read::elf::{FileHeader, SectionHeader, Sym},
};

use crate::executable::Fault;

type Header = elf::FileHeader64<Endianness>;

/// The entry of code that is not from Rust, whose names say no crate.
pub const NOT_RUST: &str = "C and assembly";

/// Bytes of an executable by the crates they are from.
///
/// A function or a static counts for the crate that its name begins with: what a crate makes of another's generic code counts
/// for the other. Constants (texts, tables, unwinding) have no names and are not attributed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// Crates with their bytes, the largest first. [`NOT_RUST`] is one of them.
    pub crates: Vec<(String, u64)>,
    /// Bytes that no symbol names.
    pub unattributed: u64,
    /// Bytes of code and data in the file, all together; symbols and debug information are none.
    pub total: u64,
}

impl Contents {
    /// Reads the symbols of an executable that was not stripped.
    pub fn read(data: &[u8]) -> Result<Self, Fault> {
        let header = Header::parse(data)?;
        let endian = header.endian()?;
        let sections = header.sections(endian, data)?;
        let loaded: Vec<Range<u64>> = sections
            .iter()
            .filter(|section| section.sh_flags(endian).contains(elf::SHF_ALLOC))
            .filter(|section| section.sh_type(endian) != elf::SHT_NOBITS)
            .map(|section| {
                let start = section.sh_addr(endian);
                start..start + section.sh_size(endian)
            })
            .collect();

        let symbols = sections.symbols(endian, data, elf::SHT_SYMTAB)?;
        let mut crates = BTreeMap::<String, u64>::new();
        // Equal functions have one place and several names; the first has it.
        let mut places = BTreeSet::new();
        for symbol in symbols.iter() {
            let place = symbol.st_value(endian);
            let is_named = matches!(symbol.st_type(), elf::STT_FUNC | elf::STT_OBJECT);
            let is_loaded = loaded.iter().any(|range| range.contains(&place));
            if is_named && is_loaded && places.insert(place) {
                let name = String::from_utf8_lossy(symbol.name(endian, symbols.strings())?);
                *crates.entry(crate_of(&name)).or_default() += symbol.st_size(endian);
            }
        }
        let total = loaded.iter().map(|range| range.end - range.start).sum();
        Ok(Self::new(crates, total))
    }

    fn new(crates: BTreeMap<String, u64>, total: u64) -> Self {
        let attributed: u64 = crates.values().sum();
        let mut crates: Vec<_> = crates.into_iter().collect();
        crates.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
        Self {
            crates,
            unattributed: total.saturating_sub(attributed),
            total,
        }
    }
}

/// The crate that a mangled name begins with: of `<alloc::vec::Vec<T> as core::clone::Clone>::clone` it is `alloc`.
fn crate_of(symbol: &str) -> String {
    let Ok(name) = rustc_demangle::try_demangle(symbol) else {
        return NOT_RUST.to_owned();
    };
    let name = format!("{name:#}");
    // Only a path has `::` behind its first word; `<str as core::fmt::Display>` and `<T as ...>` begin with a type that has none.
    let words = name.split(|letter: char| !(letter.is_alphanumeric() || "_:".contains(letter)));
    words
        .filter_map(|word| word.split_once("::"))
        .map(|(first, _)| first)
        .find(|first| !first.is_empty())
        .unwrap_or("core")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_both_kinds_say_their_crate() {
        for (symbol, expected) in [
            (
                "_ZN5alloc7raw_vec17capacity_overflow17h0123456789abcdefE",
                "alloc",
            ),
            (
                "_ZN63_$LT$aws_sdk_s3..client..Client$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE",
                "aws_sdk_s3",
            ),
            (
                "_ZN42_$LT$$RF$T$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE",
                "core",
            ),
            (
                "_ZN4core3ptr42drop_in_place$LT$alloc..string..String$GT$17h0123456789abcdefE",
                "core",
            ),
            ("_RNvCs15kBYyAo9fc_7mycrate7example", "mycrate"),
            ("ring_core_0_17_14__aes_hw_encrypt", NOT_RUST),
            ("memcpy", NOT_RUST),
        ] {
            assert_eq!(crate_of(symbol), expected, "{symbol}");
        }
    }

    #[test]
    fn what_no_symbol_names_is_counted_too() {
        let data = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let contents = Contents::read(&data).unwrap();
        let attributed: u64 = contents.crates.iter().map(|(_, bytes)| bytes).sum();
        assert_eq!(attributed + contents.unattributed, contents.total);
        assert!(contents.total < data.len() as u64);
        let names: Vec<&str> = contents.crates.iter().map(|(name, _)| &**name).collect();
        for name in ["core", "std", "package", NOT_RUST] {
            assert!(names.contains(&name), "{name} in {names:?}");
        }
        assert!(contents.crates.is_sorted_by(|one, other| one.1 >= other.1));
    }
}
