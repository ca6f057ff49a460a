//! Messages over a socket: a length, then JSON, and file descriptors with the first bytes.

use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A message is not larger: secrets and environments are far below.
const MESSAGE_BYTES: usize = 64 << 20;
/// At most so many file descriptors go with a message.
const FDS: usize = 4;

/// One end of a socket pair between the caller and the helper, or between two processes of the helper.
#[derive(Debug)]
pub struct Channel {
    socket: UnixStream,
}

impl Channel {
    /// Both ends; closed in programs that are started.
    pub fn pair() -> io::Result<(Self, Self)> {
        let (ours, theirs) = UnixStream::pair()?;
        Ok((Self { socket: ours }, Self { socket: theirs }))
    }

    /// A second handle on the same end.
    pub fn again(&self) -> io::Result<Self> {
        Ok(Self { socket: self.socket.try_clone()? })
    }

    /// Sends one message with file descriptors, which stay open here.
    pub fn send(&self, message: &impl Serialize, fds: &[BorrowedFd<'_>]) -> io::Result<()> {
        let body = serde_json::to_vec(message)?;
        let length = u32::try_from(body.len()).map_err(io::Error::other)?.to_le_bytes();
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(FDS))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        if !fds.is_empty() && !control.push(SendAncillaryMessage::ScmRights(fds)) {
            return Err(io::Error::other("too many file descriptors for one message"));
        }
        let sent = rustix::net::sendmsg(
            &self.socket,
            &[IoSlice::new(&length)],
            &mut control,
            SendFlags::NOSIGNAL,
        )?;
        (&self.socket).write_all(&length[sent..])?;
        let mut rest = body.as_slice();
        while !rest.is_empty() {
            let sent = rustix::net::send(&self.socket, rest, SendFlags::NOSIGNAL)?;
            rest = &rest[sent..];
        }
        Ok(())
    }

    /// Waits for a message; `None` when the other end is closed.
    pub fn receive<T: DeserializeOwned>(&self) -> io::Result<Option<(T, Vec<OwnedFd>)>> {
        let mut length = [0; 4];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(FDS))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let got = loop {
            let read = rustix::net::recvmsg(
                &self.socket,
                &mut [IoSliceMut::new(&mut length)],
                &mut control,
                RecvFlags::CMSG_CLOEXEC,
            );
            match read {
                Err(rustix::io::Errno::INTR) => {}
                other => break other?.bytes,
            }
        };
        let mut fds = Vec::new();
        for message in control.drain() {
            if let RecvAncillaryMessage::ScmRights(received) = message {
                fds.extend(received);
            }
        }
        if got == 0 {
            return Ok(None);
        }
        (&self.socket).read_exact(&mut length[got..])?;
        let length = u32::from_le_bytes(length) as usize;
        if length > MESSAGE_BYTES {
            return Err(io::Error::other("a message is too long"));
        }
        let mut body = vec![0; length];
        (&self.socket).read_exact(&mut body)?;
        Ok(Some((serde_json::from_slice(&body)?, fds)))
    }
}

impl AsFd for Channel {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

impl From<OwnedFd> for Channel {
    fn from(fd: OwnedFd) -> Self {
        Self { socket: fd.into() }
    }
}

impl From<Channel> for OwnedFd {
    fn from(channel: Channel) -> Self {
        channel.socket.into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs::File;

    use super::*;

    #[test]
    fn a_message_arrives_with_its_files() {
        let (ours, theirs) = Channel::pair().unwrap();
        let (mut reader, writer) = io::pipe().unwrap();
        let long = "x".repeat(300_000);
        let sender = std::thread::spawn(move || {
            ours.send(&(long, 7), &[writer.as_fd()]).unwrap();
        });
        let ((text, number), fds): ((String, i32), _) = theirs.receive().unwrap().unwrap();
        sender.join().unwrap();
        assert_eq!((text.len(), number, fds.len()), (300_000, 7, 1));
        for fd in fds {
            File::from(fd).write_all(b"through").unwrap();
        }
        let mut got = String::new();
        reader.read_to_string(&mut got).unwrap();
        assert_eq!(got, "through");
        assert!(theirs.receive::<()>().unwrap().is_none());
    }
}
