//! From the errors of all crates to the one shape that a person is shown. No arm is a wildcard: a new error breaks
//! this file until somebody has decided how to word it.

mod build;

use std::error::Error;

use strata_build::BuildError;
use strata_layer::LayerError;
use strata_remote::{RateLimitKind, RemoteError};
use strata_store::StoreError;
use strata_transfer::TransferError;
use strata_tree::TreeError;

use crate::api::{Action, ErrorCode, UserError};
use crate::error::AppError;
use crate::kept_logins::KeepError;

/// How many links of a chain of causes are shown.
const MAX_CAUSES: usize = 8;

impl From<AppError> for UserError {
    fn from(error: AppError) -> Self {
        let mut user = of_app(&error);
        user.causes = causes(&error);
        user
    }
}

/// A failed build as a person is told of it.
pub(crate) fn of_build_error(error: &BuildError) -> UserError {
    let mut user = build::of_build(error);
    user.causes = causes(error);
    user
}

/// A code with what happened to whom; the rest is added by the methods below.
fn failure(code: ErrorCode, subject: impl Into<String>) -> UserError {
    UserError {
        code,
        subject: Some(subject.into()),
        params: std::collections::BTreeMap::new(),
        actions: Vec::new(),
        causes: Vec::new(),
        retryable: false,
    }
}

impl UserError {
    fn param(mut self, name: &str, value: &(impl ToString + ?Sized)) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    fn retry(mut self) -> Self {
        self.retryable = true;
        self.action(Action::Retry)
    }
}

/// The messages of an error and its sources, each once: many messages quote their source.
fn causes(error: &dyn Error) -> Vec<String> {
    let mut causes: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next
        && causes.len() < MAX_CAUSES
    {
        let text = error.to_string();
        if !causes.iter().any(|cause| cause.contains(&text)) {
            causes.push(text);
        }
        next = error.source();
    }
    causes
}

fn of_app(error: &AppError) -> UserError {
    match error {
        AppError::Reference { text, source } => {
            failure(ErrorCode::ReferenceInvalid, text).param("reason", source)
        }
        AppError::Platform(source) => {
            failure(ErrorCode::PlatformMissing, &source.text).param("platform", &source.text)
        }
        AppError::Transfer(source) => of_transfer(source),
        AppError::Store(source) => of_store(source),
        AppError::Remote(source) => of_remote(source),
        AppError::Layer { digest, source } => {
            failure(ErrorCode::StoreDamaged, digest.short()).param("reason", source)
        }
        AppError::Tree { manifest, source } => {
            failure(ErrorCode::LayerInvalid, manifest.short()).param("reason", source)
        }
        AppError::Document { digest, source } => {
            failure(ErrorCode::StoreDamaged, digest.short()).param("reason", source)
        }
        AppError::ImageUnknown { .. }
        | AppError::ImageAmbiguous { .. }
        | AppError::LayerUnknown { .. }
        | AppError::PathUnknown { .. }
        | AppError::PathAbsent { .. }
        | AppError::PathDeleted { .. }
        | AppError::PathNotInLayer { .. }
        | AppError::NotAFile { .. }
        | AppError::FilterInvalid { .. } => of_stored(error),
        AppError::Output { source } => {
            failure(ErrorCode::Internal, "").param("reason", source).retry()
        }
        AppError::Export { path, source } => {
            failure(ErrorCode::ExportFailed, path.display().to_string()).param("reason", source)
        }
        AppError::DestinationTaken { path } => {
            failure(ErrorCode::ExportTaken, path.display().to_string())
        }
        AppError::Settings { path, source } => {
            failure(ErrorCode::StoreUnwritable, path.display().to_string())
                .param("reason", source)
                .retry()
        }
        AppError::Keep(source) => of_keep(source),
        AppError::CertificateInvalid { registry, reason } => {
            failure(ErrorCode::CertificateInvalid, registry).param("reason", reason)
        }
        AppError::Search { source } => {
            failure(ErrorCode::SearchFailed, "Docker Hub").param("reason", source).retry()
        }
        AppError::Practice { source } => {
            failure(ErrorCode::PracticeFailed, "").param("reason", source).retry()
        }
        AppError::Sample { sample, source } => {
            failure(ErrorCode::PracticeFailed, *sample).param("reason", source).retry()
        }
        AppError::Random { reason } => failure(ErrorCode::Internal, "").param("reason", reason),
        AppError::JobUnknown { id } => {
            failure(ErrorCode::Internal, id.to_string()).param("reason", error)
        }
        AppError::PeekForgotten { layer } => {
            failure(ErrorCode::Internal, layer).param("reason", error).retry()
        }
        AppError::NoSuchLayer { image, .. } => {
            failure(ErrorCode::BlobUnknown, image).param("reason", error)
        }
        AppError::Build(source) => build::of_build(source),
        AppError::DockerfileMissing { path } => {
            failure(ErrorCode::DockerfileMissing, path.display().to_string())
        }
        AppError::DockerfileChanged { path } => {
            failure(ErrorCode::DockerfileChanged, path.display().to_string())
        }
        AppError::DockerfileUnread { path, source } => {
            failure(ErrorCode::BuildContextUnreadable, path.display().to_string())
                .param("reason", source)
                .retry()
        }
        AppError::FileUnread { path, source } => {
            failure(ErrorCode::FileUnread, path.display().to_string()).param("reason", source)
        }
        AppError::TextTooLarge { limit_bytes } => {
            failure(ErrorCode::TooLarge, "Dockerfile").param("limitBytes", limit_bytes)
        }
        AppError::RuleUnknown { rule } => failure(ErrorCode::RuleUnknown, rule),
        AppError::Worker { what } => {
            failure(ErrorCode::Internal, *what).param("reason", error).retry()
        }
    }
}

