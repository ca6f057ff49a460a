//! `RUN`.

use strata_dockerfile::{Arguments, Mount, MountType};

use super::StepId;
use super::dispatch::Dispatch;
use super::image_state::HistoryLayer;
use super::op::{MountOp, MountOpKind, Op, Origin, RunOp};
use super::path::joined;
use super::stages::{Command, flag, flags, mount_of, wrong};
use crate::host::{MountKind, Sharing};
use crate::{BuildError, Network};

/// Where the body of a here-document that is a script stands.
const SCRIPTS: &str = "/dev/pipes";

impl Dispatch<'_> {
    pub fn run(&mut self, command: &Command, id: StepId) -> Result<Op, BuildError> {
        let mut mounts = Vec::new();
        let args = self.run_args(command, &mut mounts)?;
        for (text, origin) in flags(&command.instruction, "mount").iter().zip(&command.origins) {
            let agents = mounts.iter().filter(|mount: &&MountOp| is_agent(mount)).count();
            mounts.push(self.mount(command, text, origin, agents)?);
        }
        let arguments = self.scope.arguments();
        self.image.note(noted(&args, &arguments), HistoryLayer::OfStep(id.0));
        Ok(Op::Run(Box::new(RunOp {
            args,
            env: self.scope.env().clone(),
            arguments: arguments.into_iter().map(|(name, _)| name).collect(),
            proxies: self.scope.proxies(self.options),
            cwd: self.folder(),
            user: self.image.settings.user.clone(),
            network: self.network(command)?,
            is_insecure: self.is_insecure(command)?,
            devices: self.devices(command)?,
            mounts,
        })))
    }

    /// What is run. A here-document alone is a script; beside a command it is the shell's own.
    fn run_args(
        &self,
        command: &Command,
        mounts: &mut Vec<MountOp>,
    ) -> Result<Vec<String>, BuildError> {
        let instruction = &command.instruction;
        let text = match &instruction.arguments {
            Arguments::Exec(words) => {
                return Ok(words.iter().map(|word| word.text.clone()).collect());
            }
            Arguments::Text(word) => word.text.as_str(),
            _ => return Err(wrong(command.line, "RUN needs a command")),
        };
        let Some(first) = instruction.heredocs.first() else {
            return Ok(self.image.with_shell(text));
        };
        let is_alone = instruction.heredocs.len() == 1
            && command.text.get(first.range.clone()) == Some(text.trim());
        if !is_alone {
            let mut script = text.to_owned();
            for heredoc in &instruction.heredocs {
                script.push('\n');
                script.push_str(command.text.get(heredoc.body.clone()).unwrap_or_default());
                script.push_str(&heredoc.name);
            }
            return Ok(self.image.with_shell(&script));
        }
        let body = first.content(&command.text);
        if !body.starts_with("#!") || self.image.platform.os == "windows" {
            return Ok(self.image.with_shell(&body));
        }
        let target = format!("{SCRIPTS}/{}", first.name);
        let kind = MountKind::File { bytes: body.into_bytes(), mode: 0o755 };
        let kind = MountOpKind::Plain { kind, is_required: true };
        mounts.push(MountOp { target: target.clone(), kind });
        Ok(vec![target])
    }

    fn network(&self, command: &Command) -> Result<Network, BuildError> {
        let Some(text) = flag(&command.instruction, "network") else {
            return Ok(self.options.network);
        };
        match text.as_str() {
            "default" | "" => Ok(self.options.network),
            "none" => Ok(Network::None),
            "host" if self.options.allowed.host_network => Ok(Network::Host),
            "host" => Err(not_allowed(command, "--network=host")),
            other => Err(wrong(command.line, format!("there is no network `{other}`"))),
        }
    }

    fn is_insecure(&self, command: &Command) -> Result<bool, BuildError> {
        match flag(&command.instruction, "security").as_deref() {
            None | Some("" | "sandbox") => Ok(false),
            Some("insecure") if self.options.allowed.insecure => Ok(true),
            Some("insecure") => Err(not_allowed(command, "--security=insecure")),
            Some(other) => Err(wrong(command.line, format!("there is no security `{other}`"))),
        }
    }

    fn devices(&self, command: &Command) -> Result<Vec<String>, BuildError> {
        let devices = flags(&command.instruction, "device");
        if !devices.is_empty() && !self.options.allowed.devices {
            return Err(not_allowed(command, "--device"));
        }
        devices.iter().map(|device| self.expanded(command, device)).collect()
    }

    fn mount(
        &self,
        command: &Command,
        text: &str,
        origin: &Origin,
        agents: usize,
    ) -> Result<MountOp, BuildError> {
        let line = command.line;
        let mut fields = Mount::fields(text);
        for (_, value) in fields.iter_mut().filter(|(key, _)| key != "from") {
            *value = value.as_ref().map(|text| self.expanded(command, text)).transpose()?;
        }
        let mount = mount_of(&fields, line)?;
        let number = |value: &Option<String>, key: &str, radix: u32, other: u32| {
            let Some(text) = value else { return Ok(other) };
            let message = || wrong(line, format!("`{text}` is no value of `{key}`"));
            u32::from_str_radix(text, radix).map_err(|_| message())
        };
        let (target, id) = (mount.target.clone(), mount.id.clone());
        let source = mount.source.clone().unwrap_or_default();
        let (uid, gid) = (number(&mount.uid, "uid", 10, 0)?, number(&mount.gid, "gid", 10, 0)?);
        let mode = |other| number(&mount.mode, "mode", 8, other);
        let at = |target: Option<String>| joined(&self.folder(), &target.unwrap_or_default());
        let kind = match mount.kind {
            MountType::Bind => MountOpKind::Bind {
                from: origin.clone(),
                source: joined("/", &source),
                is_writable: mount.is_read_only == Some(false),
            },
            MountType::Cache => MountOpKind::Cache {
                id: id.unwrap_or_else(|| at(target.clone())),
                from: if mount.from.is_some() { origin.clone() } else { Origin::Scratch },
                source: joined("/", &source),
                sharing: sharing(mount.sharing.as_deref(), line)?,
                is_read_only: mount.is_read_only == Some(true),
                mode: mode(0o755)?,
                uid,
                gid,
            },
            MountType::Tmpfs => {
                let size_bytes = size(mount.size.as_deref(), line)?;
                MountOpKind::Plain { kind: MountKind::Tmpfs { size_bytes }, is_required: true }
            }
            MountType::Secret => {
                return self.secret(command, &mount, (target, id), (mode(0o400)?, uid, gid));
            }
            MountType::Ssh => {
                let target = target.unwrap_or_else(|| format!("/run/buildkit/ssh_agent.{agents}"));
                let id = id.unwrap_or_else(|| "default".to_owned());
                let kind = MountKind::Ssh { id, mode: mode(0o600)?, uid, gid };
                let kind = MountOpKind::Plain { kind, is_required: mount.is_required };
                return Ok(MountOp { target: at(Some(target)), kind });
            }
        };
        let target = at(target);
        if target == "/" {
            return Err(wrong(line, "a mount needs a target below the root"));
        }
        Ok(MountOp { target, kind })
    }

    fn secret(
        &self,
        command: &Command,
        mount: &Mount,
        (target, id): (Option<String>, Option<String>),
        (mode, uid, gid): (u32, u32, u32),
    ) -> Result<MountOp, BuildError> {
        let named = |path: &String| path.rsplit('/').next().unwrap_or_default().to_owned();
        let id = id.or_else(|| target.as_ref().map(named)).unwrap_or_default();
        if id.is_empty() {
            return Err(wrong(command.line, "a secret needs an id"));
        }
        let env = mount.env.clone();
        let is_file = target.is_some() || env.is_none();
        let target = target.unwrap_or_else(|| format!("/run/secrets/{id}"));
        let target = joined(&self.folder(), &target);
        let kind = MountKind::Secret { id, is_file, env, mode, uid, gid };
        Ok(MountOp { target, kind: MountOpKind::Plain { kind, is_required: mount.is_required } })
    }
}

