#[derive(shared::Fields)]
enum Page {
    Left,
    Right,
}

fn main() {}
