//! `strata compare`

use std::io::Write;

use serde::Serialize;
use strata_app::api::{
    Change, CompareRead, ComparedImage, Comparison, FindingsRead, LayerPair, PairState,
    SettingField, SettingPair, TagChangesRead,
};
use strata_app::words::{Words, bytes};
use strata_app::{FileEntry, PackagePair, package_pairs};

use super::files::JsonLine;
use super::{find, lost};
use crate::arguments::{Compare, OneImage};
use crate::failure::Failure;
use crate::output;
use crate::session::Session;
use crate::visible::visible;

/// A comparison with the paths that differ.
#[derive(Debug, Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    comparison: Comparison,
    paths: Option<Vec<JsonLine<'a>>>,
    /// The packages that differ.
    packages: Option<Vec<PackagePair>>,
}

/// What only images that are both here can tell.
struct Insides {
    /// The paths that differ.
    paths: Vec<FileEntry>,
    /// The packages that differ.
    packages: Vec<PackagePair>,
}

/// Tells what differs between two images, or between an image and what its tag points to now.
pub async fn compare(session: &Session, wanted: &Compare) -> Result<(), Failure> {
    let one = |reference: &String| OneImage {
        reference: reference.clone(),
        platform: wanted.platform.clone(),
    };
    let left = find(session, &one(&wanted.left)).await?.summary;
    let Some(right) = &wanted.right else {
        let reference = left.reference.clone().unwrap_or_else(|| wanted.left.clone());
        let asked = TagChangesRead { manifest: left.manifest, reference };
        let mut comparison = session.app.tag_changes(asked).await?;
        comparison.left.familiar = left.familiar;
        return print(session, comparison, None);
    };
    let right = find(session, &one(right)).await?.summary;
    let asked = CompareRead { left: left.manifest.clone(), right: right.manifest.clone() };
    let mut comparison = session.app.compare(asked).await?;
    // An image may have several names: it is shown under the one that was asked for.
    comparison.left.familiar.clone_from(&left.familiar);
    comparison.right.familiar.clone_from(&right.familiar);
    let right = right.manifest;
    let packages = package_pairs(
        &session.app.findings(FindingsRead { manifest: left.manifest.clone() }).await?.packages,
        &session.app.findings(FindingsRead { manifest: right.clone() }).await?.packages,
    );
    let app = session.app.clone();
    let listed = tokio::task::spawn_blocking(move || {
        let mut entries = Vec::new();
        app.compared_files(&left.manifest, &right, &mut |entry| {
            entries.push(entry);
            true
        })?;
        Ok::<_, Failure>(entries)
    });
    let paths = listed.await.map_err(|_| lost("compare"))??;
    print(session, comparison, Some(Insides { paths, packages }))
}

fn print(
    session: &Session,
    comparison: Comparison,
    insides: Option<Insides>,
) -> Result<(), Failure> {
    if session.json {
        let paths = insides.as_ref().map(|found| found.paths.iter().map(JsonLine::of).collect());
        let packages = insides.as_ref().map(|found| found.packages.clone());
        return Ok(output::document(&Document { comparison, paths, packages })?);
    }
    let words = session.words;
    let mut out = output::results();
    write!(out, "{}", image_line(words, "-", &comparison.left))?;
    write!(out, "{}", image_line(words, "+", &comparison.right))?;
    writeln!(out, "\n{}", words.text("cli.compare.layers", &[]))?;
    for pair in &comparison.layers {
        write!(out, "{}", layer_line(pair))?;
    }
    let shared = bytes(comparison.shared_bytes);
    writeln!(out, "  {}", words.text("cli.compare.shared", &[("size", &shared)]))?;
    let differing = comparison.settings.iter().filter(|pair| pair.state != PairState::Same);
    write!(out, "{}", part(words, "settings", differing.map(setting_line)))?;
    let is_same = comparison.left.manifest == comparison.right.manifest;
    match insides {
        None if !is_same => {
            let missing = bytes(comparison.missing_bytes);
            let text = words.text("cli.compare.notHere", &[("size", &missing)]);
            write!(out, "{}", part(words, "files", [format!("  {text}\n")].into_iter()))?;
        }
        insides => {
            let Insides { paths, packages } =
                insides.unwrap_or(Insides { paths: Vec::new(), packages: Vec::new() });
            write!(out, "{}", part(words, "packages", packages.iter().map(package_line)))?;
            write!(out, "{}", part(words, "files", paths.iter().map(path_line)))?;
        }
    }
    Ok(out.flush()?)
}