/// What has to do with what is stored, and what of it was asked for.
fn of_stored(error: &AppError) -> UserError {
    match error {
        AppError::ImageUnknown { image } => failure(ErrorCode::ImageUnknown, image),
        AppError::ImageAmbiguous { digits } => failure(ErrorCode::ImageAmbiguous, digits),
        AppError::LayerUnknown { layer, count } => {
            failure(ErrorCode::LayerUnknown, layer.to_string())
                .param("layer", &layer)
                .param("count", &count)
        }
        AppError::PathUnknown { path } => failure(ErrorCode::PathUnknown, path).param("path", path),
        AppError::PathAbsent { path, image } => {
            failure(ErrorCode::PathAbsent, path).param("path", path).param("image", image)
        }
        AppError::PathDeleted { path, image, layer } => failure(ErrorCode::PathDeleted, path)
            .param("path", path)
            .param("image", image)
            .param("layer", layer)
            .param("before", &layer.saturating_sub(1)),
        AppError::PathNotInLayer { path, image, layer } => failure(ErrorCode::PathNotInLayer, path)
            .param("path", path)
            .param("image", image)
            .param("layer", layer),
        AppError::NotAFile { path } => failure(ErrorCode::NotAFile, path).param("path", path),
        AppError::FilterInvalid { word } => failure(ErrorCode::FilterInvalid, word),
        _ => failure(ErrorCode::Internal, "").param("reason", error),
    }
}

fn of_keep(error: &KeepError) -> UserError {
    match error {
        KeepError::Keychain { registry, reason } => {
            failure(ErrorCode::KeychainMissing, registry).param("reason", reason)
        }
        KeepError::Helper(source) => of_remote(source),
        KeepError::List { path, source } => {
            failure(ErrorCode::StoreUnwritable, path.display().to_string())
                .param("reason", source)
                .retry()
        }
    }
}

