//! Local AWS and AI-service simulators.
