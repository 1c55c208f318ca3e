//! A small workspace to package, written anew for each test.
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot be written fails its test"
)]

use std::{fs, path::PathBuf};

use package::{Architecture, Asset, Error, Profile, Progress, Request};

/// The processor of this machine, which needs no cross compiler.
pub(crate) const HOST: Architecture = if cfg!(target_arch = "aarch64") {
    Architecture::Arm64
} else {
    Architecture::X86_64
};

pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
}

impl Workspace {
    /// An empty workspace in a folder of its own. The folder's path is the same in every run, so that repeated runs do not
    /// fill the target directory.
    pub(crate) fn new(folder: &str) -> Self {
        let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join("package")
            .join(folder);
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        let workspace = Self { root };
        workspace.write(
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"functions/*\"]\n\n[profile.lambda]\ninherits = \"release\"\nlto = \"fat\"\ncodegen-units = 1\nstrip = \"symbols\"\n",
        );
        workspace.write("Cargo.lock", "version = 4\n");
        workspace
    }

    /// Adds a function crate. Names have to differ between tests: they share a target directory and run at once.
    pub(crate) fn function(self, name: &str, main: &str) -> Self {
        self.write(
            &format!("functions/{name}/Cargo.toml"),
            &format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
        );
        self.write(&format!("functions/{name}/src/main.rs"), main);
        let lock = fs::read_to_string(self.root.join("Cargo.lock")).unwrap();
        self.write(
            "Cargo.lock",
            &format!("{lock}\n[[package]]\nname = \"{name}\"\nversion = \"0.1.0\"\n"),
        );
        self
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn build(&self, functions: &[&str], profile: Profile) -> Result<Vec<Asset>, Error> {
        self.build_for(HOST, functions, profile, &mut |_| {})
    }

    pub(crate) fn build_for(
        &self,
        architecture: Architecture,
        functions: &[&str],
        profile: Profile,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Vec<Asset>, Error> {
        package::build(&mut Request {
            workspace_root: &self.root,
            functions,
            profile,
            architecture,
            progress,
        })
    }
}
