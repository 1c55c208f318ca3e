//! Settings: plain values that a stack fixes at deployment and a function reads when it starts.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A value that travels through an environment variable.
///
/// Text travels as it is and everything else as JSON, so numbers stay plain digits (a template parameter can supply
/// them) and structs stay readable in the console. Derive `Serialize` and `Deserialize`, and refuse values out of range
/// in [`validate`](Self::validate): it runs at synth and again when the function starts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a setting",
    label = "needs `shared::SettingValue`",
    note = "derive `Clone`, `Serialize` and `Deserialize`, and write `impl shared::SettingValue for {Self} {{}}`"
)]
pub trait SettingValue: Serialize + DeserializeOwned + Clone {
    /// Refuses values out of range, saying which range.
    ///
    /// # Errors
    /// A sentence fragment that says what is allowed.
    fn validate(&self) -> Result<(), String> {
        Ok(())
    }

    /// The text of the environment variable.
    ///
    /// # Errors
    /// When the value is out of range or cannot be written as JSON.
    fn to_environment(&self) -> Result<String, SettingError> {
        self.validate().map_err(SettingError::OutOfRange)?;
        match serde_json::to_value(self).map_err(SettingError::Encode)? {
            Value::String(text) => Ok(text),
            other => Ok(other.to_string()),
        }
    }

    /// Reads the text of the environment variable.
    ///
    /// # Errors
    /// When the text is not a value of this type, or the value is out of range.
    fn from_environment(text: &str) -> Result<Self, SettingError> {
        // Text first: a text that happens to be JSON is still that text.
        let as_text = serde_json::from_value(Value::String(text.to_owned()));
        let value: Self = as_text.or_else(|text_error| {
            serde_json::from_str(text).map_err(|json_error| SettingError::Decode {
                text: text.to_owned(),
                source: if json_error.is_data() {
                    json_error
                } else {
                    text_error
                },
            })
        })?;
        value.validate().map_err(SettingError::OutOfRange)?;
        Ok(value)
    }
}

/// Why a setting was refused.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// The value does not keep to its range.
    #[error("value out of range: {0}")]
    OutOfRange(String),
    /// The text is not a value of the setting's type.
    #[error("`{text}` is not a valid value: {source}")]
    Decode {
        /// The text found.
        text: String,
        /// What the parser said.
        source: serde_json::Error,
    },
    /// The value cannot be written as JSON: a bug in its `Serialize`.
    #[error("value cannot be written as JSON: {0}")]
    Encode(serde_json::Error),
}

macro_rules! plain_settings {
    ($($plain:ty),*) => { $(impl SettingValue for $plain {})* };
}
plain_settings!(bool, u32, u64, i64, f64, String);
