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
