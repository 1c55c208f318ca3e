//! The code of functions as template parameters.
//!
//! A template says which parameter holds the key of a function's package, not which package: deployment fills it in. So a
//! change of code does not touch the template, and a diff of templates is about infrastructure only.

use cfn::{Parameter, ParameterRef, Template};

use crate::Name;

/// The parameter that names the bucket of packages.
pub const BUCKET_PARAMETER: &str = "AssetBucket";

/// The parameter that says for which processor packages were built.
pub const ARCHITECTURE_PARAMETER: &str = "Architecture";

/// The parameter that holds the object key of a function's package: `UnzipCodeKey` for the contract named `unzip`.
pub fn code_key_parameter(contract: &str) -> String {
    Name::from_kebab(contract).logical_id("CodeKey")
}

/// The parameters that all functions of a stack share.
#[derive(Clone, Debug)]
pub(crate) struct Assets {
    pub(crate) bucket: ParameterRef<String>,
    pub(crate) architecture: ParameterRef<String>,
    pub(crate) log_level: ParameterRef<String>,
}

impl Assets {
    pub(crate) fn declare(template: &mut Template) -> Self {
        let bucket = Parameter::new()
            .description("Bucket that holds the packages of the functions; deployment fills it in")
            .length(3, 63);
        let architecture = Parameter::new()
            .description("Processor the packages were built for; deployment fills it in")
            .default_value("arm64")
            .allowed_values(["arm64", "x86_64"]);
        let log_level = Parameter::new()
            .description("Lowest level of log lines that functions write")
            .default_value("INFO")
            .allowed_values(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]);
        Self {
            bucket: template.parameter(BUCKET_PARAMETER, bucket),
            architecture: template.parameter(ARCHITECTURE_PARAMETER, architecture),
            log_level: template.parameter("LogLevel", log_level),
        }
    }
}
