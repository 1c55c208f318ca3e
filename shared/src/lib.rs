//! Contracts, records, capabilities, prompts and the model catalogue.
