#[derive(shared::Fields)]
struct Page<T> {
    content: T,
}

fn main() {}
