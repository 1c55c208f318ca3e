use shared::Ports;

#[derive(Ports)]
struct Copy {
    limit: u32,
}

fn main() {}
