//! Sites that say which address one comes from. More particular rows go first.

use super::Check;
use super::Reply::{self, Exactly};

const LABEL: &str = "own address";

/// Nothing but text.
const fn plain(body: &'static str) -> Reply {
    Exactly { status: 200, fields: &[("Content-Type", "text/plain; charset=utf-8")], body }
}

const fn json(body: &'static str) -> Reply {
    Exactly { status: 200, fields: &[("Content-Type", "application/json; charset=utf-8")], body }
}

pub(super) static CHECKS: &[Check] = &[
    Check {
        label: LABEL,
        hosts: &["api.ipify.org", "api4.ipify.org", "api64.ipify.org"],
        paths: &["/?format=json"],
        reply: json("{\"ip\":\"$address\"}"),
    },
    Check {
        label: LABEL,
        hosts: &[
            "api.ipify.org",
            "api4.ipify.org",
            "api64.ipify.org",
            "bot.whatismyipaddress.com",
            "ident.me",
            "ifconfig.me",
            "ip.42.pl",
            "ipecho.net",
            "ipinfo.io",
            "myexternalip.com",
            "v4.ident.me",
            "whatismyip.akamai.com",
        ],
        paths: &["/", "/ip", "/plain", "/raw"],
        reply: plain("$address"),
    },
    Check {
        label: LABEL,
        hosts: &[
            "api.ip.sb",
            "checkip.amazonaws.com",
            "icanhazip.com",
            "ifconfig.co",
            "ifconfig.io",
            "ip.sb",
            "ipv4.icanhazip.com",
            "ipv4.wtfismyip.com",
            "l2.io",
            "wtfismyip.com",
            "www.icanhazip.com",
        ],
        paths: &["/", "/ip", "/text"],
        reply: plain("$address\n"),
    },
    Check {
        label: LABEL,
        hosts: &["checkip.dyndns.com", "checkip.dyndns.org"],
        paths: &[],
        reply: Exactly {
            status: 200,
            fields: &[("Content-Type", "text/html"), ("Cache-Control", "no-cache")],
            body: "<html><head><title>Current IP Check</title></head>\
                   <body>Current IP Address: $address</body></html>\r\n",
        },
    },
    Check {
        label: LABEL,
        hosts: &["httpbin.org"],
        paths: &["/ip"],
        reply: json("{\n  \"origin\": \"$address\"\n}\n"),
    },
    Check {
        // Asked by stealers and remote-access trojans to find out whether they run in a data
        // centre.
        label: LABEL,
        hosts: &["ip-api.com"],
        paths: &["/line/?fields=hosting", "/line?fields=hosting"],
        reply: plain("false\n"),
    },
    Check {
        label: LABEL,
        hosts: &["ip-api.com"],
        paths: &["/json", "/json/"],
        reply: json(
            "{\"status\":\"success\",\"country\":\"$country\",\"countryCode\":\"$country_code\",\
             \"region\":\"$region_code\",\"regionName\":\"$region\",\"city\":\"$city\",\
             \"zip\":\"$postal_code\",\"lat\":$north,\"lon\":$east,\"timezone\":\"$time_zone\",\
             \"isp\":\"$provider\",\"org\":\"$provider\",\"as\":\"$system $provider\",\
             \"query\":\"$address\"}",
        ),
    },
    Check {
        label: LABEL,
        hosts: &["ip-api.com"],
        paths: &["/line", "/line/"],
        reply: plain(
            "success\n$country\n$country_code\n$region_code\n$region\n$city\n$postal_code\n\
             $north\n$east\n$time_zone\n$provider\n$provider\n$system $provider\n$address\n",
        ),
    },
    Check {
        label: LABEL,
        hosts: &["ipinfo.io"],
        paths: &["/json"],
        reply: json(
            "{\n  \"ip\": \"$address\",\n  \"city\": \"$city\",\n  \"region\": \"$region\",\n  \
             \"country\": \"$country_code\",\n  \"loc\": \"$north,$east\",\n  \
             \"org\": \"$system $provider\",\n  \"postal\": \"$postal_code\",\n  \
             \"timezone\": \"$time_zone\",\n  \"readme\": \"https://ipinfo.io/missingauth\"\n}",
        ),
    },
    Check {
        label: LABEL,
        hosts: &["freegeoip.app", "ifconfig.co", "ipapi.co", "ipwho.is", "ipwhois.app"],
        paths: &["/", "/json", "/json/"],
        reply: json(
            "{\"ip\":\"$address\",\"country\":\"$country\",\"country_name\":\"$country\",\
             \"country_code\":\"$country_code\",\"country_iso\":\"$country_code\",\
             \"region\":\"$region\",\"region_name\":\"$region\",\"region_code\":\"$region_code\",\
             \"city\":\"$city\",\"zip_code\":\"$postal_code\",\"latitude\":$north,\
             \"longitude\":$east,\"time_zone\":\"$time_zone\",\"org\":\"$provider\",\
             \"asn\":\"$system\"}",
        ),
    },
];
