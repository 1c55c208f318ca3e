//! The processes of functions on the local AWS, as the kernel lists them.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};

/// A process that runs a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// The name of the function.
    pub name: String,
    /// Its process.
    pub process: u32,
}

/// The processes of functions in a process group.
#[must_use]
pub fn functions(group: u32) -> Vec<Function> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let processes = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    processes
        .filter(|process| group_of(*process) == Some(group))
        .filter_map(|process| {
            let name = name_of(process)?;
            Some(Function { name, process })
        })
        .collect()
}

/// Ends a process at once.
pub fn kill(process: u32) {
    let process = i32::try_from(process).ok().and_then(Pid::from_raw);
    let process = process.expect("a process has a number above 0");
    // It may have ended by itself meanwhile.
    let _ = kill_process(process, Signal::KILL);
}

/// Its process group, the third field behind the name, which is in parentheses.
fn group_of(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    fields.split(' ').nth(2)?.parse().ok()
}

/// The name of the function it runs, which only its environment tells.
fn name_of(process: u32) -> Option<String> {
    let environment = fs::read(format!("/proc/{process}/environ")).ok()?;
    let mut variables = environment.split(|byte| *byte == 0);
    let name = variables.find_map(|entry| entry.strip_prefix(b"AWS_LAMBDA_FUNCTION_NAME="))?;
    String::from_utf8(name.to_vec()).ok()
}
