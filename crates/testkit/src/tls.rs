//! An authority for tests, the certificates it signs, and a server that shows one.

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

/// The server's end of a connection. Its `conn` tells the protocol that was agreed on, and who the client is.
pub type TlsStream = StreamOwned<ServerConnection, TcpStream>;

/// An authority that nobody trusts who was not told to.
pub struct TestCa {
    issuer: Issuer<'static, KeyPair>,
    certificate: rcgen::Certificate,
}

/// A certificate with its key.
pub struct Pair {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

impl TestCa {
    /// Makes an authority of a name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let mut params = named(name, &[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { issuer: Issuer::new(params, key), certificate }
    }

    /// Its own certificate, in PEM form.
    #[must_use]
    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// A certificate for a server with these names and addresses.
    #[must_use]
    pub fn server(&self, names: &[&str]) -> Pair {
        self.sign(names[0], names, ExtendedKeyUsagePurpose::ServerAuth)
    }

    /// A certificate for a client.
    #[must_use]
    pub fn client(&self, name: &str) -> Pair {
        self.sign(name, &[], ExtendedKeyUsagePurpose::ClientAuth)
    }

    fn sign(&self, name: &str, names: &[&str], usage: ExtendedKeyUsagePurpose) -> Pair {
        let mut params = named(name, names);
        params.extended_key_usages = vec![usage];
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Pair { certificate, key }
    }
}

impl Pair {
    /// The certificate, in PEM form.
    #[must_use]
    pub fn certificate_pem(&self) -> String {
        self.certificate.pem()
    }

    /// The key, in PEM form.
    #[must_use]
    pub fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }
}

fn named(name: &str, names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

/// A running server, a thread for each connection. Ends with the process.
pub struct TlsServer {
    /// Where it listens.
    pub address: SocketAddr,
}

impl TlsServer {
    /// Listens on a free port of `host`. Connections whose handshake fails never reach `serve`.
    ///
    /// Of the `protocols` (ALPN) the first one is chosen that the client knows. With `clients` only those are let in
    /// that show a certificate of that authority.
    pub fn start(
        host: &str,
        pair: &Pair,
        protocols: &[&str],
        clients: Option<&TestCa>,
        serve: impl Fn(&mut TlsStream) + Send + Sync + 'static,
    ) -> Self {
        let config = Arc::new(config(pair, protocols, clients));
        let serve = Arc::new(serve);
        let listener = TcpListener::bind((host, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (config, serve) = (Arc::clone(&config), Arc::clone(&serve));
                thread::spawn(move || {
                    let connection = ServerConnection::new(config).unwrap();
                    let mut stream = StreamOwned::new(connection, stream);
                    if stream.conn.complete_io(&mut stream.sock).is_ok() {
                        serve(&mut stream);
                        stream.conn.send_close_notify();
                    }
                    // Says why a handshake failed; the other side may be gone already.
                    let _ = stream.flush();
                });
            }
        });
        Self { address }
    }
}

fn config(pair: &Pair, protocols: &[&str], clients: Option<&TestCa>) -> ServerConfig {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(authority.certificate.der().clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(pair.key.serialize_der()));
    let chain = vec![pair.certificate.der().clone()];
    let mut config = builder.with_single_cert(chain, key).unwrap();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    config
}
