//! The filter of system calls: what Docker's profile refuses to a container with its fourteen capabilities.
//!
//! Written by hand, as one program for each processor's own calls and one for its 32-bit ones: a filter that kills what
//! it does not know would end every 32-bit program. Calls newer than the list "are not there".

use std::io;

use super::syscalls::{Calls, Rule, TABLES};
use crate::linux::kernel::{self, Instruction};

// What an instruction does: load a word, compare, return.
const LOAD: u16 = 0x20;
const JUMP: u16 = 0x05;
const IF_EQUAL: u16 = 0x15;
const IF_GREATER: u16 = 0x25;
const IF_ANY_BIT: u16 = 0x45;
const RETURN: u16 = 0x06;

// Where in the data that the kernel gives a filter.
const NUMBER: u32 = 0;
const PROCESSOR: u32 = 4;
const ARGUMENTS: u32 = 16;

const ALLOW: u32 = 0x7fff_0000;
const REFUSE: u32 = 0x0005_0000;

/// Makes sockets of these families unreachable: of virtual machines, and of the kernel's ciphers.
const REFUSED_FAMILIES: [u32; 2] = [40, 38];
/// Flags of `clone` that make a namespace.
const NAMESPACES: u32 = 0x7e02_0000;
/// The personalities that change nothing but what `uname` says.
const PERSONALITIES: [u32; 5] = [0, 0x8, 0x2_0000, 0x2_0008, 0xffff_ffff];
/// The bit in a mode that only devices have, among what `mknod` makes.
const DEVICE: u32 = 0x2000;

/// Puts the filter over this process, for good. `pretend`: changes of owners succeed and do nothing.
pub fn install(pretend: bool) -> io::Result<()> {
    kernel::install_filter(&mut program(pretend))
}

fn program(pretend: bool) -> Vec<Instruction> {
    let mut program = vec![load(PROCESSOR)];
    for table in TABLES {
        let block = block(table, pretend);
        program.push(when(IF_EQUAL, table.processor, 1, 0));
        program.push(Instruction { code: JUMP, jt: 0, jf: 0, k: length(&block) });
        program.extend(block);
    }
    program.push(refuse(libc::ENOSYS));
    program
}

fn block(table: &Calls, pretend: bool) -> Vec<Instruction> {
    let mut block = vec![load(NUMBER)];
    // Also ends the calls of x32, which have a high bit.
    block.push(when(IF_GREATER, table.newest, 0, 1));
    block.push(refuse(libc::ENOSYS));
    let mut add = |number: u32, answer: Vec<Instruction>| {
        block.push(when(IF_EQUAL, number, 0, u8::try_from(answer.len()).unwrap_or(0)));
        block.extend(answer);
    };
    if pretend {
        for number in table.owners {
            add(*number, vec![refuse(0)]);
        }
        for (number, argument) in table.nodes {
            add(*number, pretend_device(*argument));
        }
    }
    for (number, rule) in table.rules {
        add(*number, answer(*rule));
    }
    for number in table.refused {
        add(*number, vec![refuse(libc::EPERM)]);
    }
    block.push(allow());
    block
}

fn answer(rule: Rule) -> Vec<Instruction> {
    match rule {
        Rule::NotThere => vec![refuse(libc::ENOSYS)],
        Rule::NoNamespaces => vec![
            load(argument(0)),
            when(IF_ANY_BIT, NAMESPACES, 0, 1),
            refuse(libc::EPERM),
            allow(),
        ],
        Rule::FewFamilies => vec![
            load(argument(0)),
            when(IF_EQUAL, REFUSED_FAMILIES[0], 1, 0),
            when(IF_EQUAL, REFUSED_FAMILIES[1], 0, 1),
            refuse(libc::EAFNOSUPPORT),
            allow(),
        ],
        Rule::FewPersonalities => {
            let mut some = vec![load(argument(0))];
            let many = PERSONALITIES.len();
            for (place, value) in PERSONALITIES.iter().enumerate() {
                let past = u8::try_from(many - place).unwrap_or(0);
                some.push(when(IF_EQUAL, *value, past, 0));
            }
            some.push(refuse(libc::EPERM));
            some.push(allow());
            some
        }
    }
}

fn pretend_device(mode: u32) -> Vec<Instruction> {
    vec![load(argument(mode)), when(IF_ANY_BIT, DEVICE, 0, 1), refuse(0), allow()]
}

