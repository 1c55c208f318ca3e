# Every recipe is thin over cargo: what it runs can be typed without just.

[private]
default:
    @just --list --unsorted

# write every stack's template to target/templates
synth *ARGS:
    cargo infra synth {{ARGS}}

# say what changes since the last commit mean: replacements, lost data, permissions
diff *ARGS:
    cargo infra diff {{ARGS}}

# write the roles that deploy a stack
deploy-role *ARGS:
    cargo infra deploy-role {{ARGS}}

# draw every stack and state machine into snapshots/graphs, as the documents show them
graph *ARGS:
    cargo infra graph --out snapshots/graphs {{ARGS}}

# build the functions and zip them for Lambda
package *ARGS:
    cargo infra package {{ARGS}}

# package the functions and deploy a stack through a change set
deploy STACK *ARGS:
    cargo infra deploy {{STACK}} {{ARGS}}

# delete a stack, after saying what will be lost
destroy STACK *ARGS:
    cargo infra destroy {{STACK}} {{ARGS}}

# run the vision pipeline on this machine, without an AWS account
demo *ARGS:
    cargo infra demo {{ARGS}}

# run every test, end to end included
test *ARGS:
    cargo test --workspace {{ARGS}}

# measure against the peers, side by side
bench:
    python3 -m venv target/peers
    target/peers/bin/pip install --quiet --disable-pip-version-check -r tests/peers/requirements.txt
    cargo build --profile lambda --package extract --package compact --package tables --examples --bin extract
    target/peers/bin/python tests/peers/compare.py --measure target/lambda/examples/measure --bootstrap target/lambda/extract
    target/peers/bin/python tests/peers/compaction.py --records target/lambda/examples/measure --compact target/lambda/examples/compact_folder
    target/peers/bin/python tests/peers/batch.py --measure target/lambda/examples/measure_tables
    cargo build --release --package infra
    mkdir -p target/peers/cdk
    cp tests/peers/cdk/* target/peers/cdk/
    npm install --prefix target/peers/cdk --silent --no-audit --no-fund
    target/peers/bin/python tests/peers/synth.py --infra target/release/infra --cdk target/peers/cdk

# review every commit that changed a template against its parent, and say how long that takes
review-history:
    cargo build --release --package infra
    python3 tests/peers/history.py --infra target/release/infra

# compare checkers of state machines over our corpus
compare-asl *ARGS:
    python3 -m venv target/asl-peers
    target/asl-peers/bin/pip install --quiet --disable-pip-version-check -r tests/peers/asl.txt
    npm install --prefix target/asl-peers --silent --no-audit --no-fund asl-validator@4.0.0
    cargo build --bin infra
    target/asl-peers/bin/python tests/peers/asl.py --infra target/debug/infra --asl-validator target/asl-peers/node_modules/.bin/asl-validator {{ARGS}}

# compare what the CDK's differ and ours say of pairs of templates
compare-diff:
    npm install --prefix target/diff-peers --silent --no-audit --no-fund @aws-cdk/cloudformation-diff@2.187.5 yaml-cfn@0.3.2
    cargo build --bin infra
    node tests/peers/diff.mjs target/debug/infra

# formatting, clippy, generated code, templates and pictures, as CI checks them
lint:
    bash .ci/lint

# regenerate the builders from infra/spec (offline)
codegen *ARGS:
    cargo run --quiet --package codegen -- {{ARGS}}

# refresh infra/spec from its pinned sources (network)
spec:
    python3 infra/spec/refresh.py

# review changed snapshots one by one
snapshots:
    cargo insta review

# format the code
fmt:
    cargo fmt --all
