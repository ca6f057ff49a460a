//! What the command keeps of the power of its namespace's root: the filter first, for which power is needed, then
//! capabilities, then the user.

use rustix::process::{Gid, Resource as Kernels, Rlimit, Uid, getrlimit, setrlimit};
use rustix::thread::{
    CapabilitySet, CapabilitySets, clear_ambient_capability_set,
    remove_capability_from_bounding_set, set_capabilities, set_thread_groups, set_thread_res_gid,
    set_thread_res_uid,
};

use super::people::Person;
use super::{Done, failed, failed_for, seccomp};
use crate::{Failure, Limit, Mode, Reason, Resource, RunSpec};

/// Drops everything but what the step may keep. After this the process is the command's.
pub fn drop_to(mode: Mode, spec: &RunSpec, person: &Person) -> Done<()> {
    let no = || failed("drop", "capabilities");
    limit(&spec.limits)?;
    seccomp::install(mode == Mode::SingleId).map_err(failed("install", "the filter of calls"))?;
    let kept = CapabilitySet::from_bits_retain(
        spec.capabilities.iter().filter(|number| **number < 64).fold(0, |all, one| all | 1 << one),
    );
    clear_ambient_capability_set().map_err(no())?;
    for number in 0..64 {
        let one = CapabilitySet::from_bits_retain(1 << number);
        // Numbers that this kernel does not know are refused, and harmless.
        if !kept.contains(one) && is_known(one) {
            remove_capability_from_bounding_set(one).map_err(no())?;
        }
    }
    become_user(person)?;
    let held = rustix::thread::capabilities(None).map_err(no())?.permitted.intersection(kept);
    let is_root = person.uid == 0;
    let held = if is_root { held } else { CapabilitySet::empty() };
    let sets =
        CapabilitySets { effective: held, permitted: held, inheritable: CapabilitySet::empty() };
    set_capabilities(None, sets).map_err(no())
}

fn is_known(one: CapabilitySet) -> bool {
    rustix::thread::capability_is_in_bounding_set(one).unwrap_or(false)
}

fn become_user(person: &Person) -> Done<()> {
    let subject = person.uid.to_string();
    let no = || failed_for(Reason::UserUnknown, "become the user", &subject);
    // The numbers that mean "leave it as it is".
    if [person.uid, person.gid].contains(&u32::MAX) || person.groups.contains(&u32::MAX) {
        return Err(Failure::new("become the user", subject, libc::EINVAL, Reason::UserUnknown));
    }
    let groups: Vec<Gid> = person.groups.iter().map(|group| Gid::from_raw(*group)).collect();
    set_thread_groups(&groups).map_err(no())?;
    let (uid, gid) = (Uid::from_raw(person.uid), Gid::from_raw(person.gid));
    set_thread_res_gid(gid, gid, gid).map_err(no())?;
    set_thread_res_uid(uid, uid, uid).map_err(no())
}

/// Sets limits. One above what we may have ourselves becomes that: without `CAP_SYS_RESOURCE` there is no more.
fn limit(limits: &[Limit]) -> Done<()> {
    for limit in limits {
        let resource = match limit.resource {
            Resource::Core => Kernels::Core,
            Resource::Cpu => Kernels::Cpu,
            Resource::Data => Kernels::Data,
            Resource::Fsize => Kernels::Fsize,
            Resource::Memlock => Kernels::Memlock,
            Resource::Nofile => Kernels::Nofile,
            Resource::Nproc => Kernels::Nproc,
            Resource::Stack => Kernels::Stack,
        };
        let most = getrlimit(resource).maximum.unwrap_or(u64::MAX);
        let maximum = limit.hard.min(most);
        let new = Rlimit { current: Some(limit.soft.min(maximum)), maximum: Some(maximum) };
        let name = format!("{:?}", limit.resource);
        setrlimit(resource, new).map_err(failed("limit", name))?;
    }
    Ok(())
}
