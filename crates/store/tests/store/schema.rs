//! The tables are those of the reference.

#[test]
fn the_schema_is_the_one_in_the_reference() {
    let reference = include_str!("../../../../docs/reference/schema.sql");
    assert_eq!(
        store::schema().unwrap(),
        reference,
        "`cargo run -p store --example schema > docs/reference/schema.sql` writes it anew"
    );
}
