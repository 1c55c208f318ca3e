//! What a port at run time does not offer, and what the compiler says then.

#[test]
#[ignore = "compiles the AWS SDK a second time, for minutes; the documentation of the ports pins the same without the messages"]
fn ports_offer_only_what_was_granted() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
