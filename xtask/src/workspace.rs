//! The workspace as cargo sees it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// One crate of ours.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Crate {
    /// Its name.
    pub(crate) name: String,
    /// What its manifest says it is.
    pub(crate) description: String,
    /// Its main file, from the root.
    pub(crate) main_file: String,
    /// What it is built on, ours and others'; not what only its tests use.
    pub(crate) depends_on: Vec<String>,
}

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// What cargo knows of the workspace and of everything it is built on.
pub(crate) fn metadata(root: &Path) -> Result<Metadata> {
    MetadataCommand::new()
        .current_dir(root)
        .other_options(["--locked".to_owned()])
        .exec()
        .context("cannot read cargo's metadata (is Cargo.lock up to date?)")
}

/// The crates of the workspace.
pub(crate) fn crates(root: &Path) -> Result<Vec<Crate>> {
    let metadata = metadata(root)?;
    Ok(metadata.workspace_packages().into_iter().map(|package| one(root, package)).collect())
}

fn one(root: &Path, package: &Package) -> Crate {
    let normal = package.dependencies.iter().filter(|one| one.kind == DependencyKind::Normal);
    let main = package.targets.iter().find(|target| target.is_lib());
    let main = main.or_else(|| package.targets.iter().find(|target| target.is_bin()));
    let main_file = main.map(|target| target.src_path.as_std_path()).unwrap_or(root);
    Crate {
        name: package.name.to_string(),
        description: package.description.clone().unwrap_or_default(),
        main_file: main_file.strip_prefix(root).unwrap_or(main_file).display().to_string(),
        depends_on: normal.map(|dependency| dependency.name.clone()).collect(),
    }
}
