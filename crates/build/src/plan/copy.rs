//! `COPY` and `ADD`.

use strata_dockerfile::{Arguments, Keyword};

use super::StepId;
use super::dispatch::Dispatch;
use super::git_source::git_source;
use super::image_state::HistoryLayer;
use super::op::{CopyOp, CopySource, Op, Origin};
use super::path::joined_keeping_slash;
use super::stages::{Command, flag, flags, wrong};
use crate::BuildError;
use crate::files::parse_chmod;

impl Dispatch<'_> {
    pub fn copy(&mut self, command: &Command, id: StepId) -> Result<Op, BuildError> {
        let (line, instruction) = (command.line, &command.instruction);
        let is_add = instruction.keyword == Some(Keyword::Add);
        let expanded_flag = |name: &str| -> Result<Option<String>, BuildError> {
            flag(instruction, name).map(|text| self.expanded(command, &text)).transpose()
        };
        let chown = expanded_flag("chown")?.filter(|text| !text.is_empty());
        let chmod = expanded_flag("chmod")?.filter(|text| !text.is_empty());
        let checksum = expanded_flag("checksum")?.filter(|text| !text.is_empty());
        let with_parents = self.switch(command, "parents")?;
        let mode = chmod.as_deref().map(|text| {
            parse_chmod(text).ok_or_else(|| wrong(line, format!("`--chmod={text}` is no mode")))
        });
        let (sources, destination) = self.sources(command, is_add)?;
        check_checksum(checksum.as_deref(), &sources, line)?;
        self.image.note(
            noted(is_add, with_parents, [&chown, &chmod], &sources, &destination),
            HistoryLayer::OfStep(id.0),
        );
        let unpack = self.switch(command, "unpack")?;
        let has_unpack = flag(instruction, "unpack").is_some();
        let from = command.origins.first().cloned().unwrap_or(Origin::Files(None));
        let excludes = flags(instruction, "exclude");
        Ok(Op::Copy(Box::new(CopyOp {
            from,
            from_name: flag(instruction, "from").unwrap_or_else(|| "the context".to_owned()),
            sources,
            destination: joined_keeping_slash(&self.folder(), &destination),
            chown,
            chmod: mode.transpose()?,
            is_link: self.switch(command, "link")?,
            with_parents,
            excludes: excludes
                .iter()
                .map(|text| self.expanded(command, text))
                .collect::<Result<_, _>>()?,
            unpacks: if has_unpack { unpack } else { is_add },
            unpacks_fetched: has_unpack && unpack,
            checksum,
        })))
    }

    /// A flag that is there or not, or says so.
    fn switch(&self, command: &Command, name: &str) -> Result<bool, BuildError> {
        match flag(&command.instruction, name).as_deref() {
            None | Some("false") => Ok(false),
            Some("" | "true") => Ok(true),
            Some(other) => {
                Err(wrong(command.line, format!("`--{name}={other}` is neither true nor false")))
            }
        }
    }

    fn sources(
        &self,
        command: &Command,
        is_add: bool,
    ) -> Result<(Vec<CopySource>, String), BuildError> {
        let (line, instruction) = (command.line, &command.instruction);
        let needs = || wrong(line, "a source and a destination are needed");
        let (Arguments::Words(words) | Arguments::Exec(words)) = &instruction.arguments else {
            return Err(needs());
        };
        let (last, words) = words.split_last().ok_or_else(needs)?;
        let destination = self.expanded(command, &last.text)?;
        let (mut sources, mut bodies) = (Vec::new(), Vec::new());
        for word in words {
            let heredoc = instruction.heredocs.iter().position(|found| found.range == word.range);
            if let Some(at) = heredoc {
                let bytes = self.body(command, at)?.into_bytes();
                bodies
                    .push(CopySource::Body { name: instruction.heredocs[at].name.clone(), bytes });
                continue;
            }
            let text = self.expanded(command, &word.text)?;
            sources.push(self.source(command, text, is_add)?);
        }
        // Bodies come last, wherever they stand.
        sources.append(&mut bodies);
        if sources.is_empty() {
            return Err(needs());
        }
        if sources.len() > 1
            && !destination.ends_with('/')
            && !matches!(destination.as_str(), "." | "..")
        {
            let message = "several sources need a destination that ends with a slash";
            return Err(wrong(line, message));
        }
        Ok((sources, destination))
    }

    fn source(
        &self,
        command: &Command,
        text: String,
        is_add: bool,
    ) -> Result<CopySource, BuildError> {
        let line = command.line;
        let refused = |what: &str| wrong(line, format!("COPY takes no {what}, ADD does"));
        if let Some(found) = git_source(&text) {
            let mut source = found.map_err(|reason| wrong(line, format!("`{text}`: {reason}")))?;
            if !is_add {
                return Err(refused("repository"));
            }
            if flag(&command.instruction, "keep-git-dir").is_some() {
                source.keeps_git_folder = self.switch(command, "keep-git-dir")?;
            }
            return Ok(CopySource::Git(source));
        }
        if text.starts_with("http://") || text.starts_with("https://") {
            return if is_add { Ok(CopySource::Url(text)) } else { Err(refused("URL")) };
        }
        Ok(CopySource::Path(text))
    }
}

fn check_checksum(
    checksum: Option<&str>,
    sources: &[CopySource],
    line: usize,
) -> Result<(), BuildError> {
    let Some(checksum) = checksum else { return Ok(()) };
    match sources {
        [CopySource::Git(_)] => Ok(()),
        [CopySource::Url(_)] if strata_spec::Digest::parse(checksum).is_ok() => Ok(()),
        [CopySource::Url(_)] => Err(wrong(line, format!("`{checksum}` is no digest"))),
        _ => Err(wrong(line, "a checksum can be given for one URL or repository alone")),
    }
}

/// A copy as histories have it.
fn noted(
    is_add: bool,
    with_parents: bool,
    [chown, chmod]: [&Option<String>; 2],
    sources: &[CopySource],
    destination: &str,
) -> String {
    let mut words = vec![if is_add { "ADD" } else { "COPY" }.to_owned()];
    if with_parents {
        words.push("--parents".to_owned());
    }
    words.extend(chown.iter().map(|text| format!("--chown={text}")));
    words.extend(chmod.iter().map(|text| format!("--chmod={text}")));
    words.extend(sources.iter().map(|source| match source {
        CopySource::Path(text) | CopySource::Url(text) => text.clone(),
        CopySource::Git(source) => source.url.clone(),
        CopySource::Body { name, .. } => format!("<<{name}"),
    }));
    format!("{} {destination} # buildkit", words.join(" "))
}
