//! What a shell runs on: a small device with Linux and BusyBox, the same for every session of one
//! installation.

use std::net::IpAddr;

use jiff::Timestamp;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use crate::derived::{Purpose, derived};
use crate::{Cx, files};

/// The device at one moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Device<'a> {
    pub(super) cx: Cx<'a>,
    pub(super) processor: &'static Processor,
}

/// What kind of device it is.
#[derive(Debug)]
pub(super) struct Processor {
    /// As `uname -m` says it.
    pub(super) machine: &'static str,
    /// How names of programs for it end.
    pub(super) ending: &'static str,
    pub(super) kernel: &'static str,
    pub(super) build: &'static str,
    pub(super) busybox: &'static str,
    pub(super) model: &'static str,
    pub(super) system: &'static str,
    pub(super) order: &'static str,
    pub(super) count: usize,
    pub(super) megahertz: &'static str,
    pub(super) memory_kib: u64,
    /// One block of `/proc/cpuinfo`, without the line that numbers it.
    pub(super) about: &'static str,
    /// Comes after the last block.
    pub(super) about_all: &'static str,
}

/// Each in wide use, and each one that droppers have a program for.
static ARM: Processor = Processor {
    machine: "armv7l",
    ending: "arm7",
    kernel: "4.9.113",
    build: "#1 SMP PREEMPT Tue Mar 9 11:22:31 CST 2021",
    busybox: "BusyBox v1.24.1 (2021-03-09 11:04:17 CST) multi-call binary.",
    model: "ARMv7 Processor rev 5 (v7l)",
    system: "Generic DT based system",
    order: "Little Endian",
    count: 2,
    megahertz: "996.0000",
    memory_kib: 247_808,
    about: "model name\t: ARMv7 Processor rev 5 (v7l)\nBogoMIPS\t: 48.00\nFeatures\t: half thumb \
                fastmult vfp edsp neon vfpv3 tls vfpv4 idiva idivt vfpd32 lpae evtstrm \nCPU \
                implementer\t: 0x41\nCPU architecture: 7\nCPU variant\t: 0x0\nCPU part\t: 0xc07\nCPU \
                revision\t: 5\n\n",
    about_all: "Hardware\t: Generic DT based system\nRevision\t: 0000\nSerial\t\t: 0000000000000000\n",
};

static MIPS: Processor = Processor {
    machine: "mips",
    ending: "mips",
    kernel: "4.14.221",
    build: "#0 Mon Feb 15 15:22:37 2021",
    busybox: "BusyBox v1.30.1 () multi-call binary.",
    model: "MIPS 74Kc V5.0",
    system: "Qualcomm Atheros QCA9558 ver 1 rev 0",
    order: "Big Endian",
    count: 1,
    megahertz: "720.0000",
    memory_kib: 124_416,
    about: "cpu model\t\t: MIPS 74Kc V5.0\nBogoMIPS\t\t: 358.80\nwait instruction\t: \
                yes\nmicrosecond timers\t: yes\ntlb_entries\t\t: 32\nextra interrupt vector\t: \
                yes\nhardware watchpoint\t: yes, count: 4\nisa\t\t\t: mips1 mips2 mips32r1 \
                mips32r2\nASEs implemented\t: mips16 dsp dsp2\ncore\t\t\t: 0\n\n",
    about_all: "",
};

static X86_64: Processor = Processor {
    machine: "x86_64",
    ending: "x86_64",
    kernel: "4.14.171",
    build: "#0 SMP Thu Feb 27 21:05:12 2020",
    busybox: "BusyBox v1.30.1 () multi-call binary.",
    model: "Intel(R) Celeron(R) CPU  J1900  @ 1.99GHz",
    system: "",
    order: "Little Endian",
    count: 4,
    megahertz: "1993.4600",
    memory_kib: 2_014_272,
    about: "vendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 55\nmodel name\t: Intel(R) \
                Celeron(R) CPU  J1900  @ 1.99GHz\nstepping\t: 8\nmicrocode\t: 0x838\ncpu MHz\t\t: \
                1993.460\ncache size\t: 1024 KB\nphysical id\t: 0\nsiblings\t: 4\ncpu cores\t: \
                4\nfpu\t\t: yes\ncpuid level\t: 11\nwp\t\t: yes\nflags\t\t: fpu vme de pse tsc msr \
                pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ss ht \
                syscall nx rdtscp lm constant_tsc rep_good nopl cpuid pni pclmulqdq ssse3 cx16 \
                sse4_1 sse4_2 movbe popcnt aes rdrand lahf_lm\nbogomips\t: 3986.92\nclflush \
                size\t: 64\naddress sizes\t: 36 bits physical, 48 bits virtual\n\n",
    about_all: "",
};

