//! Packaging with progress on the terminal.

use std::path::Path;

use package::executable::{Glibc, RUNTIME_GLIBC};
use package::{Asset, Contents, Profile, Progress, Request};

use crate::CommandError;
use crate::cli::{Architecture, BuildArguments};
use crate::terminal::Terminal;
use crate::workspace;

/// How many crates a report of a large package names.
const LARGEST_CRATES: usize = 10;

impl From<Architecture> for package::Architecture {
    fn from(architecture: Architecture) -> Self {
        match architecture {
            Architecture::Arm64 => Self::Arm64,
            Architecture::X86_64 => Self::X86_64,
        }
    }
}

impl BuildArguments {
    /// For a local AWS: the functions run on this machine's processor, compiled quickly.
    #[must_use]
    pub fn local() -> Self {
        let arch = if cfg!(target_arch = "aarch64") {
            Architecture::Arm64
        } else {
            Architecture::X86_64
        };
        Self { arch, quick: true }
    }

    fn profile(&self) -> Profile {
        if self.quick {
            Profile::Quick
        } else {
            Profile::Deployed
        }
    }
}

/// Builds and zips functions, and says which packages are over their budgets.
///
/// # Errors
/// When compilation fails or an executable would not run on Lambda.
pub fn package(
    functions: &[&str],
    build: &BuildArguments,
    terminal: Terminal,
) -> Result<Vec<Asset>, CommandError> {
    let assets = build_packages(functions, build, terminal)?;
    for line in assets.iter().filter_map(over_budget) {
        terminal.warn(&line);
    }
    Ok(assets)
}

/// Builds and zips functions. What is over its budget is left to [`report_large`].
///
/// # Errors
/// When compilation fails or an executable would not run on Lambda.
pub fn build_packages(
    functions: &[&str],
    build: &BuildArguments,
    terminal: Terminal,
) -> Result<Vec<Asset>, CommandError> {
    let step = terminal.step(&format!("Build {}", functions.join(", ")));
    let (mut compiled, mut kept) = (0, 0);
    let assets = package::build(&mut Request {
        workspace_root: &workspace::root(),
        functions,
        profile: build.profile(),
        architecture: build.arch.into(),
        progress: &mut |progress| match progress {
            Progress::Compiled { fresh: false, .. } => compiled += 1,
            Progress::Cargo(line) => step.detail(line),
            Progress::LinkedAgain {
                function,
                required,
                symbols,
            } => step.line(&linked_again(function, required, symbols)),
            Progress::Kept(_) => kept += 1,
            _ => {}
        },
    })?;
    let bytes: u64 = assets.iter().map(|asset| asset.zipped_size).sum();
    step.done(&format!(
        "{compiled} crates compiled, {} zipped, {kept} of {} packages unchanged",
        megabytes(bytes),
        assets.len()
    ));
    for asset in &assets {
        if let Some(folder) = &asset.named_folder {
            terminal.warn(&not_reproducible(&asset.function, folder));
        }
    }
    Ok(assets)
}

fn linked_again(function: &str, required: Glibc, symbols: &[String]) -> String {
    let symbols = match symbols {
        [] => String::new(),
        symbols => format!(" for {}", symbols.join(", ")),
    };
    format!(
        "{function} needs glibc {required}{symbols}; linking again by Zig, against {RUNTIME_GLIBC}"
    )
}

fn not_reproducible(function: &str, folder: &Path) -> String {
    format!(
        "the package of {function} names this machine's folder {}, so other machines make other bytes of the same commit; if a \
         configuration of Cargo has rustflags below [target], move them to [build]",
        folder.display()
    )
}

/// In one line: to say what fills it, it would have to be linked again.
fn over_budget(asset: &Asset) -> Option<String> {
    let budget = asset.exceeded_budget()?;
    let (function, architecture) = (&asset.function, asset.architecture);
    Some(format!(
        "the package of {function} has {}, its budget is {}; `infra package {function} --arch {architecture}` shows what fills it",
        megabytes(asset.zipped_size),
        megabytes(budget)
    ))
}