fn of_transfer(error: &TransferError) -> UserError {
    match error {
        TransferError::Remote(source) => of_remote(source),
        TransferError::Store(source) => of_store(source),
        TransferError::Document { reference, source, .. } => {
            failure(ErrorCode::DocumentInvalid, reference.familiar()).param("reason", source)
        }
        TransferError::NoPlatform { reference, available, .. } if available.is_empty() => {
            failure(ErrorCode::IndexEmpty, reference.familiar())
        }
        TransferError::NoPlatform { reference, wanted, available } => {
            let mut platforms: Vec<String> = available.iter().map(ToString::to_string).collect();
            platforms.sort();
            platforms.dedup();
            failure(ErrorCode::PlatformMissing, reference.familiar())
                .param("platform", wanted)
                .param("platforms", &platforms.join(", "))
                .action(Action::ChoosePlatform { platforms })
        }
        TransferError::NotAnImage { reference, media_type } => {
            failure(ErrorCode::Artifact, reference.familiar())
                .param("mediaType", &media_type.as_str())
        }
        TransferError::LayerCount { reference, .. } | TransferError::TooDeep { reference, .. } => {
            failure(ErrorCode::DocumentInvalid, reference.familiar()).param("reason", error)
        }
        TransferError::DigestMismatch { expected, .. } => {
            failure(ErrorCode::ContentMismatch, expected.short()).param("reason", error).retry()
        }
        TransferError::DiffIdMismatch { layer, .. } => {
            failure(ErrorCode::ContentMismatch, layer.short()).param("reason", error)
        }
        TransferError::Made { source: source @ LayerError::Scratch { .. } } => {
            failure(ErrorCode::StoreUnwritable, "").param("reason", source).retry()
        }
        TransferError::MadeTree { source: source @ TreeError::Write { .. } } => {
            failure(ErrorCode::StoreUnwritable, "").param("reason", source).retry()
        }
        TransferError::Made { source } => {
            failure(ErrorCode::LayerInvalid, "").param("reason", source)
        }
        TransferError::MadeTree { source } => {
            failure(ErrorCode::LayerInvalid, "").param("reason", source)
        }
        TransferError::Pack { source } => {
            failure(ErrorCode::Internal, "").param("reason", source).retry()
        }
        TransferError::Layer { layer, source: source @ LayerError::Scratch { .. } } => {
            failure(ErrorCode::StoreUnwritable, layer.short()).param("reason", source).retry()
        }
        TransferError::Tree { layer, source: source @ TreeError::Write { .. } } => {
            failure(ErrorCode::StoreUnwritable, layer.short()).param("reason", source).retry()
        }
        TransferError::Layer { layer, source } => {
            failure(ErrorCode::LayerInvalid, layer.short()).param("reason", source)
        }
        TransferError::Tree { layer, source } => {
            failure(ErrorCode::LayerInvalid, layer.short()).param("reason", source)
        }
        TransferError::ReadBack { layer, source } => {
            failure(ErrorCode::StoreUnwritable, layer.short()).param("reason", source).retry()
        }
        TransferError::Worker { what } => {
            failure(ErrorCode::Internal, what).param("reason", error).retry()
        }
        TransferError::Stopped => failure(ErrorCode::Stopped, "").retry(),
    }
}

fn of_store(error: &StoreError) -> UserError {
    match error {
        StoreError::File { path, source, .. } => {
            failure(ErrorCode::StoreUnwritable, path.display().to_string())
                .param("reason", source)
                .retry()
        }
        StoreError::DiskFull { path, needed_bytes, free_bytes, .. } => {
            failure(ErrorCode::DiskFull, path.display().to_string())
                .param("neededBytes", needed_bytes)
                .param("freeBytes", free_bytes)
                .action(Action::FreeSpace)
                .retry()
        }
        StoreError::Database { source, .. } => {
            failure(ErrorCode::StoreUnwritable, "strata.db").param("reason", source).retry()
        }
        StoreError::Newer { path, .. } => {
            failure(ErrorCode::StoreNewer, path.display().to_string())
        }
        StoreError::NotAStore { path, reason } => {
            failure(ErrorCode::StoreUnwritable, path.display().to_string()).param("reason", reason)
        }
        StoreError::BlobUnknown { digest } | StoreError::Damaged { digest, .. } => {
            failure(ErrorCode::StoreDamaged, digest.short()).param("reason", error)
        }
        StoreError::TooLarge { digest, limit_bytes, .. } => {
            failure(ErrorCode::TooLarge, digest.short()).param("limitBytes", limit_bytes)
        }
        StoreError::TooMany { digest, .. } | StoreError::Incomplete { digest, .. } => {
            failure(ErrorCode::ContentMismatch, digest.short()).param("reason", error).retry()
        }
        StoreError::Layout { path, source } => {
            failure(ErrorCode::StoreDamaged, path.display().to_string()).param("reason", source)
        }
        StoreError::Stopped => failure(ErrorCode::Stopped, "").retry(),
    }
}

