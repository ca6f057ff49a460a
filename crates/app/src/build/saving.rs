//! A Dockerfile that was changed on screen, saved where it came from.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::place::read_text;
use crate::api::{DockerfileSave, Nothing, UserError};
use crate::app::{App, on_thread};
use crate::error::AppError;

impl App {
    /// Saves a Dockerfile, unless somebody else has changed it since it was read. It is replaced whole or not at all, and
    /// keeps its mode.
    ///
    /// # Errors
    /// If it is not there any more, is another now, or cannot be written.
    pub async fn dockerfile_save(&self, wanted: DockerfileSave) -> Result<Nothing, UserError> {
        on_thread("a Dockerfile", move || save(&wanted).map(|()| Nothing {})).await
    }
}

fn save(wanted: &DockerfileSave) -> Result<(), AppError> {
    let unread = |path: &Path| {
        let path = path.to_owned();
        move |source| AppError::DockerfileUnread { path, source }
    };
    let named = Path::new(&wanted.path);
    // Of a link, what it leads to is replaced.
    let path = fs::canonicalize(named)
        .map_err(|_| AppError::DockerfileMissing { path: named.to_owned() })?;
    if read_text(&path)? != wanted.read_text {
        return Err(AppError::DockerfileChanged { path });
    }
    write(&path, wanted.text.as_bytes()).map_err(unread(&path))
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
    let mut file = tempfile::Builder::new().prefix(".strata-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().set_permissions(fs::metadata(path)?.permissions())?;
    file.as_file().sync_all()?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_dockerfile_is_saved_whole_with_its_mode_and_never_over_a_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Dockerfile");
        fs::write(&path, "FROM a\n").unwrap();
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o640)).unwrap();
        let ask = |text: &str, read_text: &str| DockerfileSave {
            path: path.display().to_string(),
            text: text.to_owned(),
            read_text: read_text.to_owned(),
        };
        save(&ask("FROM b\n", "FROM a\n")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "FROM b\n");
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(
                &fs::metadata(&path).unwrap().permissions(),
            );
            assert_eq!(mode & 0o777, 0o640);
        }
        let late = save(&ask("FROM c\n", "FROM a\n")).unwrap_err();
        assert!(matches!(late, AppError::DockerfileChanged { .. }));
        assert_eq!(fs::read_to_string(&path).unwrap(), "FROM b\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        fs::remove_file(&path).unwrap();
        let gone = save(&ask("FROM c\n", "FROM b\n")).unwrap_err();
        assert!(matches!(gone, AppError::DockerfileMissing { .. }));
    }
}
