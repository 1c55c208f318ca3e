// Reads definitions by their names from standard input and writes what asl-validator has against each to standard output.
"use strict";

const { readFileSync } = require("node:fs");
const validate = require("asl-validator");

const told = (error) => `${error["Error code"]}: ${error.Message}`;
const definitions = Object.entries(JSON.parse(readFileSync(0, "utf8")));
const verdicts = definitions.map(([name, definition]) => [name, validate(definition).errors.map(told)]);
process.stdout.write(JSON.stringify(Object.fromEntries(verdicts)));
