//! Builds that ended, as the store keeps them.

use crate::api::{BuildHistoryRead, BuildLineState, BuildView, PastBuild, PastLine, UserError};
use crate::app::{App, on_thread};
use crate::error::AppError;

/// How many are answered at most.
const MOST: u32 = 500;

impl App {
    /// Builds that ended, the newest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn build_history(
        &self,
        wanted: BuildHistoryRead,
    ) -> Result<Vec<PastBuild>, UserError> {
        let app = self.clone();
        let read = move || {
            let limit = wanted.limit.min(MOST);
            let kept = app.inner.store.builds(wanted.file.as_deref(), None, limit)?;
            Ok(kept.iter().filter_map(|text| read(text)).collect())
        };
        on_thread("the history of builds", read).await
    }

    /// The last build of a Dockerfile and target that made an image.
    pub(super) fn last_build(
        &self,
        file: &str,
        target: Option<&str>,
    ) -> Result<Option<PastBuild>, AppError> {
        let target = target.unwrap_or_default();
        // It is nearly always the very last: the others are read only where that one failed.
        for limit in [1, MOST] {
            let kept = self.inner.store.builds(Some(file), Some(target), limit)?;
            let mut builds = kept.iter().filter_map(|text| read(text));
            if let Some(found) = builds.find(|build| build.manifest.is_some()) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// How many builds of a Dockerfile there were.
    pub(super) fn builds_of(&self, file: &str) -> Result<u32, AppError> {
        let kept = self.inner.store.builds(Some(file), None, 1)?;
        Ok(kept.first().and_then(|text| read(text)).map_or(0, |build| build.number))
    }

    /// Keeps what a build came to.
    pub(super) fn note_build(
        &self,
        view: &BuildView,
        target: Option<&str>,
        started_at: &str,
    ) -> Result<(), AppError> {
        let past = past(view, target, started_at);
        let text = serde_json::to_string(&past).unwrap_or_default();
        Ok(self.inner.store.keep_build(&view.file, target.unwrap_or_default(), &text)?)
    }
}

/// One that a newer or older Strata wrote in a form of its own is passed over.
fn read(text: &str) -> Option<PastBuild> {
    serde_json::from_str(text).ok()
}

fn past(view: &BuildView, target: Option<&str>, started_at: &str) -> PastBuild {
    let is_wanted = |state| !matches!(state, BuildLineState::NotNeeded);
    let lines = view.lines.iter().filter(|line| is_wanted(line.state)).map(|line| PastLine {
        text: line.text.clone(),
        keyword: line.keyword.clone(),
        milliseconds: line.milliseconds,
        is_cached: line.state == BuildLineState::Cached,
        layer: line.layer.clone(),
    });
    let lines: Vec<PastLine> = lines.collect();
    let is_cached = |line: &&PastLine| line.is_cached && line.keyword != "FROM";
    PastBuild {
        number: view.number,
        file: view.file.clone(),
        target: target.map(str::to_owned),
        tags: view.tags.clone(),
        started_at: started_at.to_owned(),
        milliseconds: view.milliseconds,
        manifest: view.manifest.clone(),
        bytes: lines.iter().filter_map(|line| Some(line.layer.as_ref()?.bytes)).sum(),
        cached: u32::try_from(lines.iter().filter(is_cached).count()).unwrap_or(u32::MAX),
        lines,
    }
}
