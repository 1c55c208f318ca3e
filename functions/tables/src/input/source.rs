//! Where batches come from.

use std::iter::FusedIterator;

use arrow::array::RecordBatch;

use crate::error::TableError;

/// Rows that are read batch by batch, or only counted.
pub(super) trait Source {
    /// The next batch; none at the end.
    fn next_batch(&mut self) -> Result<Option<RecordBatch>, TableError>;

    /// The number of the rows that were not read yet, at the least expense.
    fn count_rows(&mut self) -> Result<u64, TableError> {
        let mut rows = 0;
        while let Some(batch) = self.next_batch()? {
            rows += batch.num_rows() as u64;
        }
        Ok(rows)
    }
}

/// Batches whose rows are only known when they are there.
pub(super) struct Counted<I>(pub(super) I);

impl<I: Iterator<Item = Result<RecordBatch, TableError>>> Source for Counted<I> {
    fn next_batch(&mut self) -> Result<Option<RecordBatch>, TableError> {
        self.0.next().transpose()
    }
}

/// Files one after the other, each opened when the one before it has been read.
pub(super) struct Files<I> {
    pub(super) current: Box<dyn Source>,
    pub(super) rest: I,
}

impl<I: FusedIterator<Item = Result<Box<dyn Source>, TableError>>> Source for Files<I> {
    fn next_batch(&mut self) -> Result<Option<RecordBatch>, TableError> {
        loop {
            if let Some(batch) = self.current.next_batch()? {
                return Ok(Some(batch));
            }
            let Some(next) = self.rest.next() else {
                return Ok(None);
            };
            self.current = next?;
        }
    }

    fn count_rows(&mut self) -> Result<u64, TableError> {
        let first = self.current.count_rows();
        let rest = self.rest.by_ref().map(|file| file?.count_rows());
        std::iter::once(first).chain(rest).sum()
    }
}
