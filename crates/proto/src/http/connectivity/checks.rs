//! Questions whether there is an internet. In each row: what the asker compares, to the byte.

use super::Check;
use super::Reply::{Bytes, Exactly, Ordinary};

const PLAIN: (&str, &str) = ("Content-Type", "text/plain");
const HTML: (&str, &str) = ("Content-Type", "text/html");
const ONLINE: (&str, &str) = ("X-NetworkManager-Status", "online");
const FRESH: (&str, &str) = ("Cache-Control", "max-age=30, must-revalidate");

pub(super) static CHECKS: &[Check] = &[
    Check {
        label: "Windows NCSI (7, 8)",
        hosts: &["www.msftncsi.com", "ipv6.msftncsi.com"],
        paths: &["/ncsi.txt"],
        reply: Exactly { status: 200, fields: &[PLAIN, FRESH], body: "Microsoft NCSI" },
    },
    Check {
        label: "Windows NCSI",
        hosts: &["www.msftconnecttest.com", "ipv6.msftconnecttest.com"],
        paths: &["/connecttest.txt"],
        reply: Exactly { status: 200, fields: &[PLAIN, FRESH], body: "Microsoft Connect Test" },
    },
    Check {
        label: "Windows NCSI",
        hosts: &["www.msftconnecttest.com"],
        paths: &["/redirect"],
        reply: Exactly {
            status: 302,
            fields: &[("Location", "http://go.microsoft.com/fwlink/?LinkID=219472&clcid=0x409")],
            body: "",
        },
    },
    Check {
        label: "Apple captive portal",
        hosts: &[
            "captive.apple.com",
            "gsp1.apple.com",
            "www.apple.com",
            "www.airport.us",
            "www.appleiphonecell.com",
            "www.ibook.info",
            "www.itools.info",
            "www.thinkdifferent.us",
        ],
        paths: &["/", "/hotspot-detect.html", "/library/test/success.html"],
        reply: Exactly {
            status: 200,
            fields: &[HTML],
            body: "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>\n",
        },
    },
    Check {
        label: "Android or Chrome",
        hosts: &[
            "clients1.google.com",
            "clients2.google.com",
            "clients3.google.com",
            "clients4.google.com",
            "connect.rom.miui.com",
            "connectivitycheck.android.com",
            "connectivitycheck.cbg-app.huawei.com",
            "connectivitycheck.gstatic.com",
            "connectivitycheck.platform.hicloud.com",
            "play.googleapis.com",
            "wifi.vivo.com.cn",
            "www.google.com",
            "www.gstatic.com",
        ],
        paths: &["/gen_204", "/generate_204"],
        reply: Exactly {
            status: 204,
            fields: &[("Content-Length", "0"), ("Cross-Origin-Resource-Policy", "cross-origin")],
            body: "",
        },
    },
    Check {
        label: "Edge or Chromium",
        hosts: &["cp.cloudflare.com", "edge-http.microsoft.com"],
        paths: &["/", "/captiveportal/generate_204", "/generate_204"],
        reply: Exactly { status: 204, fields: &[("Content-Length", "0")], body: "" },
    },
    Check {
        label: "Firefox",
        hosts: &["detectportal.firefox.com"],
        paths: &["/success.txt"],
        reply: Exactly { status: 200, fields: &[PLAIN], body: "success\n" },
    },
    Check {
        label: "Firefox",
        hosts: &["detectportal.firefox.com"],
        paths: &["/canonical.html"],
        reply: Exactly {
            status: 200,
            fields: &[HTML],
            body: "<meta http-equiv=\"refresh\" \
                   content=\"0;url=https://support.mozilla.org/kb/captive-portal\"/>",
        },
    },
    Check {
        label: "NetworkManager (Ubuntu)",
        hosts: &["connectivity-check.ubuntu.com"],
        paths: &[],
        reply: Exactly { status: 204, fields: &[ONLINE], body: "" },
    },
    Check {
        label: "NetworkManager",
        hosts: &[
            "network-test.debian.org",
            "nmcheck.gnome.org",
            "ping.archlinux.org",
            "ping.manjaro.org",
            "www.archlinux.org",
        ],
        paths: &["/check_network_status.txt", "/nm", "/nm-check.txt"],
        reply: Exactly {
            status: 200,
            fields: &[PLAIN, ONLINE],
            body: "NetworkManager is online\n",
        },
    },
    Check {
        label: "NetworkManager (Fedora, KDE)",
        hosts: &["fedoraproject.org", "networkcheck.kde.org"],
        paths: &["/", "/static/hotspot.txt"],
        reply: Exactly { status: 200, fields: &[PLAIN, ONLINE], body: "OK\n" },
    },
    Check {
        label: "Kindle",
        hosts: &["spectrum.s3.amazonaws.com"],
        paths: &["/kindle-wifi/wifistub.html"],
        reply: Exactly { status: 200, fields: &[HTML], body: KINDLE },
    },
    Check {
        label: "Steam",
        hosts: &["test.steampowered.com"],
        paths: &["/204"],
        reply: Exactly { status: 204, fields: &[], body: "" },
    },
    Check {
        label: "Windows Update",
        hosts: &[
            "*.delivery.mp.microsoft.com",
            "*.update.microsoft.com",
            "*.windowsupdate.com",
            "windowsupdate.microsoft.com",
        ],
        paths: &[],
        reply: Ordinary,
    },
    Check {
        label: "Windows SmartScreen",
        hosts: &["*.smartscreen.microsoft.com", "checkappexec.microsoft.com", "urs.microsoft.com"],
        paths: &[],
        reply: Ordinary,
    },
    Check {
        label: "certificate status (OCSP)",
        hosts: &[
            "ocsp.comodoca.com",
            "ocsp.digicert.com",
            "ocsp.globalsign.com",
            "ocsp.msocsp.com",
            "ocsp.pki.goog",
            "ocsp.sectigo.com",
            "ocsp.usertrust.com",
            "ocsp.verisign.com",
            "ocsp2.globalsign.com",
            "oneocsp.microsoft.com",
            "*.o.lencr.org",
        ],
        paths: &[],
        reply: Bytes { media_type: "application/ocsp-response", body: OCSP_UNAUTHORIZED },
    },
    Check {
        label: "certificate status (CRL)",
        hosts: &[
            "crl.comodoca.com",
            "crl.globalsign.com",
            "crl.microsoft.com",
            "crl.pki.goog",
            "crl3.digicert.com",
            "crl4.digicert.com",
            "mscrl.microsoft.com",
        ],
        paths: &[],
        reply: Ordinary,
    },
];

/// An answer without a signature, as responders give for certificates they do not know
/// (RFC 6960 §2.3): clients take it for "no answer" and go on.
const OCSP_UNAUTHORIZED: &[u8] = &[0x30, 0x03, 0x0a, 0x01, 0x06];

const KINDLE: &str = "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 4.01//EN\" \
\"http://www.w3.org/TR/html4/strict.dtd\">\n<html>\n<head>\n\
<title>Kindle Reachability Probe Page</title>\n\
<META http-equiv=\"Content-Type\" content=\"text/html; charset=iso-8859-1\">\n\
<!--81ce4465-7167-4dcb-835b-dcc9e44c112a created with python 2.5 uuid.uuid4()-->\n\
</head>\n<body bgcolor=\"#ffffff\" text=\"#000000\">\n\
81ce4465-7167-4dcb-835b-dcc9e44c112a\n</body>\n</html>\n\n";
