#[derive(shared::Fields)]
struct Page(String);

fn main() {}
