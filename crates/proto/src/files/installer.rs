//! An installer for Windows: a product of one empty folder, which installs and can be removed.
//!
//! The tables are those that
//! [the installer wants](https://learn.microsoft.com/windows/win32/msi/database-reference).

use std::io::{self, Cursor};

use msi::{Column, ColumnBuilder, Insert, LanguageId, Package, PackageType, Value};
use uuid::Uuid;

use super::mark::Mark;

/// A table with its rows.
struct Table {
    name: &'static str,
    columns: &'static [(&'static str, Is)],
    rows: &'static [&'static [Cell]],
}

/// What stands in a column.
#[derive(Clone, Copy)]
enum Is {
    /// A name that is the row's key, or a part of it.
    Key,
    /// A name, or nothing.
    Name,
    /// A number, or nothing.
    Number,
    /// Any text, or nothing.
    Text,
}

#[derive(Clone, Copy)]
enum Cell {
    Nothing,
    Number(i32),
    Text(&'static str),
    /// An identifier of the component.
    Component,
}

use Cell::{Component, Nothing, Number as N, Text as T};

const TABLES: &[Table] = &[
    Table {
        name: "Directory",
        columns: &[
            ("Directory", Is::Key),
            ("Directory_Parent", Is::Name),
            ("DefaultDir", Is::Text),
        ],
        rows: &[
            &[T("TARGETDIR"), Nothing, T("SourceDir")],
            &[T("ProgramFilesFolder"), T("TARGETDIR"), T(".")],
            &[T("INSTALLDIR"), T("ProgramFilesFolder"), T("App")],
        ],
    },
    Table {
        name: "Component",
        columns: &[
            ("Component", Is::Key),
            ("ComponentId", Is::Text),
            ("Directory_", Is::Name),
            ("Attributes", Is::Number),
            ("Condition", Is::Text),
            ("KeyPath", Is::Name),
        ],
        rows: &[&[T("Main"), Component, T("INSTALLDIR"), N(0), Nothing, Nothing]],
    },
    Table {
        name: "Feature",
        columns: &[
            ("Feature", Is::Key),
            ("Feature_Parent", Is::Name),
            ("Title", Is::Text),
            ("Description", Is::Text),
            ("Display", Is::Number),
            ("Level", Is::Number),
            ("Directory_", Is::Name),
            ("Attributes", Is::Number),
        ],
        rows: &[&[T("Complete"), Nothing, Nothing, Nothing, N(1), N(1), T("INSTALLDIR"), N(0)]],
    },
    Table {
        name: "FeatureComponents",
        columns: &[("Feature_", Is::Key), ("Component_", Is::Key)],
        rows: &[&[T("Complete"), T("Main")]],
    },
    Table {
        name: "CreateFolder",
        columns: &[("Directory_", Is::Key), ("Component_", Is::Key)],
        rows: &[&[T("INSTALLDIR"), T("Main")]],
    },
    Table {
        name: "InstallExecuteSequence",
        columns: &[("Action", Is::Key), ("Condition", Is::Text), ("Sequence", Is::Number)],
        rows: &[
            &[T("CostInitialize"), Nothing, N(800)],
            &[T("FileCost"), Nothing, N(900)],
            &[T("CostFinalize"), Nothing, N(1_000)],
            &[T("InstallValidate"), Nothing, N(1_400)],
            &[T("InstallInitialize"), Nothing, N(1_500)],
            &[T("ProcessComponents"), Nothing, N(1_600)],
            &[T("RemoveFolders"), Nothing, N(3_600)],
            &[T("CreateFolders"), Nothing, N(3_700)],
            &[T("RegisterProduct"), Nothing, N(6_100)],
            &[T("PublishFeatures"), Nothing, N(6_300)],
            &[T("PublishProduct"), Nothing, N(6_400)],
            &[T("InstallFinalize"), Nothing, N(6_600)],
        ],
    },
];

pub(super) fn msi(mark: &Mark<'_>) -> Vec<u8> {
    // Writing to memory does not fail, and a table that is none shows in the tests.
    package(mark).unwrap_or_default()
}

fn package(mark: &Mark<'_>) -> io::Result<Vec<u8>> {
    let mut package = Package::create(PackageType::Installer, Cursor::new(Vec::new()))?;
    let about = package.summary_info_mut();
    about.set_title("Installation Database");
    about.set_subject(mark.title());
    about.set_author(mark.title());
    about.set_arch("Intel");
    about.set_languages(&[LanguageId::from_lcid(1_033)]);
    about.set_uuid(Uuid::from_bytes(mark.bytes("package")));
    // Versions 2 of the installer and later; files are not compressed, names are short.
    about.set_page_count(200);
    about.set_word_count(1);
    for table in TABLES {
        package.create_table(table.name, table.columns.iter().map(column).collect())?;
        let rows = table.rows.iter().map(|row| row.iter().map(|cell| value(*cell, mark)).collect());
        package.insert_rows(Insert::into(table.name).rows(rows.collect()))?;
    }
    add_properties(&mut package, mark)?;
    Ok(package.into_inner()?.into_inner())
}

fn add_properties(package: &mut Package<Cursor<Vec<u8>>>, mark: &Mark<'_>) -> io::Result<()> {
    let columns = [("Property", Is::Key), ("Value", Is::Text)];
    package.create_table("Property", columns.iter().map(column).collect())?;
    let properties = [
        ("Manufacturer", mark.title().to_owned()),
        ("ProductCode", braced(&mark.guid("product"))),
        ("ProductLanguage", "1033".to_owned()),
        ("ProductName", mark.title().to_owned()),
        ("ProductVersion", mark.version()),
        ("UpgradeCode", braced(&mark.guid("upgrade"))),
    ];
    let row = |(name, value): (&str, String)| vec![Value::Str(name.to_owned()), Value::Str(value)];
    package.insert_rows(Insert::into("Property").rows(properties.map(row).into()))
}

fn column((name, is): &(&'static str, Is)) -> Column {
    let column = || -> ColumnBuilder { Column::build(*name) };
    match is {
        Is::Key => column().primary_key().id_string(72),
        Is::Name => column().nullable().id_string(72),
        Is::Number => column().nullable().int16(),
        Is::Text => column().nullable().text_string(255),
    }
}

fn value(cell: Cell, mark: &Mark<'_>) -> Value {
    match cell {
        Nothing => Value::Null,
        N(number) => Value::Int(number),
        T(text) => Value::Str(text.to_owned()),
        Component => Value::Str(braced(&mark.guid("component"))),
    }
}

fn braced(guid: &str) -> String {
    format!("{{{}}}", guid.to_ascii_uppercase())
}
