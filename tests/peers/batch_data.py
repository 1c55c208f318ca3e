"""Makes what the batch steps are measured with: a table of posts as CSV, and the outputs of jobs about them.

usage: batch_data.py DIRECTORY [ROWS]

Writes `posts.csv`, `rows/NNNN.parquet` with the rows of each chunk and their ids, and `outputs/NNNN.jsonl.out` with a line
for each of them in random order: answers of Claude, every hundredth an error. The same every time.
"""

import csv
import json
import pathlib
import random
import sys

import pyarrow
import pyarrow.parquet

from batch_step import CHUNK, body, prompt

COLUMNS = ["post_id", "written_at", "user", "text", "lang", "shares", "score"]
WORDS = """
    a about after again all also always and any at back because before best better but by can change city close come cold
    day did do door down each early end even every far few find first for friend from full garden get give go good great
    had half hand has have he help her here high him his home hour house how I idea if in inside into is it just keep kind
    know last late leave less letter life light like line little live long look lost love make many may me mean more
    morning most move much music must my name near never new next night no nor not now number of off often old on once one
    only open or other our out over own page part past people place plan play question quite rain read real rest right
    river road room round said same say sea see seem set she short show side slow small so some song soon still stop
    story street such summer sun sure take tell than that the their them then there these they thing think this those
    though time to today too town tree true try turn two under until up use very voice wait walk wall want warm was water
    way we week well went were what when where which while white who why will wind window winter wish with word work
    world would write year yes yet you young your
""".split()
MARKS = ["😀", "🎉", "❤️", "👍🏽", "é", "ß", "東京", "Αθήνα", "Київ", "…", "“so”", "🇪🇺"]
LANGUAGES = ["en"] * 8 + ["fr", "de", "ja"]
LABELS = ["positive", "negative", "neutral"]


def text(dice: random.Random) -> str:
    """A post: now and then with quotes, commas, line breaks, other scripts and braces, as people write them."""
    words = dice.choices(WORDS, k=dice.randint(6, 34))
    kind = dice.random()
    if kind < 0.15:
        words.insert(len(words) // 2, f'"{words[0]}"')
    elif kind < 0.25:
        words.insert(len(words) // 3, "\n")
    elif kind < 0.5:
        words.append(dice.choice(MARKS))
    elif kind < 0.65:
        words.insert(0, f"@user{dice.randint(1, 9999)},")
    elif kind < 0.8:
        words.append(f"https://example.com/{dice.getrandbits(32):08x}")
    elif kind < 0.82:
        words.append("back\\slash\ttab {brace} {{x}}")
    return " ".join(words)


def post(dice: random.Random, number: int) -> list:
    day = f"2026-{number // 45_000 % 12 + 1:02}-{number // 1_700 % 28 + 1:02}T{number // 97 % 24:02}:{number // 7 % 60:02}:00"
    score = "" if dice.random() < 0.02 else f"{dice.random():.4f}"
    user = f"user_{dice.randint(1, 99_999)}"
    return [1_500_000_000_000_000_000 + number * 7_919, day, user, text(dice), dice.choice(LANGUAGES), dice.randint(0, 5_000), score]


def answer(dice: random.Random) -> dict:
    words = " ".join(dice.choices(WORDS, k=dice.randint(12, 55)))
    label = {"sentiment": dice.choice(LABELS), "confidence": round(dice.random(), 3), "reason": f"“{words}” says it"}
    return {
        "id": f"msg_bdrk_{dice.getrandbits(96):024x}",
        "type": "message",
        "role": "assistant",
        "model": "claude-haiku-4-5-20251001",
        "content": [{"type": "text", "text": json.dumps(label, ensure_ascii=False, indent=2)}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": dice.randint(60, 120), "output_tokens": dice.randint(30, 90)},
    }


def output(dice: random.Random, record_id: str, row: dict) -> str:
    line = {"modelInput": body(prompt(row))}
    if dice.random() < 0.01:
        line["error"] = {"errorCode": 400, "errorMessage": 'this is no "request"'}
    else:
        line["modelOutput"] = answer(dice)
    line["recordId"] = record_id
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    directory, rows = pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 500_000
    dice = random.Random(26)
    posts = [post(dice, number) for number in range(rows)]
    for folder in ["rows", "outputs"]:
        (directory / folder).mkdir(parents=True, exist_ok=True)
    with open(directory / "posts.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(posts)
    for chunk, first in enumerate(range(0, rows, CHUNK)):
        part = [dict(zip(COLUMNS, map(str, values))) for values in posts[first : first + CHUNK]]
        ids = [f"{first + place:08}" for place in range(len(part))]
        table = {"record_id": ids} | {name: [row[name] for row in part] for name in COLUMNS}
        pyarrow.parquet.write_table(pyarrow.table(table), directory / f"rows/{chunk:04}.parquet")
        lines = [output(dice, record_id, row) for record_id, row in zip(ids, part)]
        dice.shuffle(lines)
        (directory / f"outputs/{chunk:04}.jsonl.out").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
