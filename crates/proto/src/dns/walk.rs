//! Names that are denied so that a victim goes on to the next one on its list.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use model::{Event, Limit};

use super::connectivity::is_connectivity_check;
use super::denial::Denial;
use super::pattern::Pattern;
use super::random_looking::is_random_looking;
use crate::{Cx, Out};

/// Which names are denied, and how. None are by default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkSettings {
    /// So many different names of each victim, the first it asks for (`dns.walk_names`).
    pub names: usize,
    /// Names that match one of these (`dns.walk_patterns`): `*` is any run of characters of a
    /// label, `*.` in front any labels.
    pub patterns: Vec<String>,
    /// Whether names are that look made up by an algorithm (`dns.walk_random`).
    pub random_looking: bool,
    /// How (`dns.walk_answer`).
    pub denial: Denial,
    /// How many first names are remembered, of all victims together (`dns.walked_names`).
    pub remembered: usize,
}

/// The walk. One for all workers; where it is not asked for, nothing is locked.
#[derive(Debug)]
pub(super) struct Walk {
    names: usize,
    patterns: Vec<Pattern>,
    random_looking: bool,
    denial: Denial,
    capacity: usize,
    first: RwLock<FirstNames>,
    /// Whether it has been said that no more names fit.
    is_full_noted: AtomicBool,
}

/// The names denied because they were a victim's first. Nothing is ever taken out: a name that was
/// denied stays denied.
#[derive(Debug, Default)]
struct FirstNames {
    of_victims: HashMap<IpAddr, HashSet<Box<str>>>,
    count: usize,
}

/// What has become of a name that may be one of the first.
enum Standing {
    /// It is not: the victim has had all of its first names.
    Later,
    New,
    Remembered,
}

impl Default for WalkSettings {
    fn default() -> Self {
        Self {
            names: 0,
            patterns: Vec::new(),
            random_looking: false,
            denial: Denial::default(),
            remembered: 200_000,
        }
    }
}

impl Walk {
    pub(super) fn new(settings: &WalkSettings) -> Self {
        Self {
            names: settings.names,
            patterns: settings.patterns.iter().map(|text| Pattern::new(text)).collect(),
            random_looking: settings.random_looking,
            denial: settings.denial,
            capacity: settings.remembered,
            first: RwLock::default(),
            is_full_noted: AtomicBool::new(false),
        }
    }

    /// How `text`, a name without a rule that somebody could have registered, is denied; `None` if
    /// it is not.
    pub(super) fn denial_of(&self, text: &str, cx: &Cx<'_>, out: &mut Out) -> Option<Denial> {
        let is_denied = self.patterns.iter().any(|pattern| pattern.matches(text))
            || (self.random_looking && is_random_looking(text) && !is_connectivity_check(text))
            || (self.names > 0 && self.is_first(text, cx, out));
        is_denied.then_some(self.denial)
    }

    fn is_first(&self, text: &str, cx: &Cx<'_>, out: &mut Out) -> bool {
        if is_connectivity_check(text) {
            return false;
        }
        let victim = cx.flow.victim.ip();
        // Nearly always a victim has had its first names, and this is all.
        match self.read().standing(victim, text, self.names) {
            Standing::Later => return false,
            Standing::Remembered => return true,
            Standing::New => {}
        }
        let mut first = self.write();
        match first.standing(victim, text, self.names) {
            Standing::Later => false,
            Standing::Remembered => true,
            Standing::New if first.count < self.capacity => {
                first.count += 1;
                first.of_victims.entry(victim).or_default().insert(text.into())
            }
            Standing::New => {
                drop(first);
                self.note_full(out);
                false
            }
        }
    }

    fn note_full(&self, out: &mut Out) {
        if !self.is_full_noted.swap(true, Ordering::Relaxed) {
            out.note(Event::LimitReached(Limit::WalkedNames));
        }
    }

    // A worker that panicked while it held the lock left at most a count that is one too high.
    fn read(&self) -> RwLockReadGuard<'_, FirstNames> {
        self.first.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, FirstNames> {
        self.first.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FirstNames {
    fn standing(&self, victim: IpAddr, text: &str, names: usize) -> Standing {
        match self.of_victims.get(&victim) {
            Some(had) if had.contains(text) => Standing::Remembered,
            Some(had) if had.len() >= names => Standing::Later,
            _ => Standing::New,
        }
    }
}

#[cfg(test)]
mod tests {
    use model::Victim;

    use super::*;
    use crate::Action;
    use crate::dns::Answers;
    use crate::testing::Stage;

    fn walk(settings: &WalkSettings) -> Walk {
        Walk::new(settings)
    }

    fn denied(walk: &Walk, stage: &Stage, name: &str) -> bool {
        walk.denial_of(name, &stage.cx(), &mut Out::default()).is_some()
    }

    #[test]
    fn each_victim_has_its_own_first_names_and_they_stay_denied() {
        let walk = walk(&WalkSettings { names: 2, ..WalkSettings::default() });
        let mut stage = Stage::new(Answers::default());
        for (name, is_denied) in
            [("a.test", true), ("b.test", true), ("c.test", false), ("a.test", true)]
        {
            assert_eq!(denied(&walk, &stage, name), is_denied, "{name}");
        }
        stage.flow.victim = Victim::new(([10, 0, 0, 8], 40_000).into());
        assert!(denied(&walk, &stage, "c.test"), "another victim starts anew");
        stage.flow.victim = Victim::new(([10, 0, 0, 7], 40_001).into());
        assert!(!denied(&walk, &stage, "c.test"), "another port is the same victim");
    }

    #[test]
    fn a_check_whether_there_is_an_internet_is_no_first_name() {
        let walk =
            walk(&WalkSettings { names: 1, random_looking: true, ..WalkSettings::default() });
        let stage = Stage::new(Answers::default());
        assert!(!denied(&walk, &stage, "www.msftconnecttest.com"));
        assert!(denied(&walk, &stage, "a.test"));
    }

    #[test]
    fn patterns_and_random_names_use_up_no_first_name() {
        let walk = walk(&WalkSettings {
            names: 1,
            patterns: vec!["*.evil.test".to_owned()],
            random_looking: true,
            ..WalkSettings::default()
        });
        let stage = Stage::new(Answers::default());
        for name in ["a.evil.test", "xeogrhxquuubt.com", "first.test"] {
            assert!(denied(&walk, &stage, name), "{name}");
        }
        assert!(!denied(&walk, &stage, "second.test"));
    }

    #[test]
    fn where_no_more_names_fit_others_are_answered_and_that_is_said_once() {
        let settings = WalkSettings { names: 9, remembered: 1, ..WalkSettings::default() };
        let (walk, stage, mut out) =
            (walk(&settings), Stage::new(Answers::default()), Out::default());
        let mut ask = |name| walk.denial_of(name, &stage.cx(), &mut out);
        assert_eq!(ask("a.test"), Some(Denial::NoSuchName));
        assert_eq!(ask("b.test"), None);
        assert_eq!(ask("c.test"), None);
        assert_eq!(ask("a.test"), Some(Denial::NoSuchName));
        let noted: Vec<Action> = out.take_actions().collect();
        assert_eq!(noted, [Action::Note(Event::LimitReached(Limit::WalkedNames))]);
    }
}
