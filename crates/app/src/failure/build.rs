//! What kept an image from being built.

use strata_build::{BuildError, HostError, RunFailure};

use super::{failure, of_app, of_store, of_transfer};
use crate::api::{Action, ErrorCode, UserError};
use crate::error::AppError;

pub(super) fn of_build(error: &BuildError) -> UserError {
    let user = match error {
        BuildError::Store(source) => of_store(source),
        BuildError::Transfer(source) => of_transfer(source),
        BuildError::Stopped => failure(ErrorCode::Stopped, "").retry(),
        BuildError::Image { image, source, .. } => of_host(source, image),
        BuildError::Fetch { url, source, .. } => of_host(source, url),
        BuildError::Run { command, source, .. } => of_run(command, source),
        BuildError::NotFound { .. }
        | BuildError::Destination { .. }
        | BuildError::UserUnknown { .. }
        | BuildError::NotGiven { .. }
        | BuildError::NotAllowed { .. } => of_step(error),
        BuildError::TargetUnknown { target, stages } => {
            failure(ErrorCode::BuildTargetUnknown, target).param("stages", &stages.join(", "))
        }
        BuildError::Dockerfile { message, suggestion, .. } => {
            let user = failure(ErrorCode::DockerfileInvalid, message).param("reason", message);
            match suggestion {
                Some(suggestion) => user.param("suggestion", suggestion),
                None => user,
            }
        }
        BuildError::Expand { .. } | BuildError::Circle { .. } | BuildError::Reference { .. } => {
            failure(ErrorCode::DockerfileInvalid, error.to_string()).param("reason", error)
        }
        BuildError::Ignore { name, source } => {
            failure(ErrorCode::DockerfileInvalid, name).param("reason", source)
        }
        BuildError::File { path, source, .. } => {
            failure(ErrorCode::BuildContextUnreadable, path.display().to_string())
                .param("reason", source)
                .retry()
        }
        BuildError::Archive { path, source } => {
            failure(ErrorCode::BuildContextUnreadable, path).param("reason", source)
        }
        BuildError::Changed { path } => {
            failure(ErrorCode::BuildContextUnreadable, path).param("reason", error).retry()
        }
        BuildError::Checksum { url, .. } => {
            failure(ErrorCode::ContentMismatch, url).param("reason", error)
        }
        BuildError::Layer(source) => failure(ErrorCode::LayerInvalid, "").param("reason", source),
        BuildError::Tree(source) => failure(ErrorCode::LayerInvalid, "").param("reason", source),
        BuildError::Write(source) => failure(ErrorCode::LayerInvalid, "").param("reason", source),
        BuildError::Document(source) => {
            failure(ErrorCode::DocumentInvalid, "").param("reason", source)
        }
        BuildError::Worker => failure(ErrorCode::Internal, "").param("reason", error).retry(),
    };
    match error.line() {
        Some(line) => user.param("line", &line),
        None => user,
    }
}

/// What a step asks for and does not find.
fn of_step(error: &BuildError) -> UserError {
    match error {
        BuildError::NotFound { path, ignored_by: Some((rule, line)), .. } => {
            failure(ErrorCode::BuildFileIgnored, path).param("rule", rule).param("ruleLine", line)
        }
        BuildError::NotFound { path, from, .. } => {
            failure(ErrorCode::BuildFileMissing, path).param("from", from)
        }
        BuildError::Destination { path, reason, .. } => {
            failure(ErrorCode::BuildDestination, path).param("reason", reason)
        }
        BuildError::UserUnknown { kind, name, .. } => {
            failure(ErrorCode::BuildUserUnknown, name).param("kind", kind)
        }
        BuildError::NotGiven { kind, id, .. } => {
            failure(ErrorCode::BuildSecretMissing, id).param("kind", kind)
        }
        BuildError::NotAllowed { what, .. } => failure(ErrorCode::BuildNotAllowed, what),
        _ => failure(ErrorCode::Internal, "").param("reason", error),
    }
}

/// What the outside could not do: our own failures keep their words.
fn of_host(error: &HostError, subject: &str) -> UserError {
    match error.source.downcast_ref::<AppError>() {
        Some(ours) => of_app(ours),
        None if error.is_stopped => failure(ErrorCode::Stopped, "").retry(),
        None => failure(ErrorCode::BuildFetchFailed, subject).param("reason", error).retry(),
    }
}

fn of_run(command: &str, error: &RunFailure) -> UserError {
    match (error.exit, error.signal, &error.cause) {
        (Some(exit), ..) => failure(ErrorCode::BuildStepFailed, command).param("exit", &exit),
        (None, Some(signal), _) => {
            failure(ErrorCode::BuildStepKilled, command).param("signal", &signal)
        }
        (None, None, Some(cause)) if cause.is_stopped => failure(ErrorCode::Stopped, "").retry(),
        (None, None, Some(cause)) => match cause.source.downcast_ref::<AppError>() {
            Some(ours) => of_app(ours),
            None => failure(ErrorCode::RunUnavailable, command)
                .param("reason", cause)
                .action(Action::OpenSettings),
        },
        (None, None, None) => failure(ErrorCode::Internal, command).param("reason", error),
    }
}
