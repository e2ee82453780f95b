"""Read `okrs.yaml`: everything that is wrong with it is told at once, with its line and how to mend it."""

from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from app.errors import Invalid
from app.okrs_file import messages, resolve, schema, scored
from app.okrs_file.document import Block, Rows, parse
from app.okrs_file.known import known_in
from app.okrs_file.measured import EvidenceItem, MetricItem
from app.okrs_file.pages import pages
from app.okrs_file.parts import text_of
from app.okrs_file.problems import Problems
from app.okrs_file.values import Definitions

# The sources there are, for callers that do not hand over the table with its parsers; a test compares the two.
KNOWN_SOURCES: resolve.Sources = dict.fromkeys(("manual", "jira.share_done"), lambda params: None)
LARGEST = 10_000_000

# Which model an item becomes, by the section it stands in.
MODELS: dict[str, type[BaseModel]] = {
    "teams": schema.TeamItem,
    "people": schema.PersonItem,
    "cycles": schema.CycleItem,
    "metrics": MetricItem,
    "objectives": schema.ObjectiveItem,
    "key_results": schema.KeyResultItem,
    "kpis": schema.KpiItem,
    "pages": schema.PageItem,
    "measurements": schema.MeasurementItem,
    "check_ins": schema.CheckInItem,
    "evidence": EvidenceItem,
}


def read(path: Path, time_zone: str = "Asia/Seoul", sources: resolve.Sources = KNOWN_SOURCES) -> Definitions:
    """The definitions in the file. Raises Invalid, a line for each problem: `okrs.yaml:12: key_results[KR-2].owner: …`.

    `time_zone` is meant where a time in the file names none; `sources` holds, by name, what checks the parameters of
    each metric source."""
    return read_text(_text(path), path.name, time_zone, sources)


def read_text(
    text: str, name: str = "okrs.yaml", time_zone: str = "Asia/Seoul", sources: resolve.Sources = KNOWN_SOURCES
) -> Definitions:
    """As `read`, of a text; `name` is how the file is called in messages."""
    problems = Problems(name)
    top = parse(text, problems)
    if top is None:
        problems.refuse_if_any()
        raise AssertionError("a file that cannot be read has a problem")
    file = _shape(top, problems)
    if file is None:
        problems.refuse_if_any()
        raise AssertionError("a file of the wrong shape has a problem")
    reading = resolve.Reading(file, known_in(top, problems), problems, sources, ZoneInfo(time_zone))
    definitions = _definitions(reading)
    problems.refuse_if_any()
    return definitions


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise Invalid(f"{path.name}: the file is larger than {LARGEST:,} bytes; it cannot be a file of OKRs.")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Invalid(f"There is no file {path}. Give the path of your okrs.yaml.") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise Invalid(f"{path.name}:{line}: this is not UTF-8 text; save the file as UTF-8.") from None
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from None


def _shape(top: Block, problems: Problems) -> schema.File | None:
    def report(block: Block, error: ValidationError) -> None:
        messages.report(problems, _model_of(block), block, error)

    _report_loose_items(top, problems)
    try:
        return schema.File.model_validate(top, context={"report": report})
    except ValidationError as error:
        messages.report(problems, schema.File, top, error)
        return None


def _model_of(block: Block) -> type[BaseModel]:
    return MODELS[block.where.rpartition("[")[0].rpartition(".")[2]]


def _report_loose_items(value: object, problems: Problems) -> None:
    """Items that are no mappings, in the lists whose items must be."""
    if isinstance(value, Rows):
        above, _, section = value.where.rpartition(".")
        holds_items = section in MODELS and not above.endswith("readers")
        for position, item in enumerate(value):
            if holds_items and not isinstance(item, Block):
                place = f"{value.where}[{position + 1}]"
                problems.add(value.lines[position], place, "it must be a mapping such as `- id: …`.")
            _report_loose_items(item, problems)
    elif isinstance(value, Block):
        for inner in value.values():
            _report_loose_items(inner, problems)


def _definitions(reading: resolve.Reading) -> Definitions:
    teams = resolve.teams(reading)
    metrics = scored.metrics(reading)
    objectives = scored.objectives(reading)
    cycles = resolve.cycles(reading)
    key_results = scored.key_results(reading, metrics, cycles, objectives)
    return Definitions(
        organisation=text_of(reading.file.organisation.name),
        teams=teams,
        people=resolve.people(reading),
        cycles=cycles,
        metrics=tuple(metrics.values()),
        objectives=objectives,
        key_results=key_results,
        kpis=scored.kpis(reading, metrics),
        evidence=resolve.evidence(reading),
        pages=pages(reading, teams, cycles, objectives),
        measurements=resolve.measurements(reading),
        check_ins=resolve.check_ins(reading, key_results, metrics),
    )
