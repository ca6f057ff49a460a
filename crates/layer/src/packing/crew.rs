//! Threads that pack blocks, and the order in which the blocks come back.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use super::block::Codec;
use crate::Packing;

/// How the packing of a block ended, its plain bytes and the packed ones.
type Done = (io::Result<()>, Vec<u8>, Vec<u8>);

/// A block at work: its bytes, a place for the packed ones, and where they go.
struct Task {
    plain: Vec<u8>,
    packed: Vec<u8>,
    done: SyncSender<Done>,
}

/// A block that is packed.
pub(super) struct PackedBlock {
    /// Where its first byte stands in the tar.
    pub plain_at: u64,
    /// The packed bytes.
    pub bytes: Vec<u8>,
    /// The plain bytes, for their place in memory.
    plain: Vec<u8>,
}

/// The threads. They end with this value.
pub(super) struct Crew {
    /// What packs where there are no threads.
    own: Option<Codec>,
    tasks: Option<Sender<Task>>,
    threads: Vec<JoinHandle<()>>,
    /// Blocks at work, the first of them first, and where each begins.
    waiting: VecDeque<(u64, Receiver<Done>)>,
    taken: u64,
    spare_plain: Vec<Vec<u8>>,
    spare_packed: Vec<Vec<u8>>,
}

impl Crew {
    pub fn new(packing: Packing, threads: usize) -> io::Result<Self> {
        let (tasks, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        let own = if threads == 0 { Some(Codec::new(packing)?) } else { None };
        let started = (0..threads).map(|_| {
            let (queue, mut codec) = (Arc::clone(&queue), Codec::new(packing)?);
            thread::Builder::new().name("pack".into()).spawn(move || work(&queue, &mut codec))
        });
        Ok(Self {
            own,
            threads: started.collect::<io::Result<_>>()?,
            tasks: Some(tasks),
            waiting: VecDeque::new(),
            taken: 0,
            spare_plain: Vec::new(),
            spare_packed: Vec::new(),
        })
    }

    /// Whether the next block must wait until one is written.
    pub fn is_full(&self) -> bool {
        !self.waiting.is_empty() && self.waiting.len() >= 2 * self.threads.len()
    }

    /// An empty block.
    pub fn spare(&mut self) -> Vec<u8> {
        let mut spare = self.spare_plain.pop().unwrap_or_default();
        spare.clear();
        spare
    }

    /// Begins with a block.
    pub fn pack(&mut self, plain: Vec<u8>) -> io::Result<()> {
        let at = self.taken;
        self.taken += plain.len() as u64;
        let (done, result) = mpsc::sync_channel(1);
        let task = Task { plain, packed: self.spare_packed.pop().unwrap_or_default(), done };
        match (&mut self.own, &self.tasks) {
            (Some(codec), _) => pack(codec, task),
            (None, Some(tasks)) => tasks.send(task).map_err(|_| gone())?,
            (None, None) => return Err(gone()),
        }
        self.waiting.push_back((at, result));
        Ok(())
    }

    /// Waits for the first block that was not taken yet; none if there is none.
    pub fn next(&mut self) -> Option<io::Result<PackedBlock>> {
        let (plain_at, result) = self.waiting.pop_front()?;
        Some(match result.recv() {
            Ok((Ok(()), plain, bytes)) => Ok(PackedBlock { plain_at, bytes, plain }),
            Ok((Err(error), ..)) => Err(error),
            Err(_) => Err(gone()),
        })
    }

    /// Keeps the memory of a block for the next.
    pub fn give_back(&mut self, block: PackedBlock) {
        self.spare_plain.push(block.plain);
        self.spare_packed.push(block.bytes);
    }
}

fn work(queue: &Mutex<Receiver<Task>>, codec: &mut Codec) {
    loop {
        // The lock is let go of before the work.
        let task = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match task {
            Ok(task) => pack(codec, task),
            Err(_) => return,
        }
    }
}

fn pack(codec: &mut Codec, task: Task) {
    let Task { plain, mut packed, done } = task;
    let result = codec.pack(&plain, &mut packed);
    // Nobody waiting any more is fine.
    done.send((result, plain, packed)).ok();
}

fn gone() -> io::Error {
    io::Error::other("a thread that packs has ended")
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.tasks = None;
        for thread in self.threads.drain(..) {
            thread.join().ok();
        }
    }
}

impl fmt::Debug for Crew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crew({} threads, {} blocks at work)", self.threads.len(), self.waiting.len())
    }
}
