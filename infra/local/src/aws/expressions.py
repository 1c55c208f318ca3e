"""JSONata where the emulator does not look: the output of `Succeed`, the arguments and output of `Parallel` and variables
of its branches, and an `Assign` whose expressions do not see each other's values.

Uses of its internals: `_apply_output_path`, `_run_parallel_branches`, `_run_sub_machine`, `_apply_state_assign`,
`_apply_jsonata_*`.
"""

import contextvars
import copy
from concurrent.futures import ThreadPoolExecutor

from ministack.services import stepfunctions as machines


def is_jsonata(state, ctx):
    return machines._state_query_language(state, ctx) == "JSONata"


def evaluated(state, name, raw_input, ctx, default=None):
    """A member of a state, with its expressions evaluated."""
    if name not in state:
        return default
    return machines._apply_jsonata_template(state[name], raw_input, ctx)


def number(state, name, raw_input, ctx, default=None):
    """A member that is a number, or an expression that yields one."""
    if name not in state:
        return default
    return machines._jsonata_state_field(state, name, "number", raw_input, ctx)


def finish(state, raw_input, ctx, result):
    """The output of a state that has a result, with its assignments made."""
    output = machines._apply_jsonata_output(state, raw_input, ctx, result=result, default=result)
    machines._apply_state_assign(state, raw_input, ctx, result=result)
    return output, machines._next_or_end(state)


def install():
    output_path, branches = machines._apply_output_path, machines._run_parallel_branches

    def output(state, data, ctx=None):
        if state.get("Type") == "Succeed" and is_jsonata(state, ctx):
            return machines._apply_jsonata_output(state, data, ctx, default=data)
        return output_path(state, data, ctx)

    def parallel(state, raw_input, execution, ctx):
        if not is_jsonata(state, ctx):
            return branches(state, raw_input, execution, ctx)
        arguments = evaluated(state, "Arguments", raw_input, ctx, default=raw_input)
        # Each branch has variables of its own, and a token of its own when it waits.
        with ThreadPoolExecutor(max_workers=len(state["Branches"])) as pool:
            running = [pool.submit(contextvars.copy_context().run, machines._run_sub_machine, branch["States"],
                                   branch["StartAt"], arguments, execution, copy.deepcopy(ctx))
                       for branch in state["Branches"]]
        return finish(state, raw_input, ctx, [branch.result() for branch in running])

    def assign(state, raw_input, ctx, result=None, error_output=None):
        if ctx is None or not is_jsonata(state, ctx) or not isinstance(state.get("Assign"), dict):
            return
        values = {name: machines._apply_jsonata_template(value, raw_input, ctx, result=result, error_output=error_output)
                  for name, value in state["Assign"].items()}
        ctx.setdefault("variables", {}).update(values)

    machines._apply_output_path = output
    machines._run_parallel_branches = parallel
    machines._apply_state_assign = assign
