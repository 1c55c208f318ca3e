//! What must not compile, and what the compiler says then.

#[test]
fn miswired_machines_do_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
