"""The batch system's two steps on tables, as they are written in Python.

usage: batch_step.py preprocess LIBRARY POSTS DIRECTORY
       batch_step.py postprocess LIBRARY OUTPUTS ROWS DIRECTORY

Preprocessing makes a prompt of each row of a CSV file and writes it as a line for the model, in files of 50,000.
Postprocessing joins the lines that the model wrote, in any order, with the rows, and writes Parquet. The original uses
pandas; the others are what one would use where it is too slow. Prints peak memory as JSON.
"""

import json
import pathlib
import re
import sys

CHUNK = 50_000
PROMPT = (
    "You label posts for a study.\nSay whether this post by {user} (language: {lang}) is \"positive\", \"negative\" or "
    "\"neutral\".\n<post>\n{text}\n</post>\nAnswer with JSON and nothing else."
)


def prompt(row: dict) -> str:
    return PROMPT.format(**row)


def body(text: str) -> dict:
    content = [{"type": "text", "text": text}]
    return {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 1024, "messages": [{"role": "user", "content": content}]}


def preprocess_pandas(posts: str, directory: pathlib.Path) -> None:
    import pandas

    number = 0
    for chunk, frame in enumerate(pandas.read_csv(posts, chunksize=CHUNK)):
        with open(directory / f"{chunk:04}.jsonl", "w", encoding="utf-8") as file:
            for row in frame.to_dict("records"):
                record = {"recordId": f"{number:08}", "modelInput": body(prompt(row))}
                file.write(json.dumps(record) + "\n")
                number += 1


def preprocess_polars(posts: str, directory: pathlib.Path) -> None:
    import polars

    columns = re.findall(r"{(\w+)}", PROMPT)
    text = polars.format(re.sub(r"{\w+}", "{}", PROMPT), *map(polars.col, columns))
    content = polars.concat_list(polars.struct(type=polars.lit("text"), text=text))
    messages = polars.concat_list(polars.struct(role=polars.lit("user"), content=content))
    version, tokens = polars.lit("bedrock-2023-05-31"), polars.lit(1024, dtype=polars.Int32)
    model_input = polars.struct(anthropic_version=version, max_tokens=tokens, messages=messages)
    record_id = polars.col("number").cast(polars.String).str.zfill(8)
    table = polars.read_csv(posts, infer_schema=False).with_row_index("number")
    for chunk, first in enumerate(range(0, len(table), CHUNK)):
        lines = table.slice(first, CHUNK).select(recordId=record_id, modelInput=model_input)
        lines.write_ndjson(directory / f"{chunk:04}.jsonl")


def postprocess_pandas(outputs: pathlib.Path, rows: pathlib.Path, result: pathlib.Path) -> None:
    import pandas

    answers = []
    with open(outputs, "rb") as file:
        for line in file:
            record = json.loads(line)
            output, error = record.get("modelOutput"), record.get("error")
            answers.append(
                {
                    "record_id": record["recordId"],
                    "response": output["content"][0]["text"] if output else None,
                    "error_message": error["errorMessage"] if error else None,
                }
            )
    table = pandas.read_parquet(rows).merge(pandas.DataFrame(answers), on="record_id", how="left")
    table.to_parquet(result, index=False)


def postprocess_polars(outputs: pathlib.Path, rows: pathlib.Path, result: pathlib.Path) -> None:
    import polars

    text = polars.String
    schema = {
        "recordId": text,
        "modelOutput": polars.Struct({"content": polars.List(polars.Struct({"text": text}))}),
        "error": polars.Struct({"errorMessage": text}),
    }
    answers = polars.read_ndjson(outputs, schema=schema).select(
        record_id="recordId",
        response=polars.col("modelOutput").struct.field("content").list.first().struct.field("text"),
        error_message=polars.col("error").struct.field("errorMessage"),
    )
    table = polars.read_parquet(rows).join(answers, on="record_id", how="left", maintain_order="left")
    table.write_parquet(result, compression="snappy")


def postprocess_duckdb(outputs: pathlib.Path, rows: pathlib.Path, result: pathlib.Path, threads: int) -> None:
    import duckdb

    columns = """{
        recordId: 'VARCHAR',
        modelOutput: 'STRUCT(content STRUCT("text" VARCHAR)[])',
        error: 'STRUCT(errorMessage VARCHAR)'
    }"""
    lines = f"read_json('{outputs}', format = 'newline_delimited', columns = {columns})"
    duckdb.connect(config={"threads": threads}).execute(
        f"""
        COPY (
            SELECT r.*, a.modelOutput.content[1].text AS response, a.error.errorMessage AS error_message
            FROM '{rows}' AS r LEFT JOIN {lines} AS a ON r.record_id = a.recordId
        ) TO '{result}' (FORMAT parquet, COMPRESSION snappy)
        """
    )


PREPROCESS = {"pandas": preprocess_pandas, "polars": preprocess_polars}
POSTPROCESS = {
    "pandas": postprocess_pandas,
    "polars": postprocess_polars,
    "duckdb-1": lambda *files: postprocess_duckdb(*files, threads=1),
    "duckdb-2": lambda *files: postprocess_duckdb(*files, threads=2),
}


def peak_mb() -> float:
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def main() -> None:
    step, library, *paths = sys.argv[1:]
    directory = pathlib.Path(paths[-1])
    directory.mkdir(parents=True, exist_ok=True)
    if step == "preprocess":
        PREPROCESS[library](paths[0], directory)
    else:
        for outputs in sorted(pathlib.Path(paths[0]).iterdir()):
            name = f"{outputs.name.split('.')[0]}.parquet"
            POSTPROCESS[library](outputs, pathlib.Path(paths[1]) / name, directory / name)
    print(json.dumps({"peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