fn of_remote(error: &RemoteError) -> UserError {
    match error {
        RemoteError::HostUnknown { host, .. } => failure(ErrorCode::HostUnknown, host).retry(),
        RemoteError::Unreachable { host, reason, .. } => {
            failure(ErrorCode::Unreachable, host).param("reason", reason).retry()
        }
        RemoteError::Tls { host, reason, .. } => failure(ErrorCode::TlsFailed, host)
            .param("reason", reason)
            .action(Action::AddCertificate { registry: host.clone() })
            .retry(),
        RemoteError::SpeaksTls { host } => failure(ErrorCode::TlsFailed, host)
            .param("reason", error)
            .action(Action::AddCertificate { registry: host.clone() }),
        RemoteError::Blocked { name } => failure(ErrorCode::RegistryBlocked, name),
        RemoteError::RegistriesFile { path, reason } => {
            failure(ErrorCode::RegistriesFile, path.display().to_string()).param("reason", reason)
        }
        RemoteError::Setup { source } => failure(ErrorCode::Internal, "").param("reason", source),
        RemoteError::CertificateFile { path, .. } | RemoteError::Certificate { path, .. } => {
            failure(ErrorCode::TlsFailed, path.display().to_string()).param("reason", error)
        }
        RemoteError::RegistryName { registry } => {
            failure(ErrorCode::ReferenceInvalid, registry).param("reason", error)
        }
        RemoteError::Interrupted { host, .. } | RemoteError::Stalled { host, .. } => {
            failure(ErrorCode::Interrupted, host).param("reason", error).retry()
        }
        RemoteError::TooSlow { host, .. } => failure(ErrorCode::TooSlow, host)
            .param("reason", error)
            .action(Action::OpenSettings)
            .retry(),
        RemoteError::RateLimited { registry, kind, retry_after, .. } => {
            let user = match kind {
                RateLimitKind::Pulls => failure(ErrorCode::PullLimit, registry)
                    .action(Action::SignIn { registry: registry.clone() })
                    .retry(),
                RateLimitKind::Requests => failure(ErrorCode::RateLimited, registry).retry(),
            };
            match retry_after {
                Some(wait) => user.param("seconds", &wait.as_secs()),
                None => user,
            }
        }
        RemoteError::Server { registry, .. } => {
            failure(ErrorCode::RegistryFailed, registry).param("reason", error).retry()
        }
        RemoteError::NotARegistry { registry, found, .. } => {
            failure(ErrorCode::NotARegistry, registry).param("reason", found)
        }
        RemoteError::Unauthorized { .. }
        | RemoteError::Denied { .. }
        | RemoteError::RealmRefused { .. }
        | RemoteError::TokenInvalid { .. }
        | RemoteError::HelperFailed { .. }
        | RemoteError::LoginFile { .. }
        | RemoteError::LoginInvalid { .. }
        | RemoteError::LoginUnread { .. }
        | RemoteError::LookupLost { .. } => of_login(error),
        RemoteError::NoCatalog { registry, .. } => failure(ErrorCode::CatalogMissing, registry),
        RemoteError::RepositoryUnknown { .. }
        | RemoteError::ManifestUnknown { .. }
        | RemoteError::BlobUnknown { .. }
        | RemoteError::ForeignLayer { .. } => of_absence(error),
        RemoteError::Unexpected { url, .. }
        | RemoteError::RedirectRefused { url, .. }
        | RemoteError::ContentTypeMismatch { url, .. } => {
            failure(ErrorCode::RegistryFailed, url).param("reason", error)
        }
        RemoteError::TooLarge { url, limit_bytes } => {
            failure(ErrorCode::TooLarge, url).param("limitBytes", limit_bytes)
        }
        RemoteError::DigestMismatch { url, .. } | RemoteError::SizeMismatch { url, .. } => {
            failure(ErrorCode::ContentMismatch, url).param("reason", error).retry()
        }
        RemoteError::Document { url, source } => {
            failure(ErrorCode::DocumentInvalid, url).param("reason", source)
        }
    }
}

