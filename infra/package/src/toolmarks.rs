//! What compilers and linkers write into an executable about themselves, which nothing reads when it runs.

use object::{
    Endianness, elf, pod,
    read::elf::{FileHeader, ProgramHeader, SectionHeader},
};

use crate::executable::Fault;

type Header = elf::FileHeader64<Endianness>;

/// The sections that hold the names and versions of tools.
const MARKED: [&[u8]; 2] = [b".comment", b".note.gnu.gold-version"];
/// Of what is behind the loaded part, in bytes.
const ALIGNMENT: usize = 8;

/// The executable without the names of its tools: with its next update a C compiler has another, and often makes the same code.
///
/// What is loaded stays as it is. What follows it is written anew, for a name's length moves all behind it: the other sections,
/// then their table, where a section without its contents keeps its number.
pub(crate) fn removed(data: &[u8]) -> Result<Vec<u8>, Fault> {
    let header = Header::parse(data)?;
    let endian = header.endian()?;
    let table = header.sections(endian, data)?;
    if table.is_empty() {
        return Ok(data.to_vec());
    }
    let end = end_of_loaded(header, endian, data)?;
    let loaded = usize::try_from(end).ok().and_then(|end| data.get(..end));
    let mut file = loaded.ok_or_else(incomplete)?.to_vec();

    let mut sections: Vec<_> = table.iter().copied().collect();
    let mut behind: Vec<_> = sections
        .iter_mut()
        .filter(|section| is_behind(section, endian, end))
        .collect();
    behind.sort_by_key(|section| section.sh_offset(endian));
    for section in behind {
        let is_marked = MARKED.contains(&table.section_name(endian, section)?);
        let contents = if is_marked {
            &[]
        } else {
            section.data(endian, data)?
        };
        section
            .sh_offset
            .set(endian, append(&mut file, contents) as u64);
        section.sh_size.set(endian, contents.len() as u64);
    }
    let place = append(&mut file, pod::bytes_of_slice(&sections));
    let (header, _) = pod::from_bytes_mut::<Header>(&mut file).map_err(|()| incomplete())?;
    header.e_shoff.set(endian, place as u64);
    Ok(file)
}

/// Where the last segment ends. Linkers write what is not loaded behind it.
fn end_of_loaded(header: &Header, endian: Endianness, data: &[u8]) -> Result<u64, Fault> {
    let segments = header.program_headers(endian, data)?.iter();
    let ends = segments.map(|segment| {
        let start = segment.p_offset(endian);
        start.saturating_add(segment.p_filesz(endian))
    });
    Ok(ends.max().unwrap_or_default())
}

fn is_behind(section: &elf::SectionHeader64<Endianness>, endian: Endianness, end: u64) -> bool {
    section.sh_type(endian) != elf::SHT_NULL
        && !section.sh_flags(endian).contains(elf::SHF_ALLOC)
        && section.sh_offset(endian) >= end
}

/// Returns the place.
fn append(file: &mut Vec<u8>, contents: &[u8]) -> usize {
    let place = file.len().next_multiple_of(ALIGNMENT);
    file.resize(place, 0);
    file.extend_from_slice(contents);
    place
}

fn incomplete() -> Fault {
    Fault::Unreadable("a part of it is missing".into())
}

#[cfg(test)]
mod tests {
    use std::{fs, process::Command};

    use super::*;

    /// Name and contents of all sections.
    fn sections(data: &[u8]) -> Vec<(String, &[u8])> {
        let header = Header::parse(data).unwrap();
        let endian = header.endian().unwrap();
        let table = header.sections(endian, data).unwrap();
        table
            .iter()
            .map(|section| {
                let name = table.section_name(endian, section).unwrap();
                let contents = section.data(endian, data).unwrap();
                (String::from_utf8_lossy(name).into_owned(), contents)
            })
            .collect()
    }

    #[test]
    fn only_the_names_of_tools_go() {
        let data = fs::read(std::env::current_exe().unwrap()).unwrap();
        let without = removed(&data).unwrap();
        let (before, after) = (sections(&data), sections(&without));
        assert_eq!(before.len(), after.len());
        for ((name, before), (same_name, after)) in before.iter().zip(&after) {
            assert_eq!(name, same_name);
            let expected = if name == ".comment" { &[] } else { *before };
            assert!(*after == expected, "{name}");
        }
        assert!(
            before
                .iter()
                .any(|(name, contents)| name == ".comment" && !contents.is_empty())
        );
        assert!(
            removed(&without).unwrap() == without,
            "nothing is left to remove"
        );
    }

    #[test]
    fn longer_names_make_no_other_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let (source, program) = (folder.path().join("main.rs"), folder.path().join("main"));
        let compiled = |name: &str| {
            let tool = format!("core::arch::global_asm!(\".ident \\\"{name}\\\"\");");
            let text = format!("{tool} fn main() {{ println!(\"it runs\"); }}");
            fs::write(&source, text).unwrap();
            let output = Command::new("rustc")
                .args(["-Cstrip=symbols", "-Clink-arg=-Wl,--build-id=none", "-o"])
                .args([&program, &source])
                .output()
                .unwrap();
            assert!(output.status.success(), "{output:?}");
            fs::read(&program).unwrap()
        };
        let long = "a much longer name than the other tool's";
        let (one, other) = (compiled("short"), compiled(long));
        assert_ne!(one.len(), other.len());
        let without = removed(&one).unwrap();
        assert!(without == removed(&other).unwrap());

        fs::write(&program, &without).unwrap();
        let output = Command::new(program).output().unwrap();
        assert_eq!(output.stdout, b"it runs\n");
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        let data = fs::read(std::env::current_exe().unwrap()).unwrap();
        for length in [0, 64, data.len() / 2, data.len() - 1] {
            assert!(removed(&data[..length]).is_err(), "{length} bytes");
        }
    }
}