fn is_agent(mount: &MountOp) -> bool {
    matches!(mount.kind, MountOpKind::Plain { kind: MountKind::Ssh { .. }, .. })
}

fn not_allowed(command: &Command, what: &str) -> BuildError {
    BuildError::NotAllowed { line: command.line, what: what.to_owned() }
}

fn sharing(text: Option<&str>, line: usize) -> Result<Sharing, BuildError> {
    match text {
        None | Some("shared") => Ok(Sharing::Shared),
        Some("private") => Ok(Sharing::Private),
        Some("locked") => Ok(Sharing::Locked),
        Some(other) => Err(wrong(line, format!("`{other}` is no value of `sharing`"))),
    }
}

/// Bytes of `64m`, `1g`, `4096`.
fn size(text: Option<&str>, line: usize) -> Result<Option<u64>, BuildError> {
    let Some(text) = text else { return Ok(None) };
    let lower = text.to_ascii_lowercase();
    let lower = lower.strip_suffix("ib").or_else(|| lower.strip_suffix('b')).unwrap_or(&lower);
    let (digits, shift) = match lower.chars().last() {
        Some('k') => (&lower[..lower.len() - 1], 10),
        Some('m') => (&lower[..lower.len() - 1], 20),
        Some('g') => (&lower[..lower.len() - 1], 30),
        Some('t') => (&lower[..lower.len() - 1], 40),
        _ => (lower, 0),
    };
    let bytes = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(1 << shift));
    match bytes {
        Some(bytes) => Ok(Some(bytes)),
        None => Err(wrong(line, format!("`{text}` is no value of `size`"))),
    }
}

/// A command as histories have it: the arguments that were declared stand before it.
fn noted(args: &[String], arguments: &[(String, String)]) -> String {
    let mut words = vec!["RUN".to_owned()];
    if !arguments.is_empty() {
        words.push(format!("|{}", arguments.len()));
        words.extend(arguments.iter().map(|(name, value)| format!("{name}={value}")));
    }
    words.extend(args.iter().cloned());
    format!("{} # buildkit", words.join(" "))
}
