//! Faults that pass by themselves.

use crate::{
    Error, Event, Listener,
    target::{Pauses, Polling},
};

/// How many looks in a row may fail: five minutes at AWS's pace, half a minute at an emulator's.
const LOOKS: u32 = 60;

/// What one wait bears before it gives up.
pub(crate) struct Patience {
    polling: Polling,
    pauses: Pauses,
    left: u32,
}

impl Patience {
    pub(crate) fn new(polling: Polling) -> Self {
        Self {
            polling,
            pauses: polling.start(),
            left: LOOKS,
        }
    }

    /// A look has succeeded: the next fault is another one.
    pub(crate) fn restore(&mut self) {
        *self = Self::new(self.polling);
    }

    /// Pauses after a fault that may pass. Gives back any other fault, and this one too when it has lasted too long.
    pub(crate) async fn bear(
        &mut self,
        fault: Error,
        listener: &mut Listener<'_>,
    ) -> Result<(), Error> {
        if self.left == 0 || !fault.may_pass() {
            return Err(fault);
        }
        if self.left == LOOKS {
            listener(Event::TryingAgain {
                fault: fault.to_string(),
            });
        }
        self.left -= 1;
        self.pauses.pause().await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::*;

    fn unreachable() -> Error {
        Error::Unreachable {
            action: "describe stack `vision`".into(),
            message: "connection refused".into(),
        }
    }

    fn refused(code: &str) -> Error {
        Error::Service {
            action: "describe stack `vision`".into(),
            code: Some(code.into()),
            message: "no".into(),
        }
    }

    /// How long a lasting fault is borne, and how often it is announced.
    async fn borne(polling: Polling) -> (Duration, usize) {
        let (start, mut announced) = (Instant::now(), 0);
        let mut patience = Patience::new(polling);
        while patience
            .bear(unreachable(), &mut |_| announced += 1)
            .await
            .is_ok()
        {}
        (start.elapsed(), announced)
    }

    #[tokio::test(start_paused = true)]
    async fn a_lasting_fault_is_borne_for_minutes_and_announced_once() {
        let (cloud, announced) = borne(Polling::CLOUD).await;
        assert_eq!(announced, 1);
        assert!((280..300).contains(&cloud.as_secs()), "{cloud:?}");
        let (local, _) = borne(Polling::LOCAL).await;
        assert!((28..30).contains(&local.as_secs()), "{local:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_success_between_two_faults_makes_them_two() {
        let (mut patience, mut announced) = (Patience::new(Polling::CLOUD), 0);
        for _ in 0..=LOOKS {
            let borne = patience.bear(unreachable(), &mut |_| announced += 1).await;
            assert!(borne.is_ok());
            patience.restore();
        }
        assert_eq!(announced, LOOKS + 1);
    }

    #[tokio::test(start_paused = true)]
    async fn what_cannot_pass_is_not_borne() {
        for (code, passes) in [
            ("Throttling", true),
            ("RequestLimitExceeded", true),
            ("ServiceUnavailable", true),
            ("InternalFailure", true),
            ("503", true),
            ("AccessDenied", false),
            ("ExpiredToken", false),
            ("ValidationError", false),
            ("403", false),
        ] {
            let mut patience = Patience::new(Polling::CLOUD);
            let borne = patience.bear(refused(code), &mut |_| {}).await;
            assert_eq!(borne.is_ok(), passes, "{code}");
        }
    }
}
