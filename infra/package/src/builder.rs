use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    Asset, Contents, Error, Progress, Request,
    asset::{Parts, Work, file_error},
    cargo,
    executable::Fault,
    flags,
    linker::Linker,
    toolchain::Toolchain,
    workspace::Workspace,
};

/// A request with what it takes to fulfil it.
pub(crate) struct Builder<'a, 'request> {
    request: &'a mut Request<'request>,
    workspace: &'a Workspace,
    toolchain: Toolchain,
    /// The machine's folders, with what executables call them.
    folders: Vec<(PathBuf, String)>,
    symbols: bool,
}

impl<'a, 'request> Builder<'a, 'request> {
    /// With the linker to begin with.
    pub(crate) fn new(
        request: &'a mut Request<'request>,
        workspace: &'a Workspace,
    ) -> Result<(Self, Linker), Error> {
        workspace.require_functions(request.functions)?;
        let toolchain = Toolchain::of(request.workspace_root)?;
        let linker = Linker::choose(request.architecture, &toolchain, &workspace.root)?;
        let builder = Self {
            request,
            workspace,
            folders: flags::folders(workspace, &toolchain),
            toolchain,
            symbols: false,
        };
        Ok((builder, linker))
    }

    /// Executables keep their symbols.
    pub(crate) fn with_symbols(self) -> Self {
        Self {
            symbols: true,
            ..self
        }
    }

    /// Executables that would start, in the order of the request.
    pub(crate) fn executables(&mut self, linker: Linker) -> Result<Vec<PathBuf>, Error> {
        let executables = self.compile(linker)?;
        let Err(error) = self.check(&executables) else {
            return Ok(executables);
        };
        let Error::Executable {
            function,
            source: Fault::Glibc { required, symbols },
        } = &error
        else {
            return Err(error);
        };
        let older = linker.for_older_glibc(self.request.architecture, &self.workspace.root);
        let Some(linker) = older else {
            return Err(error);
        };
        (self.request.progress)(Progress::LinkedAgain {
            function,
            required: *required,
            symbols,
        });
        self.compile(linker)
    }

    fn compile(&mut self, linker: Linker) -> Result<Vec<PathBuf>, Error> {
        let build = cargo::Build {
            functions: self.request.functions,
            profile: self.request.profile,
            linker,
            toolchain: &self.toolchain,
            symbols: self.symbols,
        };
        cargo::build(self.workspace, &build, self.request.progress)
    }

    /// Before anything is zipped, and one by one: together they may not fit into memory.
    fn check(&self, executables: &[PathBuf]) -> Result<(), Error> {
        let folder = self.folder();
        for (function, executable) in self.request.functions.iter().zip(executables) {
            self.parts(function, executable, &folder, "").checked()?;
        }
        Ok(())
    }

    pub(crate) fn assets(&mut self, executables: &[PathBuf]) -> Result<Vec<Asset>, Error> {
        let (folder, lock) = (self.folder(), self.workspace.lock());
        let mut assets = Vec::with_capacity(executables.len());
        for (function, executable) in self.request.functions.iter().zip(executables) {
            let (asset, work) = self.parts(function, executable, &folder, &lock).write()?;
            (self.request.progress)(match work {
                Work::Zipped => Progress::Packaged(&asset),
                Work::Kept => Progress::Kept(&asset),
            });
            assets.push(asset);
        }
        Ok(assets)
    }

    pub(crate) fn contents(mut self, linker: Linker) -> Result<Vec<Contents>, Error> {
        let executables = self.executables(linker)?;
        let functions = self.request.functions.iter();
        functions
            .zip(executables)
            .map(|(function, path)| {
                let bytes = fs::read(&path).map_err(file_error("read", &path))?;
                Contents::read(&bytes).map_err(|source| Error::Executable {
                    function: (*function).to_owned(),
                    source,
                })
            })
            .collect()
    }

    fn parts<'b>(
        &'b self,
        function: &'b str,
        executable: &'b Path,
        folder: &'b Path,
        lock: &'b str,
    ) -> Parts<'b> {
        Parts {
            function,
            executable,
            folder,
            folders: &self.folders,
            architecture: self.request.architecture,
            profile: self.request.profile,
            lock,
            budget: self.workspace.budget(function),
        }
    }

    /// One for each processor: what is packaged for both is kept for both, and two builds at once do not replace each other's.
    fn folder(&self) -> PathBuf {
        let target = &self.workspace.target_directory;
        target
            .join("lambda")
            .join(self.request.profile.name())
            .join(self.request.architecture.lambda_name())
    }
}
