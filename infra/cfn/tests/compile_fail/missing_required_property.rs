use cfn::{Template, lambda};

fn main() {
    let mut template = Template::new("");
    template.add("Permission", lambda::Permission::new().action("lambda:InvokeFunction").principal("s3.amazonaws.com"));
}