/// The low half of an argument, on the little-endian processors that there are tables for.
const fn argument(place: u32) -> u32 {
    ARGUMENTS + 8 * place
}

const fn load(offset: u32) -> Instruction {
    Instruction { code: LOAD, jt: 0, jf: 0, k: offset }
}

const fn when(test: u16, value: u32, then: u8, otherwise: u8) -> Instruction {
    Instruction { code: test, jt: then, jf: otherwise, k: value }
}

const fn allow() -> Instruction {
    Instruction { code: RETURN, jt: 0, jf: 0, k: ALLOW }
}

const fn refuse(errno: i32) -> Instruction {
    Instruction { code: RETURN, jt: 0, jf: 0, k: REFUSE | errno.unsigned_abs() }
}

fn length(block: &[Instruction]) -> u32 {
    u32::try_from(block.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(unsafe_code, clippy::unwrap_used)]
    use super::*;

    /// Makes a call with these arguments; the error's number, or 0.
    fn call(number: u32, arguments: [u64; 3]) -> i32 {
        // SAFETY: the calls below are refused, or do nothing with these arguments.
        let done = unsafe {
            libc::syscall(number.into(), arguments[0], arguments[1], arguments[2], 0, 0, 0)
        };
        if done < 0 { io::Error::last_os_error().raw_os_error().unwrap() } else { 0 }
    }

    /// What `calls` says on a thread with the filter, or nothing if this user may not install one.
    fn under_filter<T: Send + 'static>(pretend: bool, calls: fn() -> T) -> Option<T> {
        let thread = std::thread::spawn(move || match install(pretend) {
            Ok(()) => Some(calls()),
            Err(error) => {
                eprintln!("skipped: {error}");
                None
            }
        });
        thread.join().unwrap()
    }

    #[test]
    fn every_jump_lands_inside_of_its_block() {
        for pretend in [false, true] {
            let program = program(pretend);
            for (place, instruction) in program.iter().enumerate() {
                let jumps = [u32::from(instruction.jt), u32::from(instruction.jf)];
                let far = if instruction.code == JUMP { instruction.k } else { 0 };
                for jump in jumps.into_iter().chain([far]) {
                    assert!(place + 1 + (jump as usize) <= program.len(), "{place}");
                }
            }
            assert!(program.len() < 4096);
        }
    }

    #[test]
    fn what_a_container_may_not_do_is_refused() {
        let found = under_filter(false, || {
            let numbers = TABLES[0];
            let refused: Vec<i32> =
                numbers.refused.iter().map(|number| call(*number, [u64::MAX; 3])).collect();
            let socket = numbers.rules.iter().find(|(_, rule)| matches!(rule, Rule::FewFamilies));
            let socket = socket.unwrap().0;
            let clone = numbers.rules.iter().find(|(_, rule)| matches!(rule, Rule::NoNamespaces));
            let clone = clone.unwrap().0;
            let personality =
                numbers.rules.iter().find(|(_, rule)| matches!(rule, Rule::FewPersonalities));
            let personality = personality.unwrap().0;
            let others = [
                call(435, [0, 0, 0]),
                call(clone, [0x1000_0000, 0, 0]),
                call(clone, [0x0002_0000, 0, 0]),
                call(socket, [40, 1, 0]),
                call(socket, [38, 5, 0]),
                call(socket, [1, 1, 0]),
                call(personality, [0x0004_0000, 0, 0]),
                call(personality, [0xffff_ffff, 0, 0]),
                call(700, [0, 0, 0]),
                call(0x4000_0027, [0, 0, 0]),
            ];
            (refused, others)
        });
        let Some((refused, others)) = found else { return };
        assert!(refused.iter().all(|errno| *errno == libc::EPERM), "{refused:?}");
        let (no, none) = (libc::EPERM, libc::ENOSYS);
        let family = libc::EAFNOSUPPORT;
        assert_eq!(others, [none, no, no, family, family, 0, no, 0, none, none]);
    }

    #[test]
    fn changes_of_owners_can_be_pretended() {
        let found = under_filter(true, || {
            let pretended: Vec<i32> =
                TABLES[0].owners.iter().map(|number| call(*number, [1234; 3])).collect();
            let (uid, gid) = (rustix::process::getuid(), rustix::process::getgid());
            (pretended, uid.as_raw(), gid.as_raw())
        });
        let Some((pretended, uid, gid)) = found else { return };
        assert!(pretended.iter().all(|errno| *errno == 0), "{pretended:?}");
        assert_eq!((uid, gid), (0, 0));
    }
}
