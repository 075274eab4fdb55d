//! What is in the databases: tables somebody else made, and what the client made itself.

use std::collections::BTreeMap;

use crate::Cx;
use crate::derived::{Purpose, derived};

use super::Problem;
use super::cursor::Named;

/// Everything that can be found by a name.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    /// Databases the client made.
    databases: Vec<String>,
    /// Databases it dropped.
    dropped: Vec<String>,
    functions: Vec<String>,
    /// Tables with their columns, by their names in lower case; none if it dropped them.
    tables: BTreeMap<String, Option<Vec<String>>>,
}

/// Most names that a client makes of each kind.
const NAMES: usize = 256;

/// Most columns of a table.
const COLUMNS: usize = 256;

/// A database somebody works with, and its tables with their columns.
#[derive(Debug)]
pub(crate) struct Other {
    pub(crate) database: &'static str,
    pub(crate) tables: &'static [(&'static str, &'static [&'static str])],
}

/// What shops, blogs and sales departments have.
static OTHERS: [&Other; 3] = [&CRM, &SHOP, &WORDPRESS];

static CRM: Other = Other {
    database: "crm",
    tables: &[
        ("accounts", &["id", "name", "industry", "owner_id"]),
        ("contacts", &["id", "account_id", "first_name", "last_name", "email", "phone"]),
        ("users", &["id", "login", "password_hash", "role", "last_login"]),
    ],
};

static SHOP: Other = Other {
    database: "shop",
    tables: &[
        ("customers", &["id", "email", "password", "name", "created_at"]),
        ("order_items", &["id", "order_id", "product_id", "quantity", "price"]),
        ("orders", &["id", "customer_id", "status", "total", "created_at"]),
        ("products", &["id", "sku", "title", "price", "stock"]),
    ],
};

static WORDPRESS: Other = Other {
    database: "wordpress",
    tables: &[
        ("wp_options", &["option_id", "option_name", "option_value", "autoload"]),
        ("wp_posts", &["ID", "post_author", "post_date", "post_content", "post_title"]),
        ("wp_usermeta", &["umeta_id", "user_id", "meta_key", "meta_value"]),
        ("wp_users", &["ID", "user_login", "user_pass", "user_email"]),
    ],
};

impl Catalog {
    /// The database of somebody else on this installation.
    pub(crate) fn other(cx: &Cx<'_>) -> &'static Other {
        let [number, _] = derived(&cx.persona.seed, Purpose::Database, "somebody's");
        let place = usize::try_from(number % OTHERS.len() as u64).unwrap_or_default();
        OTHERS.get(place).copied().unwrap_or(&SHOP)
    }

    /// Databases besides those that every server has, in order.
    pub(crate) fn databases(&self, cx: &Cx<'_>) -> Vec<String> {
        let other = Self::other(cx).database.to_owned();
        let mut all: Vec<String> = self.databases.iter().cloned().chain([other]).collect();
        all.retain(|name| !self.dropped.contains(name));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The tables of a database, in order.
    pub(crate) fn tables(&self, database: &str, cx: &Cx<'_>) -> Vec<String> {
        let other = Self::other(cx);
        let is_other =
            other.database == database && !self.dropped.iter().any(|one| one == database);
        let others = other.tables.iter().filter(|_| is_other).map(|(name, _)| (*name).to_owned());
        let gone = |name: &String| matches!(self.tables.get(name), Some(None));
        let made = self.tables.iter().filter(|(_, columns)| columns.is_some());
        let mut all: Vec<String> = others.filter(|name| !gone(name)).collect();
        all.extend(made.map(|(name, _)| name.clone()));
        all.sort_unstable();
        all
    }

    /// The tables of all databases that are somebody's, in order.
    pub(crate) fn all_tables(&self, cx: &Cx<'_>) -> Vec<String> {
        self.tables(Self::other(cx).database, cx)
    }

    /// The columns of a table, if it is there.
    pub(crate) fn columns(&self, table: &Named, cx: &Cx<'_>) -> Option<Vec<String>> {
        let name = table.name.to_ascii_lowercase();
        if let Some(made) = self.tables.get(&name) {
            return made.clone();
        }
        let other = Self::other(cx).tables.iter().find(|(known, _)| *known == name);
        other.map(|(_, columns)| columns.iter().map(|column| (*column).to_owned()).collect())
    }

    pub(super) fn has_function(&self, name: &str) -> bool {
        self.functions.iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    pub(crate) fn make_table(&mut self, name: &str, columns: Vec<String>) -> Result<(), Problem> {
        if self.tables.len() >= NAMES {
            return Err(Problem::Full);
        }
        let columns = columns.into_iter().take(COLUMNS).collect();
        self.tables.insert(name.to_ascii_lowercase(), Some(columns));
        Ok(())
    }

    /// Forgets a table; one of somebody else's is not there any more.
    pub(crate) fn drop_table(&mut self, name: &str) -> Result<(), Problem> {
        if self.tables.len() >= NAMES {
            return Err(Problem::Full);
        }
        self.tables.insert(name.to_ascii_lowercase(), None);
        Ok(())
    }

    pub(crate) fn make_database(&mut self, name: &str) -> Result<(), Problem> {
        self.dropped.retain(|known| known != name);
        add(name, &mut self.databases)
    }

    pub(crate) fn drop_database(&mut self, name: &str) -> Result<(), Problem> {
        self.databases.retain(|known| known != name);
        add(name, &mut self.dropped)
    }

    pub(super) fn make_function(&mut self, name: &str) -> Result<(), Problem> {
        add(name, &mut self.functions)
    }
}

fn add(name: &str, names: &mut Vec<String>) -> Result<(), Problem> {
    if names.iter().any(|known| known == name) {
        return Ok(());
    }
    if names.len() >= NAMES {
        return Err(Problem::Full);
    }
    names.push(name.to_owned());
    Ok(())
}
