use std::net::{TcpListener, UdpSocket};

use strata_run::{Network, Reason, RunError};

use crate::world::{Room, run, sessions};

#[test]
fn without_a_network_there_is_only_loopback() {
    for session in sessions() {
        let room = Room::new();
        let mut spec = room.shell("grep -c : /proc/net/dev; cat /proc/net/dev; ls /sys/class/net");
        spec.network = Network::None;
        let came = run(&session, &spec).unwrap();
        assert!(came.out.starts_with("1\n") && came.out.ends_with("\nlo\n"), "{came:?}");
        spec.network = Network::Host;
        let outside = std::fs::read_to_string("/proc/net/dev").unwrap();
        let devices = outside.lines().filter(|line| line.contains(':')).count();
        let came = run(&session, &spec).unwrap();
        assert!(came.out.starts_with(&format!("{devices}\n")), "{came:?}");
    }
}

#[test]
fn an_isolated_network_has_a_way_out_and_does_not_reach_this_computer() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // What stands for the outside: the address under which others know this computer.
    let outside = UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
        socket.connect("192.0.2.1:9")?;
        TcpListener::bind((socket.local_addr()?.ip(), 0))?.try_clone()
    });
    // `pasta` gives the run this address, too; then there is nothing on this machine that is outside for it.
    let is_elsewhere = std::fs::metadata("/usr/bin/slirp4netns").is_ok_and(|tool| tool.is_file());
    let way_out = outside.as_ref().ok().filter(|_| is_elsewhere);
    let way_out = way_out.and_then(|listener| listener.local_addr().ok());
    for session in sessions() {
        let room = Room::new();
        // The machine's own loopback, and the gateway that stands for it.
        let reach = format!(
            "for host in 127.0.0.1 10.0.2.2; do \
               timeout 2 bash -c \"exec 3<>/dev/tcp/$host/{port}\" 2>/dev/null && echo reached $host; \
             done; true"
        );
        assert_eq!(room.sh(&session, &reach).out, "reached 127.0.0.1\n", "this is how it looks");
        let mut line = format!("cat /etc/resolv.conf; grep -c . /proc/net/route; {reach}");
        if let Some(address) = way_out {
            let (host, port) = (address.ip(), address.port());
            let out = format!("; timeout 5 bash -c 'exec 3<>/dev/tcp/{host}/{port}' && echo out");
            line.push_str(&out);
        }
        let mut spec = room.shell(&line);
        spec.network = Network::Isolated;
        match run(&session, &spec) {
            Ok(came) => {
                let mut lines = came.out.lines();
                assert_eq!(lines.next(), Some("nameserver 10.0.2.3"), "{came:?}");
                let routes: u32 = lines.next().unwrap().parse().unwrap();
                assert!(routes > 1, "{came:?}");
                assert_eq!(lines.next(), way_out.map(|_| "out"), "{came:?}");
            }
            Err(RunError::Step(failure)) => {
                assert_eq!(failure.reason, Reason::NoNetwork, "{failure}");
                eprintln!("skipped {:?}: {failure}", session.mode());
            }
            Err(other) => panic!("{other}"),
        }
    }
}
