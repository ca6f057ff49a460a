//! Which proxy requests go through.

use reqwest::{ClientBuilder, NoProxy, Proxy};

use crate::RemoteError;

/// Which proxy requests go through. Those to this machine itself go through none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ProxyChoice {
    /// The one that the system or the environment names, with its exceptions.
    #[default]
    System,
    /// None.
    None,
    /// This one.
    Url {
        /// `http://host:port` or `https://host:port`.
        url: String,
        /// Hosts that are asked without it, as `NO_PROXY` writes them.
        no_proxy: Vec<String>,
    },
}

impl ProxyChoice {
    pub(crate) fn apply(&self, builder: ClientBuilder) -> Result<ClientBuilder, RemoteError> {
        match self {
            Self::System => Ok(builder),
            Self::None => Ok(builder.no_proxy()),
            Self::Url { url, no_proxy } => {
                let proxy = Proxy::all(url).map_err(|source| RemoteError::Setup { source })?;
                Ok(builder.proxy(proxy.no_proxy(NoProxy::from_string(&no_proxy.join(",")))))
            }
        }
    }
}
