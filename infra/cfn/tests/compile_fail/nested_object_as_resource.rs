use cfn::{Template, s3};

fn main() {
    let mut template = Template::new("");
    template.add("Bucket", s3::bucket::VersioningConfiguration::new());
}
