//! Commands about the network. What is shown is made up: nobody is asked.

use super::Place::{Bin, Sbin, UserBin};
use super::{Call, Command, command};

pub(super) const COMMANDS: &[Command] = &[
    command("arp", Sbin, neighbours),
    command("ifconfig", Sbin, interfaces),
    command("ip", Sbin, ip),
    command("netstat", Bin, connections),
    command("nslookup", UserBin, look_up),
    command("ping", Bin, ping),
    command("route", Sbin, routes),
];

fn interfaces(call: &mut Call<'_, '_>) -> u8 {
    let device = call.run.device;
    let ([first, second, third, last], mac) = (device.address_v4(), device.hardware_address());
    let up = device.up_seconds().unsigned_abs();
    let (received, sent) = (up / 3 + 1_820, up / 4 + 1_204);
    let mac = mac.to_ascii_uppercase();
    call.say(&format!(
        "eth0      Link encap:Ethernet  HWaddr {mac}  \n\
         \x20         inet addr:{first}.{second}.{third}.{last}  Bcast:{first}.{second}.{third}.255  Mask:255.255.255.0\n\
         \x20         UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n\
         \x20         RX packets:{received} errors:0 dropped:0 overruns:0 frame:0\n\
         \x20         TX packets:{sent} errors:0 dropped:0 overruns:0 carrier:0\n\
         \x20         collisions:0 txqueuelen:1000 \n\
         \x20         RX bytes:{} ({}.0 MiB)  TX bytes:{} ({}.0 MiB)\n\n\
         lo        Link encap:Local Loopback  \n\
         \x20         inet addr:127.0.0.1  Mask:255.0.0.0\n\
         \x20         UP LOOPBACK RUNNING  MTU:65536  Metric:1\n\
         \x20         RX packets:88 errors:0 dropped:0 overruns:0 frame:0\n\
         \x20         TX packets:88 errors:0 dropped:0 overruns:0 carrier:0\n\
         \x20         collisions:0 txqueuelen:1000 \n\
         \x20         RX bytes:7480 (7.3 KiB)  TX bytes:7480 (7.3 KiB)\n\n",
        received * 121,
        (received * 121) >> 20,
        sent * 98,
        (sent * 98) >> 20,
    ));
    0
}

/// `ip addr`, `ip route`, `ip link`, `ip neigh`: by the first letters of the word.
fn ip(call: &mut Call<'_, '_>) -> u8 {
    let (_, operands) = call.split();
    let device = call.run.device;
    let [first, second, third, last] = device.address_v4();
    let net = format!("{first}.{second}.{third}");
    let (mac, router) = (device.hardware_address(), device.router());
    let eth = format!(
        "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc pfifo_fast qlen 1000\n    \
         link/ether {mac} brd ff:ff:ff:ff:ff:ff\n"
    );
    let lo = "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n    \
              link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n";
    let text = match operands.first().map(String::as_str) {
        Some(word) if word.starts_with('a') => format!(
            "{lo}    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n\
             {eth}    inet {net}.{last}/24 brd {net}.255 scope global eth0\n       \
             valid_lft forever preferred_lft forever\n"
        ),
        Some(word) if word.starts_with('r') => {
            format!(
                "default via {router} dev eth0 \n{net}.0/24 dev eth0 scope link  src {net}.{last} \n"
            )
        }
        Some(word) if word.starts_with('l') => format!("{lo}{eth}"),
        Some(word) if word.starts_with('n') => {
            format!(
                "{router} dev eth0 lladdr 02:1a:{}  REACHABLE\n",
                mac.get(6..).unwrap_or_default()
            )
        }
        _ => return call.usage("[OPTIONS] {address|route|link|neigh} [COMMAND]"),
    };
    call.say(&text);
    0
}

fn routes(call: &mut Call<'_, '_>) -> u8 {
    let [first, second, third, _] = call.run.device.address_v4();
    let router = call.run.device.router();
    call.say(&format!(
        "Kernel IP routing table\n\
         Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n\
         0.0.0.0         {router:<15} 0.0.0.0         UG    0      0        0 eth0\n\
         {:<15} 0.0.0.0         255.255.255.0   U     0      0        0 eth0\n",
        format!("{first}.{second}.{third}.0")
    ));
    0
}

fn neighbours(call: &mut Call<'_, '_>) -> u8 {
    let (router, mac) = (call.run.device.router(), call.run.device.hardware_address());
    let mac = mac.get(6..).unwrap_or_default();
    call.say(&format!("? ({router}) at 02:1a:{mac} [ether]  on eth0\n"));
    0
}

/// What listens, and the session itself.
fn connections(call: &mut Call<'_, '_>) -> u8 {
    let flow = call.run.cx.flow;
    let (here, there) = (flow.orig_dst.to_string(), flow.victim.to_string());
    let port = flow.orig_dst.port();
    let row = |local: &str, foreign: &str, state: &str| {
        format!("tcp        0      0 {local:<23} {foreign:<23} {state}\n")
    };
    let listening: Vec<String> = [22, 23, port]
        .iter()
        .enumerate()
        .filter(|(place, one)| *place < 2 || ![22, 23].contains(*one))
        .map(|(_, port)| row(&format!("0.0.0.0:{port}"), "0.0.0.0:*", "LISTEN"))
        .collect();
    call.say(&format!(
        "Active Internet connections (servers and established)\n\
         Proto Recv-Q Send-Q Local Address           Foreign Address         State       \n{}{}",
        listening.concat(),
        row(&here, &there, "ESTABLISHED")
    ));
    0
}

/// How many answers are shown to who does not say how many it wants.
const PINGS: usize = 4;

fn ping(call: &mut Call<'_, '_>) -> u8 {
    let count = call.value('c').and_then(|number| number.parse().ok()).unwrap_or(PINGS);
    let count: usize = count.min(PINGS);
    let (_, operands) = call.split_with("cisWwI");
    let Some(host) = operands.first() else { return call.usage("[OPTIONS] HOST") };
    let address = call.address_of(host);
    let time =
        |place: usize| 11_000 + call.run.device.number(&format!("ping {host} {place}")) % 900;
    let line = |place: usize| {
        let time = time(place);
        format!(
            "64 bytes from {address}: seq={place} ttl=56 time={}.{:03} ms\n",
            time / 1_000,
            time % 1_000
        )
    };
    let lines: String = (0..count).map(line).collect();
    let text = format!(
        "PING {host} ({address}): 56 data bytes\n{lines}\n--- {host} ping statistics ---\n\
         {count} packets transmitted, {count} packets received, 0% packet loss\n"
    );
    call.say(&text);
    0
}

fn look_up(call: &mut Call<'_, '_>) -> u8 {
    let (_, operands) = call.split();
    let Some(host) = operands.first() else { return call.usage("[HOST] [SERVER]") };
    let (server, address) = (call.run.device.router(), call.address_of(host));
    call.say(&format!(
        "Server:    {server}\nAddress 1: {server}\n\nName:      {host}\nAddress 1: {address}\n"
    ));
    0
}