/// Says of each package over its budget which crates fill it.
///
/// # Errors
/// When the function cannot be linked with its symbols.
pub fn report_large(
    assets: &[Asset],
    build: &BuildArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    for asset in assets {
        let Some(budget) = asset.exceeded_budget() else {
            continue;
        };
        let function = asset.function.as_str();
        let step = terminal.step(&format!("Weigh {function}"));
        let contents = package::contents(&mut Request {
            workspace_root: &workspace::root(),
            functions: &[function],
            profile: build.profile(),
            architecture: build.arch.into(),
            progress: &mut |progress| {
                if let Progress::Cargo(line) = progress {
                    step.detail(line);
                }
            },
        })?;
        step.done(&format!(
            "{} zipped, budget {}",
            megabytes(asset.zipped_size),
            megabytes(budget)
        ));
        for contents in contents {
            terminal.warn(&composition(function, &contents));
        }
    }
    Ok(())
}

/// The largest crates of a function that is over its budget, one a line.
fn composition(function: &str, contents: &Contents) -> String {
    let largest = contents.crates.iter().take(LARGEST_CRATES);
    let rest: u64 = (contents.crates.iter().skip(LARGEST_CRATES))
        .map(|(_, bytes)| bytes)
        .sum();
    let lines: Vec<String> = largest
        .map(|(name, bytes)| (name.as_str(), *bytes))
        .chain([
            ("other crates", rest),
            (
                "not attributed: constants, unwinding",
                contents.unattributed,
            ),
            ("together, before compression", contents.total),
        ])
        .map(|(name, bytes)| format!("{:>10}  {name}", megabytes(bytes)))
        .collect();
    format!(
        "the package of {function} is over its budget (`zipped-budget` of [package.metadata.infra] in its Cargo.toml, in bytes); \
         it consists of\n{}",
        lines.join("\n")
    )
}

/// A size for a person, in decimal megabytes.
#[must_use]
pub fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_over_its_budget_is_told_in_one_line() {
        let asset = |budget| Asset {
            function: "extract".into(),
            zip_path: "extract.zip".into(),
            sha256: "00ff".into(),
            key: "assets/extract/00ff.zip".into(),
            zipped_size: 7_100_000,
            unzipped_size: 20_000_000,
            architecture: package::Architecture::Arm64,
            budget,
            named_folder: None,
        };
        assert_eq!(
            over_budget(&asset(Some(6_000_000))).as_deref(),
            Some(
                "the package of extract has 7.1 MB, its budget is 6.0 MB; `infra package extract --arch arm64` shows what fills it"
            )
        );
        assert_eq!(over_budget(&asset(Some(8_000_000))), None);
        assert_eq!(over_budget(&asset(None)), None, "a quick build");
    }

    #[test]
    fn what_is_linked_again_is_told_by_what_is_too_new() {
        let required = Glibc {
            major: 2,
            minor: 36,
        };
        let symbols = ["arc4random (GLIBC_2.36)".to_owned()];
        assert_eq!(
            linked_again("extract", required, &symbols),
            "extract needs glibc 2.36 for arc4random (GLIBC_2.36); linking again by Zig, against 2.34"
        );
        assert_eq!(
            linked_again("extract", required, &[]),
            "extract needs glibc 2.36; linking again by Zig, against 2.34"
        );
    }

    #[test]
    fn a_large_package_is_told_by_its_ten_largest_crates() {
        let crates: Vec<(String, u64)> = (0..12)
            .map(|number| (format!("crate_{number}"), 1_000_000 - number * 10_000))
            .collect();
        let attributed: u64 = crates.iter().map(|(_, bytes)| bytes).sum();
        let contents = Contents {
            crates,
            unattributed: 2_500_000,
            total: attributed + 2_500_000,
        };
        let text = composition("extract", &contents);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 1 + 10 + 3, "{text}");
        assert_eq!(lines[1], "    1.0 MB  crate_0");
        assert_eq!(lines[11], "    1.7 MB  other crates");
        assert_eq!(
            lines[12],
            "    2.5 MB  not attributed: constants, unwinding"
        );
    }
}
