//! The checks against real ELF files: this test's own executable, patched copies of it, and a static program.
#![expect(
    clippy::unwrap_used,
    reason = "a test's own file that cannot be read fails the test"
)]

use std::{fs, process::Command};

use package::{
    Architecture,
    executable::{Fault, Glibc, check},
};

const HOST: Architecture = if cfg!(target_arch = "aarch64") {
    Architecture::Arm64
} else {
    Architecture::X86_64
};
const MACHINE: std::ops::Range<usize> = 18..20;
const SECTION_TABLE_OFFSET: std::ops::Range<usize> = 0x28..0x30;
const SECTION_COUNT_AND_NAMES: std::ops::Range<usize> = 0x3c..0x40;

fn own_executable() -> Vec<u8> {
    fs::read(std::env::current_exe().unwrap()).unwrap()
}

/// Replaces every occurrence, of which there has to be one.
fn patched(mut data: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<usize> = data
        .windows(from.len())
        .enumerate()
        .filter(|(_, window)| *window == from.as_bytes())
        .map(|(place, _)| place)
        .collect();
    assert!(!places.is_empty(), "{from} does not occur");
    for place in places {
        data[place..place + to.len()].copy_from_slice(to.as_bytes());
    }
    data
}

#[test]
fn an_ordinary_program_passes() {
    assert_eq!(check(&own_executable(), HOST), Ok(()));
}

#[test]
fn a_static_program_passes() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("main.rs");
    let program = folder.path().join("main");
    fs::write(&source, "fn main() {}").unwrap();
    let status = Command::new("rustc")
        .args(["-C", "target-feature=+crt-static", "-o"])
        .args([&program, &source])
        .status()
        .unwrap();
    assert!(status.success());
    let data = fs::read(program).unwrap();
    assert_eq!(check(&data, HOST), Ok(()));
}

#[test]
fn another_processor_is_refused() {
    let mut data = own_executable();
    let (number, name): (u16, _) = match HOST {
        Architecture::X86_64 => (183, "arm64"),
        Architecture::Arm64 => (62, "x86_64"),
    };
    data[MACHINE].copy_from_slice(&number.to_le_bytes());
    let found = name.to_owned();
    assert_eq!(
        check(&data, HOST),
        Err(Fault::Processor {
            found,
            wanted: HOST
        })
    );
    data[MACHINE].copy_from_slice(&243_u16.to_le_bytes());
    let found = "processor number 243".to_owned();
    assert_eq!(
        check(&data, HOST),
        Err(Fault::Processor {
            found,
            wanted: HOST
        })
    );
}

#[test]
fn a_newer_c_library_is_refused() {
    let Err(Fault::Glibc { required, symbols }) =
        check(&patched(own_executable(), "GLIBC_2.", "GLIBC_3."), HOST)
    else {
        panic!("it needs a glibc that does not exist");
    };
    assert!(required >= Glibc { major: 3, minor: 0 }, "{required}");
    let start = symbols
        .iter()
        .find(|symbol| symbol.starts_with("__libc_start_main (GLIBC_3."));
    assert!(start.is_some(), "{symbols:?}");
}

#[test]
fn an_unknown_version_is_not_taken_for_none() {
    let data = patched(own_executable(), "GLIBC_2.", "GLIBC_X.");
    assert!(
        matches!(check(&data, HOST), Err(Fault::Unreadable(reason)) if reason.contains("GLIBC_X."))
    );
}

#[test]
fn a_library_the_runtime_lacks_is_refused() {
    let data = patched(own_executable(), "libgcc_s.so.1", "libssl_x.so.1");
    assert_eq!(
        check(&data, HOST),
        Err(Fault::Libraries(vec!["libssl_x.so.1".into()]))
    );
}

#[test]
fn a_truncated_file_is_refused_wherever_it_ends() {
    let data = own_executable();
    for length in [0, 3, 40, 64, 1000, data.len() / 2, data.len() - 1] {
        let fault = check(&data[..length], HOST).unwrap_err();
        assert!(
            matches!(fault, Fault::Unreadable(_)),
            "{length} bytes: {fault:?}"
        );
    }
}

#[test]
fn a_dynamic_program_without_sections_is_not_taken_for_static() {
    let mut data = own_executable();
    data[SECTION_TABLE_OFFSET].fill(0);
    data[SECTION_COUNT_AND_NAMES].fill(0);
    assert!(matches!(check(&data, HOST), Err(Fault::Unreadable(_))));
}

#[test]
fn something_else_than_a_program_is_refused() {
    for data in [
        &b"#!/bin/sh\nexec ./real\n"[..],
        b"\xcf\xfa\xed\xfe\x07\0\0\x01 a Mach-O file",
    ] {
        assert!(matches!(check(data, HOST), Err(Fault::Unreadable(_))));
    }
}

#[test]
fn every_fault_says_what_to_do() {
    let faults = [
        Fault::Unreadable("invalid ELF header".into()),
        Fault::Processor {
            found: "arm64".into(),
            wanted: Architecture::X86_64,
        },
        Fault::Glibc {
            required: Glibc {
                major: 2,
                minor: 38,
            },
            symbols: vec!["__isoc23_strtol (GLIBC_2.38)".into()],
        },
        Fault::Glibc {
            required: Glibc {
                major: 2,
                minor: 36,
            },
            symbols: Vec::new(),
        },
        Fault::Libraries(vec!["libssl.so.3".into(), "libcrypto.so.3".into()]),
    ];
    let text: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/package");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!("executable_faults", text.join("\n\n")));
}
