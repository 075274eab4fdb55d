//! What is in a directory: the root, and the domain that is asked about. Those who write the
//! letters of `mailbox` work there.

use crate::Cx;
use crate::derived::{Purpose, derived, pick};
use crate::mailbox::{COLLEAGUES, colleague};

/// An object of a directory.
#[derive(Debug)]
pub(super) struct Entry {
    name: String,
    attributes: Vec<(String, Vec<Vec<u8>>)>,
}

impl Entry {
    /// With attributes of one value each; several of one name add up.
    pub(super) fn new(name: &str, attributes: &[(&str, &str)]) -> Self {
        let mut entry = Self { name: name.to_owned(), attributes: Vec::new() };
        for (attribute, value) in attributes {
            entry.add(attribute, value.as_bytes());
        }
        entry
    }

    pub(super) fn add(&mut self, attribute: &str, value: &[u8]) {
        match self.attributes.iter_mut().find(|(known, _)| known == attribute) {
            Some((_, values)) => values.push(value.to_vec()),
            None => self.attributes.push((attribute.to_owned(), vec![value.to_vec()])),
        }
    }

    /// An object with nothing in it, of whatever name.
    pub(super) fn container(name: &str, cx: &Cx<'_>) -> Self {
        let first = name.split(',').next().unwrap_or_default();
        let short = first.split_once('=').map_or(first, |(_, value)| value);
        let mut entry = Self::new(
            name,
            &[
                ("objectClass", "top"),
                ("objectClass", "container"),
                ("cn", short),
                ("name", short),
                ("distinguishedName", name),
                ("instanceType", "4"),
                ("showInAdvancedViewOnly", "TRUE"),
            ],
        );
        entry.add("objectGUID", &guid(name, cx));
        entry
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn attributes(&self) -> impl Iterator<Item = (&str, &[Vec<u8>])> {
        self.attributes.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// The values of an attribute, as text.
    pub(super) fn values(&self, attribute: &str) -> impl Iterator<Item = String> {
        let named = self.attributes.iter().filter(|(name, _)| name.eq_ignore_ascii_case(attribute));
        named
            .flat_map(|(_, values)| values)
            .map(|value| String::from_utf8_lossy(value).into_owned())
    }

    pub(super) fn is_called(&self, name: &str) -> bool {
        plain(&self.name) == plain(name)
    }

    pub(super) fn is_below(&self, name: &str) -> bool {
        plain(&self.name).ends_with(&format!(",{}", plain(name)))
    }

    pub(super) fn is_right_below(&self, name: &str) -> bool {
        self.name.split_once(',').is_some_and(|(_, parent)| plain(parent) == plain(name))
    }
}

/// A name as names are compared.
fn plain(name: &str) -> String {
    let parts = name.split(',').map(|part| part.trim().to_lowercase());
    parts.collect::<Vec<_>>().join(",")
}

/// A domain of Windows.
#[derive(Debug)]
pub(super) struct Domain {
    /// As DNS writes it.
    pub(super) name: String,
}

/// What domains are called that have no other name yet.
const NAMES: &[&str] = &["corp", "ad", "office", "intra", "hq", "internal"];
const ENDINGS: &[&str] = &["local", "lan", "internal"];

impl Domain {
    /// The one that `base` is in, or our own.
    pub(super) fn of(base: &str, cx: &Cx<'_>) -> Self {
        let labels = base.split(',').filter_map(|part| {
            let (kind, value) = part.trim().split_once('=')?;
            kind.eq_ignore_ascii_case("dc").then(|| value.to_lowercase())
        });
        let name = labels.collect::<Vec<_>>().join(".");
        if !name.is_empty() {
            return Self { name };
        }
        let [first, last] = derived(&cx.persona.seed, Purpose::Directory, "domain");
        Self { name: format!("{}.{}", pick(NAMES, first), pick(ENDINGS, last)) }
    }

    /// The name as directories write it.
    pub(super) fn base(&self) -> String {
        self.name.split('.').map(|label| format!("DC={label}")).collect::<Vec<_>>().join(",")
    }

    /// The name as it was before DNS.
    pub(super) fn netbios(&self) -> String {
        let label = self.name.split('.').next().unwrap_or_default();
        label.chars().take(15).collect::<String>().to_uppercase()
    }

    /// Whether it is there that a name is.
    pub(super) fn has(&self, name: &str) -> bool {
        let (name, base) = (plain(name), plain(&self.base()));
        name == base || name.ends_with(&format!(",{base}")) || name.is_empty()
    }

    pub(super) fn entries(&self, cx: &Cx<'_>) -> Vec<Entry> {
        let base = self.base();
        let holder = |name: &str, class: &str| {
            let mut entry = Entry::new(&format!("{name},{base}"), &[("objectClass", "top")]);
            entry.add("objectClass", class.as_bytes());
            entry
        };
        let domain = Entry::new(
            &base,
            &[("objectClass", "top"), ("objectClass", "domain"), ("objectClass", "domainDNS")],
        );
        let mut entries = vec![
            (domain, "Domain-DNS", None),
            (holder("CN=Users", "container"), "Container", None),
            (holder("CN=Computers", "container"), "Container", None),
            (holder("OU=Domain Controllers", "organizationalUnit"), "Organizational-Unit", None),
            (self.group("Domain Admins"), "Group", Some(512)),
            (self.group("Domain Users"), "Group", Some(513)),
            (self.controller(cx), "Computer", Some(1_000)),
        ];
        let people = self.people(cx).into_iter().map(|(entry, rid)| (entry, "Person", Some(rid)));
        entries.extend(people);
        let finished =
            entries.into_iter().map(|(entry, kind, rid)| self.finished(entry, kind, rid, cx));
        finished.collect()
    }

    /// Adds what every object has.
    fn finished(&self, mut entry: Entry, kind: &str, rid: Option<u32>, cx: &Cx<'_>) -> Entry {
        let name = entry.name.clone();
        let first = name.split(',').next().unwrap_or_default();
        let (key, short) = first.split_once('=').unwrap_or(("CN", first));
        let category = format!("CN={kind},CN=Schema,CN=Configuration,{}", self.base());
        entry.add(&key.to_lowercase(), short.as_bytes());
        entry.add("name", short.as_bytes());
        entry.add("distinguishedName", name.as_bytes());
        entry.add("objectCategory", category.as_bytes());
        entry.add("objectGUID", &guid(&name, cx));
        if rid.is_some() || kind == "Domain-DNS" {
            entry.add("objectSid", &self.sid(rid, cx));
        }
        entry
    }

    fn group(&self, name: &str) -> Entry {
        let base = self.base();
        let mut group = Entry::new(
            &format!("CN={name},CN=Users,{base}"),
            &[("objectClass", "top"), ("objectClass", "group"), ("sAMAccountName", name)],
        );
        group.add("groupType", b"-2147483646");
        if name == "Domain Admins" {
            group.add("member", format!("CN=Administrator,CN=Users,{base}").as_bytes());
            group.add("adminCount", b"1");
        }
        group
    }

    fn controller(&self, cx: &Cx<'_>) -> Entry {
        let host = &cx.persona.host;
        let mut entry = Entry::new(
            &format!("CN={},OU=Domain Controllers,{}", host.to_uppercase(), self.base()),
            &[
                ("objectClass", "top"),
                ("objectClass", "person"),
                ("objectClass", "organizationalPerson"),
                ("objectClass", "user"),
                ("objectClass", "computer"),
                ("operatingSystem", "Windows Server 2019 Standard"),
                ("operatingSystemVersion", "10.0 (17763)"),
                ("userAccountControl", "532480"),
                ("primaryGroupID", "516"),
            ],
        );
        entry.add("sAMAccountName", format!("{}$", host.to_uppercase()).as_bytes());
        entry.add("dNSHostName", format!("{host}.{}", self.name).as_bytes());
        entry
    }

    /// Accounts that every domain has, and those who work here.
    fn people(&self, cx: &Cx<'_>) -> Vec<(Entry, u32)> {
        let mut people = vec![
            (self.person("Administrator", "Administrator", "512"), 500),
            (self.person("Guest", "Guest", "66082"), 501),
            (self.person("krbtgt", "krbtgt", "514"), 502),
        ];
        if let Some((administrator, _)) = people.first_mut() {
            let group = format!("CN=Domain Admins,CN=Users,{}", self.base());
            administrator.add("memberOf", group.as_bytes());
            administrator.add("adminCount", b"1");
        }
        for (rid, place) in (1_103..).zip(0..COLLEAGUES) {
            let (first, family) = colleague(place, cx);
            let account = format!("{first}.{family}").to_lowercase();
            let mut entry = self.person(&format!("{first} {family}"), &account, "66048");
            entry.add("givenName", first.as_bytes());
            entry.add("sn", family.as_bytes());
            entry.add("mail", format!("{account}@{}", self.name).as_bytes());
            entry.add("userPrincipalName", format!("{account}@{}", self.name).as_bytes());
            people.push((entry, rid));
        }
        people
    }

    fn person(&self, name: &str, account: &str, control: &str) -> Entry {
        Entry::new(
            &format!("CN={name},CN=Users,{}", self.base()),
            &[
                ("objectClass", "top"),
                ("objectClass", "person"),
                ("objectClass", "organizationalPerson"),
                ("objectClass", "user"),
                ("sAMAccountName", account),
                ("displayName", name),
                ("userAccountControl", control),
                ("primaryGroupID", "513"),
            ],
        )
    }

    /// What Windows knows an account by: S-1-5-21, three numbers of the domain, one of its own.
    fn sid(&self, rid: Option<u32>, cx: &Cx<'_>) -> Vec<u8> {
        let [one, other] = derived(&cx.persona.seed, Purpose::Directory, &self.name);
        let count = if rid.is_some() { 5 } else { 4 };
        let mut sid = vec![1, count, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0];
        sid.extend(one.to_le_bytes());
        sid.extend(other.to_le_bytes().iter().take(4));
        sid.extend(rid.iter().flat_map(|rid| rid.to_le_bytes()));
        sid
    }
}

/// What tells an object from all others.
pub(super) fn guid(name: &str, cx: &Cx<'_>) -> Vec<u8> {
    let chance = derived(&cx.persona.seed, Purpose::Directory, name);
    chance.iter().flat_map(|part| part.to_le_bytes()).collect()
}

/// The root of all (RFC 4512 §5.1), as a domain controller tells of itself.
pub(super) fn root(cx: &Cx<'_>) -> Entry {
    let domain = Domain::of("", cx);
    let (base, host) = (domain.base(), &cx.persona.host);
    let configuration = format!("CN=Configuration,{base}");
    let schema = format!("CN=Schema,{configuration}");
    let controller =
        format!("CN={},CN=Servers,CN={SITE},CN=Sites,{configuration}", host.to_uppercase());
    let time = jiff::Timestamp::from_second(cx.now.as_secs()).unwrap_or_default();
    let values = [
        ("domainFunctionality", "7".to_owned()),
        ("forestFunctionality", "7".to_owned()),
        ("domainControllerFunctionality", "7".to_owned()),
        ("rootDomainNamingContext", base.clone()),
        ("ldapServiceName", format!("{0}:{host}$@{1}", domain.name, domain.name.to_uppercase())),
        ("isGlobalCatalogReady", "TRUE".to_owned()),
        ("isSynchronized", "TRUE".to_owned()),
        ("namingContexts", base.clone()),
        ("namingContexts", configuration.clone()),
        ("namingContexts", schema.clone()),
        ("defaultNamingContext", base),
        ("configurationNamingContext", configuration),
        ("schemaNamingContext", schema.clone()),
        ("subschemaSubentry", format!("CN=Aggregate,{schema}")),
        ("serverName", controller.clone()),
        ("dsServiceName", format!("CN=NTDS Settings,{controller}")),
        ("dnsHostName", format!("{host}.{}", domain.name)),
        ("currentTime", time.strftime("%Y%m%d%H%M%S.0Z").to_string()),
    ];
    let mut entry = Entry::new("", ABLE);
    for (attribute, value) in values {
        entry.add(attribute, value.as_bytes());
    }
    entry
}

/// The site that every domain begins with.
pub(super) const SITE: &str = "Default-First-Site-Name";

/// What we can do.
const ABLE: &[(&str, &str)] = &[
    ("supportedLDAPVersion", "3"),
    ("supportedLDAPVersion", "2"),
    ("supportedControl", "1.2.840.113556.1.4.319"),
    ("supportedExtension", "1.3.6.1.4.1.1466.20037"),
    ("supportedExtension", "1.3.6.1.4.1.4203.1.11.3"),
    ("supportedSASLMechanisms", "GSSAPI"),
    ("supportedSASLMechanisms", "GSS-SPNEGO"),
    ("supportedSASLMechanisms", "EXTERNAL"),
    ("supportedSASLMechanisms", "DIGEST-MD5"),
    ("supportedCapabilities", "1.2.840.113556.1.4.800"),
    ("supportedCapabilities", "1.2.840.113556.1.4.1670"),
    ("supportedCapabilities", "1.2.840.113556.1.4.1791"),
];
