//! The one shape in which a failure crosses to a person.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What went wrong, as far as somebody words it or acts on it. The sentences stand in the catalogue under
/// `errors.<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ErrorCode {
    /// The text is not a reference.
    ReferenceInvalid,
    /// No computer has the registry's name.
    HostUnknown,
    /// The registry does not answer.
    Unreachable,
    /// The secure connection failed.
    TlsFailed,
    /// The registry wants to know who asks.
    SignInNeeded,
    /// The registry does not accept the user and password.
    PasswordWrong,
    /// A registry does not accept a user and password.
    LoginRefused,
    /// The registry knows who asks and refuses.
    Denied,
    /// The registry has no such repository.
    RepositoryUnknown,
    /// The repository has no such tag or manifest.
    TagUnknown,
    /// The registry has nothing with this digest.
    DigestUnknown,
    /// The registry lost a part of the image.
    BlobUnknown,
    /// No image for the wanted platform.
    PlatformMissing,
    /// An index names no image.
    IndexEmpty,
    /// Too many requests.
    RateLimited,
    /// The registry failed.
    RegistryFailed,
    /// A configuration of registries cannot be read.
    RegistriesFile,
    /// What answers is not a registry.
    NotARegistry,
    /// The bytes are not those that the digest names.
    ContentMismatch,
    /// A manifest, index or config is malformed.
    DocumentInvalid,
    /// A layer is malformed, or attacks.
    LayerInvalid,
    /// Something is larger than may be kept.
    TooLarge,
    /// The connection broke and could not be taken up again.
    Interrupted,
    /// Bytes come, but more slowly than the settings allow.
    TooSlow,
    /// The account or address has no pulls left for now.
    PullLimit,
    /// No room left.
    DiskFull,
    /// The store cannot be written or read.
    StoreUnwritable,
    /// A newer Strata wrote the store.
    StoreNewer,
    /// The store has bytes that are not what their name says.
    StoreDamaged,
    /// The store has no such image.
    ImageUnknown,
    /// Several images of the store could be meant.
    ImageAmbiguous,
    /// The image has no such layer.
    LayerUnknown,
    /// The image has no such path.
    PathUnknown,
    /// An image that was named has no such path.
    PathAbsent,
    /// An image that was named has no such path any more.
    PathDeleted,
    /// The layer that was asked for has no such path.
    PathNotInLayer,
    /// What was exported cannot be written.
    ExportFailed,
    /// There is something where an export was to be written.
    ExportTaken,
    /// The path is not a file.
    NotAFile,
    /// A condition on files cannot be understood.
    FilterInvalid,
    /// Not an image but something else that a registry can hold.
    Artifact,
    /// Somebody stopped it.
    Stopped,
    /// A registry sends the login to another host, which nobody has allowed.
    RealmUnknown,
    /// A configuration forbids the registry.
    RegistryBlocked,
    /// The registry does not list its repositories.
    CatalogMissing,
    /// The system has no keychain, or it refuses.
    KeychainMissing,
    /// Nobody can be asked for a password.
    NoTerminal,
    /// A credential helper failed.
    HelperFailed,
    /// A text holds no certificate.
    CertificateInvalid,
    /// Docker Hub's search does not answer.
    SearchFailed,
    /// The practice registry could not start.
    PracticeFailed,
    /// There is no Dockerfile where it was looked for.
    DockerfileMissing,
    /// A Dockerfile was changed by somebody else in the meantime.
    DockerfileChanged,
    /// A Dockerfile, or its ignore file, cannot be understood.
    DockerfileInvalid,
    /// A Dockerfile has no such stage.
    BuildTargetUnknown,
    /// The files of a build cannot be read.
    BuildContextUnreadable,
    /// What is to be copied is not there.
    BuildFileMissing,
    /// What is to be copied is kept out by the ignore file.
    BuildFileIgnored,
    /// Something cannot be copied to where it is to be.
    BuildDestination,
    /// The image does not know the user or group.
    BuildUserUnknown,
    /// A step needs a secret or an SSH agent that nobody gave.
    BuildSecretMissing,
    /// The Dockerfile asks for more than the build may do.
    BuildNotAllowed,
    /// Something from the net could not be had.
    BuildFetchFailed,
    /// A command ended with a code that is not 0.
    BuildStepFailed,
    /// A command was ended by a signal.
    BuildStepKilled,
    /// Commands cannot be run on this machine.
    RunUnavailable,
    /// A word of the command line is not of the form that its option wants.
    OptionInvalid,
    /// A file of this machine cannot be read.
    FileUnread,
    /// There is no such rule for Dockerfiles.
    RuleUnknown,
    /// A fault of Strata's own.
    Internal,
}

/// A button that an error offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Action {
    /// Try the same again.
    Retry,
    /// Give user and password for a registry.
    SignIn {
        /// The registry's host, with its port if it has one.
        registry: String,
    },
    /// Allow a token service to see a registry's password.
    ApproveRealm {
        /// The registry.
        registry: String,
        /// The token service's host, with its port if that is not 443.
        host: String,
    },
    /// Trust a certificate for a registry.
    AddCertificate {
        /// The registry.
        registry: String,
    },
    /// Choose one of the platforms that exist.
    ChoosePlatform {
        /// The platforms, `os/architecture[/variant]`.
        platforms: Vec<String>,
    },
    /// Make room.
    FreeSpace,
    /// Open the settings.
    OpenSettings,
    /// Start the practice registry.
    StartPractice,
}

/// A failure as the window and the command show it: a code to word, not a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UserError {
    /// What went wrong.
    pub code: ErrorCode,
    /// To what it happened: a reference, a host, a path.
    pub subject: Option<String>,
    /// What the sentence needs besides.
    pub params: BTreeMap<String, String>,
    /// What can be done about it.
    pub actions: Vec<Action>,
    /// The technical chain, outermost first, for the details view.
    pub causes: Vec<String>,
    /// Whether the same may work later.
    pub retryable: bool,
}