impl<'a> Device<'a> {
    pub(super) fn new(cx: &Cx<'a>) -> Self {
        let [which, _] = derived(&cx.persona.seed, Purpose::Device, "processor");
        let processor = match which % 3 {
            0 => &ARM,
            1 => &MIPS,
            _ => &X86_64,
        };
        Self { cx: *cx, processor }
    }

    /// A number about it that stays the same.
    pub(super) fn number(&self, what: &str) -> u64 {
        derived(&self.cx.persona.seed, Purpose::Device, what)[0]
    }

    pub(super) fn host(&self) -> &'a str {
        &self.cx.persona.host
    }

    /// Its own address is the one the victim meant.
    pub(super) fn address(&self) -> IpAddr {
        self.cx.flow.orig_dst.ip()
    }

    /// The address in version 4: a device that is reached by version 6 has one, too.
    pub(super) fn address_v4(&self) -> [u8; 4] {
        match self.address() {
            IpAddr::V4(address) => address.octets(),
            IpAddr::V6(_) => {
                let [.., third, last] = self.number("address").to_be_bytes();
                [192, 168, third & 1, 2 + last % 250]
            }
        }
    }

    /// Its first address with the last number, the usual one for the way out.
    pub(super) fn router(&self) -> String {
        let [first, second, third, last] = self.address_v4();
        let router = if last == 1 { 254 } else { 1 };
        format!("{first}.{second}.{third}.{router}")
    }

    /// Of a maker of network cards, or locally administered: the first six digits are no maker's.
    pub(super) fn hardware_address(&self) -> String {
        let [.., a, b, c, d] = self.number("hardware address").to_be_bytes();
        format!("de:{:02x}:{a:02x}:{b:02x}:{c:02x}:{d:02x}", self.number("maker") & 0xff)
    }

    /// Seconds since it was started: between two and sixty days before some Sunday.
    pub(super) fn up_seconds(&self) -> i64 {
        let period = 58 * 86_400;
        let offset = i64::try_from(self.number("start") % 5_011_200).unwrap_or_default();
        2 * 86_400 + (self.now() + offset).rem_euclid(period)
    }

    pub(super) fn now(&self) -> i64 {
        self.cx.now.as_secs()
    }

    /// A time, by the words of `strftime`.
    pub(super) fn time(&self, format: &str, seconds: i64) -> String {
        let time = Timestamp::from_second(seconds).unwrap_or_default();
        let time = TimeZone::UTC.to_datetime(time);
        strtime::format(format, time).unwrap_or_default()
    }

    /// How busy it is: a little, and now and then a little more.
    pub(super) fn load(&self) -> [String; 3] {
        let spread = |what: &str, slow: i64| {
            let moment = format!("{what} {}", self.now() / slow);
            self.number(&moment) % 24
        };
        let loads = [spread("one", 5), spread("five", 60), spread("fifteen", 300)];
        loads.map(|load| format!("0.{load:02}"))
    }

    /// Memory in use, in KiB: about a third.
    pub(super) fn used_kib(&self) -> u64 {
        let moment = format!("memory {}", self.now() / 20);
        self.processor.memory_kib / 3 + self.number(&moment) % 1_500
    }

    /// A program of its own.
    pub(super) fn program(&self) -> Vec<u8> {
        let name = format!("busybox.{}", self.processor.ending);
        files::for_name(&name, self.cx.persona).map_or_else(Vec::new, |file| file.bytes.into())
    }

    pub(super) fn processors(&self) -> String {
        let Processor { about, about_all, system, .. } = self.processor;
        let number = |number: usize| match self.processor.machine {
            "mips" => format!("system type\t\t: {system}\nprocessor\t\t: {number}\n"),
            _ => format!("processor\t: {number}\n"),
        };
        let blocks: String = (0..self.processor.count).map(|place| number(place) + about).collect();
        blocks + about_all
    }
}
