//! Whether an executable will start on Lambda's `provided.al2023`: the right processor, no newer C library than the
//! runtime's, no shared libraries the runtime does not have.

use object::{
    Endianness, elf,
    read::elf::{Dyn, FileHeader, SectionTable, Sym},
};

use crate::Architecture;

/// The C library of `provided.al2023` (Amazon Linux 2023 ships glibc 2.34).
pub const RUNTIME_GLIBC: Glibc = Glibc {
    major: 2,
    minor: 34,
};

/// The shared libraries of the runtime that a Rust executable may ask for: the C library's and the unwinder.
const RUNTIME_LIBRARIES: [&str; 8] = [
    "ld-linux-aarch64.so.1",
    "ld-linux-x86-64.so.2",
    "libc.so.6",
    "libdl.so.2",
    "libgcc_s.so.1",
    "libm.so.6",
    "libpthread.so.0",
    "librt.so.1",
];

/// A version of the GNU C library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Glibc {
    /// Before the dot.
    pub major: u32,
    /// After the dot.
    pub minor: u32,
}

impl std::fmt::Display for Glibc {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}

/// Why an executable would not start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Not a complete 64-bit ELF file.
    #[error(
        "it is not a whole 64-bit Linux executable ({0}); on another system than Linux, install cargo-zigbuild and Zig (`pip install cargo-zigbuild ziglang`), which are then used"
    )]
    Unreadable(String),
    /// Compiled for another processor.
    #[error(
        "it is compiled for {found}, and the function runs on {wanted}; build with the other architecture, or unset `build.target` in Cargo's configuration"
    )]
    Processor {
        /// What the file says.
        found: String,
        /// What was asked for.
        wanted: Architecture,
    },
    /// Compiled against a newer C library.
    #[error(
        "it needs glibc {required}{}, and the runtime provided.al2023 has {RUNTIME_GLIBC}; install cargo-zigbuild and Zig (`pip install cargo-zigbuild ziglang`), which is then used to link against {RUNTIME_GLIBC}, or build on a system whose glibc is no newer than that", of_symbols(.symbols)
    )]
    Glibc {
        /// The newest version it asks for.
        required: Glibc,
        /// What it asks too new versions of, such as `arc4random (GLIBC_2.36)`. Empty if it is the file's format that is too new.
        symbols: Vec<String>,
    },
    /// Linked to shared libraries that the runtime does not have.
    #[error("it needs the shared libraries {}, which the runtime provided.al2023 does not have; link them statically (most `-sys` crates have a `vendored` or `static` feature)", .0.join(", "))]
    Libraries(Vec<String>),
}