/// What has to do with who asks.
fn of_login(error: &RemoteError) -> UserError {
    let sign_in = |registry: &str| Action::SignIn { registry: registry.to_owned() };
    match error {
        RemoteError::Unauthorized { registry, repository, tried_login, .. } => {
            let code = match (tried_login, repository.is_empty()) {
                (true, true) => ErrorCode::LoginRefused,
                (true, false) => ErrorCode::PasswordWrong,
                (false, _) => ErrorCode::SignInNeeded,
            };
            failure(code, registry)
                .param("registry", registry)
                .param("repository", repository)
                .action(sign_in(registry))
        }
        RemoteError::LoginUnread { registry, reason, .. } => {
            failure(ErrorCode::KeychainMissing, registry).param("reason", reason)
        }
        RemoteError::RealmRefused { registry, host, can_be_allowed: true, .. } => {
            failure(ErrorCode::RealmUnknown, registry)
                .param("registry", registry)
                .param("host", host)
                .action(Action::ApproveRealm { registry: registry.clone(), host: host.clone() })
        }
        RemoteError::HelperFailed { registry, .. } => {
            failure(ErrorCode::HelperFailed, registry).param("reason", error)
        }
        RemoteError::Denied { registry, .. }
        | RemoteError::RealmRefused { registry, .. }
        | RemoteError::TokenInvalid { registry, .. }
        | RemoteError::LoginInvalid { registry, .. }
        | RemoteError::LookupLost { registry, .. } => failure(ErrorCode::Denied, registry)
            .param("registry", registry)
            .param("reason", error)
            .action(sign_in(registry)),
        _ => failure(ErrorCode::Denied, "").param("reason", error),
    }
}

/// What the registry does not have.
fn of_absence(error: &RemoteError) -> UserError {
    match error {
        RemoteError::RepositoryUnknown { registry, repository, .. } => {
            failure(ErrorCode::RepositoryUnknown, format!("{registry}/{repository}"))
                .param("registry", registry)
                .param("repository", repository)
        }
        RemoteError::ManifestUnknown { registry, repository, target, .. } => {
            let (code, mark) = match target.contains(':') {
                true => (ErrorCode::DigestUnknown, '@'),
                false => (ErrorCode::TagUnknown, ':'),
            };
            failure(code, format!("{registry}/{repository}{mark}{target}"))
                .param("registry", registry)
                .param("repository", repository)
                .param("tag", target)
        }
        RemoteError::BlobUnknown { registry, repository, .. }
        | RemoteError::ForeignLayer { registry, repository, .. } => {
            failure(ErrorCode::BlobUnknown, format!("{registry}/{repository}"))
                .param("registry", registry)
                .param("reason", error)
        }
        _ => failure(ErrorCode::RegistryFailed, "").param("reason", error),
    }
}

#[cfg(test)]
mod tests {
    use crate::words::Words;

    use super::*;

    #[test]
    fn a_configuration_that_cannot_be_read_is_no_failure_of_a_registry() {
        let (path, reason) = ("/etc/containers/registries.conf".into(), "line 3".to_owned());
        let error = of_remote(&RemoteError::RegistriesFile { path, reason });
        assert_eq!(error.code, ErrorCode::RegistriesFile);
        let said = Words::of("en").error(&error);
        assert!(said.what.contains("registries.conf") && said.what.contains("line 3"));
        assert!(!said.todo.contains("whoever runs the registry"), "{}", said.todo);
    }

    #[test]
    fn a_refusal_does_not_say_that_the_registry_knows_who_asks() {
        let (registry, url) = ("ghcr.io".to_owned(), "https://ghcr.io/v2/".to_owned());
        let words = strata_remote::Words::default();
        let error = of_remote(&RemoteError::Denied { registry, url, words });
        assert!(!Words::of("en").error(&error).what.contains("knows"));
    }
}