/// A heading with its lines; where there are none, both images are the same.
fn part(words: Words, name: &str, lines: impl Iterator<Item = String>) -> String {
    let lines: String = lines.collect();
    let same = || format!("  {}\n", words.text("cli.compare.same", &[]));
    let lines = if lines.is_empty() { same() } else { lines };
    format!("\n{}\n{lines}", words.text(&format!("cli.compare.{name}"), &[]))
}

fn path_line(entry: &FileEntry) -> String {
    format!("  {} /{}\n", mark_of(entry.change), strata_app::escape(&entry.path))
}

fn package_line(pair: &PackagePair) -> String {
    let version = |version: &Option<String>| visible(version.as_deref().unwrap_or_default());
    let versions = match pair.state {
        PairState::Left => version(&pair.left),
        PairState::Right => version(&pair.right),
        _ => format!("{} -> {}", version(&pair.left), version(&pair.right)),
    };
    let name = visible(&format!("{} {}", pair.ecosystem, pair.name));
    format!("  {} {name} {versions}\n", mark(pair.state))
}

fn image_line(words: Words, mark: &str, image: &ComparedImage) -> String {
    let key =
        format!("image.header.layers_{}", if image.layer_count == 1 { "one" } else { "other" });
    let layers = words.text(&key, &[("count", &image.layer_count.to_string())]);
    format!(
        "{mark} {}  {}  {}  {layers}  {}\n",
        visible(&image.familiar),
        super::short(&image.manifest),
        visible(&image.platform),
        bytes(image.download_bytes)
    )
}

const fn mark(state: PairState) -> char {
    match state {
        PairState::Same => '=',
        PairState::Changed => '~',
        PairState::Left => '-',
        PairState::Right => '+',
    }
}

const fn mark_of(change: Change) -> char {
    match change {
        Change::Added => '+',
        Change::Deleted => '-',
        Change::Unchanged => '=',
        Change::Metadata => 'm',
        Change::Changed | Change::Replaced => '~',
    }
}

fn layer_line(pair: &LayerPair) -> String {
    let number = |side: &Option<strata_app::api::ComparedLayer>| {
        side.as_ref().map_or_else(|| "·".to_owned(), |side| side.layer.to_string())
    };
    let shown = pair.right.as_ref().or(pair.left.as_ref());
    let (line, size) = shown.map_or_else(Default::default, |side| {
        (visible(&side.instruction), bytes(side.download_bytes))
    });
    format!(
        "  {} {:>3} {:>3} {size:>9}  {line}\n",
        mark(pair.state),
        number(&pair.left),
        number(&pair.right)
    )
}

fn setting_line(pair: &SettingPair) -> String {
    let field = match pair.field {
        SettingField::Platform => "PLATFORM",
        SettingField::Entrypoint => "ENTRYPOINT",
        SettingField::Command => "CMD",
        SettingField::User => "USER",
        SettingField::WorkingDir => "WORKDIR",
        SettingField::StopSignal => "STOPSIGNAL",
        SettingField::Env => "ENV",
        SettingField::Port => "EXPOSE",
        SettingField::Volume => "VOLUME",
        SettingField::Label => "LABEL",
    };
    let name = if pair.name.is_empty() { String::new() } else { format!(" {}", pair.name) };
    let head = visible(&format!("{field}{name}"));
    let value = |value: &Option<String>| visible(value.as_deref().unwrap_or_default());
    // A port and a volume have nothing but their name.
    let is_name = matches!(pair.field, SettingField::Port | SettingField::Volume);
    match pair.state {
        state if is_name => format!("  {} {head}\n", mark(state)),
        PairState::Left => format!("  - {head} {}\n", value(&pair.left)),
        PairState::Right => format!("  + {head} {}\n", value(&pair.right)),
        _ => format!("  ~ {head} {} -> {}\n", value(&pair.left), value(&pair.right)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_told_once() {
        let pair = SettingPair {
            field: SettingField::Port,
            name: "80/tcp".to_owned(),
            state: PairState::Left,
            left: Some("80/tcp".to_owned()),
            right: None,
        };
        assert_eq!(setting_line(&pair), "  - EXPOSE 80/tcp\n");
    }

    #[test]
    fn packages_that_differ_are_told_with_their_versions() {
        let pair = |state, left: Option<&str>, right: Option<&str>| PackagePair {
            state,
            ecosystem: "deb".to_owned(),
            name: "libc6".to_owned(),
            left: left.map(str::to_owned),
            right: right.map(str::to_owned),
        };
        let changed = pair(PairState::Changed, Some("2.36"), Some("2.37"));
        assert_eq!(package_line(&changed), "  ~ deb libc6 2.36 -> 2.37\n");
        assert_eq!(package_line(&pair(PairState::Right, None, Some("1"))), "  + deb libc6 1\n");
    }
}