impl From<object::read::Error> for Fault {
    fn from(error: object::read::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

type Header = elf::FileHeader64<Endianness>;
type Sections<'a> = SectionTable<'a, Header>;

/// Reads the ELF file in `data` and says the first thing that would keep it from starting.
pub fn check(data: &[u8], wanted: Architecture) -> Result<(), Fault> {
    let header = Header::parse(data)?;
    let endian = header.endian()?;
    check_processor(header.e_machine(endian), wanted)?;

    let sections = header.sections(endian, data)?;
    let interpreted = header
        .program_headers(endian, data)?
        .iter()
        .any(|segment| segment.p_type.get(endian) == elf::PT_INTERP);
    let Some((entries, strings)) = sections.dynamic(endian, data)? else {
        // A static executable has no such section; one that names a loader lost it to some tool.
        return if interpreted {
            Err(Fault::Unreadable("its dynamic section is missing".into()))
        } else {
            Ok(())
        };
    };

    let strings = sections.strings(endian, data, strings)?;
    let mut foreign = Vec::new();
    for entry in entries
        .iter()
        .filter(|entry| entry.tag(endian) == elf::DT_NEEDED)
    {
        let library = String::from_utf8_lossy(entry.string(endian, strings)?).into_owned();
        if !RUNTIME_LIBRARIES.contains(&library.as_str()) {
            foreign.push(library);
        }
    }
    if !foreign.is_empty() {
        return Err(Fault::Libraries(foreign));
    }
    match required_glibc(&sections, endian, data)? {
        Some(required) if required > RUNTIME_GLIBC => Err(Fault::Glibc {
            required,
            symbols: too_new_symbols(&sections, endian, data)?,
        }),
        _ => Ok(()),
    }
}

fn check_processor(machine: elf::Machine, wanted: Architecture) -> Result<(), Fault> {
    let found = match machine {
        elf::EM_X86_64 => Architecture::X86_64.to_string(),
        elf::EM_AARCH64 => Architecture::Arm64.to_string(),
        other => format!("processor number {}", other.0),
    };
    if found == wanted.lambda_name() {
        return Ok(());
    }
    Err(Fault::Processor { found, wanted })
}

/// The newest glibc any symbol asks for. Weak requirements do not keep a program from starting and do not count.
fn required_glibc(
    sections: &Sections<'_>,
    endian: Endianness,
    data: &[u8],
) -> Result<Option<Glibc>, Fault> {
    let Some((mut libraries, strings)) = sections.gnu_verneed(endian, data)? else {
        return Ok(None);
    };
    let strings = sections.strings(endian, data, strings)?;
    let mut newest = None;
    while let Some((_, mut versions)) = libraries.next()? {
        while let Some(version) = versions.next()? {
            if version.vna_flags.get(endian).0 & elf::VER_FLG_WEAK.0 != 0 {
                continue;
            }
            let name = String::from_utf8_lossy(version.name(endian, strings)?);
            newest = newest.max(glibc_version(&name)?);
        }
    }
    Ok(newest)
}

/// The symbols whose versions the runtime's C library does not have, each with its version.
fn too_new_symbols(
    sections: &Sections<'_>,
    endian: Endianness,
    data: &[u8],
) -> Result<Vec<String>, Fault> {
    let Some(versions) = sections.versions(endian, data)? else {
        return Ok(Vec::new());
    };
    let symbols = sections.symbols(endian, data, elf::SHT_DYNSYM)?;
    let mut found = Vec::new();
    for (index, symbol) in symbols.enumerate() {
        let version = versions.version_index(endian, index).index();
        let Some(version) = versions.version(version)? else {
            continue;
        };
        let version = String::from_utf8_lossy(version.name());
        if glibc_version(&version)? > Some(RUNTIME_GLIBC) {
            let name = String::from_utf8_lossy(symbol.name(endian, symbols.strings())?);
            found.push(format!("{name} ({version})"));
        }
    }
    Ok(found)
}

fn of_symbols(symbols: &[String]) -> String {
    if symbols.is_empty() {
        return String::new();
    }
    format!(" for {}", symbols.join(", "))
}

/// `GLIBC_2.34` is a version of the library, and so is `GLIBC_2.2.5`; other libraries' versions (`GCC_3.0`) are none.
fn glibc_version(name: &str) -> Result<Option<Glibc>, Fault> {
    let Some(version) = name.strip_prefix("GLIBC_") else {
        return Ok(None);
    };
    // Marks compressed relocations, which loaders understand since this version.
    if version == "ABI_DT_RELR" {
        return Ok(Some(Glibc {
            major: 2,
            minor: 36,
        }));
    }
    let mut numbers = version.split('.').map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => Ok(Some(Glibc { major, minor })),
        _ => Err(Fault::Unreadable(format!(
            "it asks for the unknown C library version `{name}`"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_names_are_read() {
        let version = |major, minor| Ok(Some(Glibc { major, minor }));
        assert_eq!(glibc_version("GLIBC_2.34"), version(2, 34));
        assert_eq!(glibc_version("GLIBC_2.2.5"), version(2, 2));
        assert_eq!(glibc_version("GLIBC_ABI_DT_RELR"), version(2, 36));
        assert_eq!(glibc_version("GCC_3.0"), Ok(None));
        assert!(glibc_version("GLIBC_PRIVATE").is_err());
    }
}
