"""The tree that jql/parse answers."""

from tests.sandbox.conftest import Sandbox


def test_a_query_is_answered_as_a_tree(sandbox: Sandbox) -> None:
    told = sandbox.post("jql/parse?validation=strict", {"queries": ["project = MKT AND NOT labels in ('a b', c)"]})
    project = {"name": "project", "encodedName": "project"}
    labels = {"name": "labels", "encodedName": "labels"}
    values = [{"value": "a b", "encodedValue": '"a b"'}, {"value": "c", "encodedValue": "c"}]
    one = {"field": project, "operator": "=", "operand": {"value": "MKT", "encodedValue": "MKT"}}
    other = {"field": labels, "operator": "in", "operand": {"values": values}}
    where = {"operator": "and", "clauses": [one, {"operator": "not", "clauses": [other]}]}
    assert told["queries"][0]["structure"] == {"where": where}


def test_validation_says_how_loud_an_unknown_name_is(sandbox: Sandbox) -> None:
    asked = {"queries": ["project = NOPE"]}
    message = ["The value 'NOPE' does not exist for the field 'project'."]
    strict, warn, none = (
        sandbox.post(f"jql/parse?validation={how}", asked)["queries"][0] for how in ("strict", "warn", "none")
    )
    assert strict == {"query": "project = NOPE", "errors": message}
    assert warn["warnings"] == message
    assert "errors" not in none
    assert "warnings" not in none


def test_a_query_that_cannot_be_read_errs_alone(sandbox: Sandbox) -> None:
    broken, fine = sandbox.post("jql/parse?validation=none", {"queries": ["project =", "project = MKT"]})["queries"]
    assert "structure" not in broken
    assert "structure" in fine
