//! The questions that people ask of the books first, saved in Athena's console.
//!
//! They are about the columns of `BookMetadata`; another record brings its own. They keep to what Athena and the DuckDB of
//! the local one both have: no `approx_percentile`, every expression with a name, text compared with text.

use constructs::NamedQuery;

/// The queries, in the order in which they are useful.
pub const QUERIES: [NamedQuery; 8] = [
    NamedQuery {
        name: "SampleRows",
        description: "What the rows look like: the newest ten",
        sql: "\
SELECT title, author, isbn, publisher, published_year, confidence, filename, processed_at
FROM books
ORDER BY processed_at DESC
LIMIT 10",
    },
    NamedQuery {
        name: "BooksByAuthor",
        description: "Books of an author; put another name between the percent signs",
        sql: "\
SELECT title, author, publisher, published_year, isbn
FROM books
WHERE lower(author) LIKE '%austen%'
ORDER BY published_year, title",
    },
    NamedQuery {
        name: "CountByPublisher",
        description: "How many books each publisher has",
        sql: "\
SELECT publisher, count(*) AS books
FROM books
WHERE publisher <> ''
GROUP BY publisher
ORDER BY books DESC, publisher",
    },
    NamedQuery {
        name: "Authors",
        description: "Each author's books, the years they span and how sure the model was",
        sql: "\
SELECT author, count(*) AS books, min(published_year) AS first_year, max(published_year) AS last_year,
  round(avg(confidence), 3) AS average_confidence
FROM books
WHERE author <> ''
GROUP BY author
ORDER BY books DESC, author",
    },
    NamedQuery {
        name: "CountByYear",
        description: "How many books were published in each year",
        sql: "\
SELECT published_year, count(*) AS books
FROM books
WHERE published_year IS NOT NULL
GROUP BY published_year
ORDER BY published_year",
    },
    NamedQuery {
        name: "DataQuality",
        description: "How complete the rows are, in percent, how many books occur twice and how many the model was unsure of",
        sql: "\
WITH quality AS (
  SELECT count(*) AS total,
    sum(CASE WHEN title <> '' THEN 1 ELSE 0 END) AS with_title,
    sum(CASE WHEN author <> '' THEN 1 ELSE 0 END) AS with_author,
    sum(CASE WHEN isbn <> '' THEN 1 ELSE 0 END) AS with_isbn,
    sum(CASE WHEN publisher <> '' THEN 1 ELSE 0 END) AS with_publisher,
    sum(CASE WHEN published_year IS NOT NULL THEN 1 ELSE 0 END) AS with_year,
    sum(CASE WHEN coalesce(confidence, 0.0) < 0.5 THEN 1 ELSE 0 END) AS low_confidence,
    sum(CASE WHEN validation_errors IS NOT NULL THEN 1 ELSE 0 END) AS with_invalid_fields
  FROM books
), repeated AS (
  SELECT isbn, count(*) AS copies
  FROM books
  WHERE isbn <> ''
  GROUP BY isbn
  HAVING count(*) > 1
), duplicates AS (
  SELECT coalesce(sum(copies - 1), 0) AS duplicate_rows
  FROM repeated
)
SELECT total,
  round(100.0 * with_title / nullif(total, 0), 1) AS title_percent,
  round(100.0 * with_author / nullif(total, 0), 1) AS author_percent,
  round(100.0 * with_isbn / nullif(total, 0), 1) AS isbn_percent,
  round(100.0 * with_publisher / nullif(total, 0), 1) AS publisher_percent,
  round(100.0 * with_year / nullif(total, 0), 1) AS year_percent,
  low_confidence, with_invalid_fields, duplicate_rows
FROM quality
CROSS JOIN duplicates",
    },
    NamedQuery {
        name: "UnsureRows",
        description: "The rows that the model was least sure of, with what was wrong with its answer",
        sql: "\
SELECT filename, title, author, confidence, parse_stage, validation_errors
FROM books
WHERE coalesce(confidence, 0.0) < 0.5
ORDER BY coalesce(confidence, 0.0), filename
LIMIT 100",
    },
    NamedQuery {
        name: "DailyVolume",
        description: "Records and tokens per day and model",
        sql: "\
SELECT year, month, day, model_id, count(*) AS records, sum(input_tokens) AS input_tokens,
  sum(output_tokens) AS output_tokens
FROM books
GROUP BY year, month, day, model_id
ORDER BY year DESC, month DESC, day DESC, model_id",
    },
];
