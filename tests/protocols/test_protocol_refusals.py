from __future__ import annotations

import re

import pytest
from protocol_folder import DOC, EXAMPLE

from schemas.errors import InputError
from schemas.protocol_file import kept_protocol, parse_protocol

CONTROL = '[scoring.control]\nof = "share"'
FORMAT_1 = """\
format = 1
id = "old"
version = 1
title = "Old"
target = "old"
position = "supine"
sided = true
condition = "active"
compensation = "posterior_tilt"
end_points = ["pain"]
procedure = ["Lift."]
safety = ["Stop at pain."]
[sensors]
required = ["pelvis", "thigh"]
moving = "thigh"
base = "pelvis"
first_pelvis_movement = "posterior"
[reference]
pose = "Lying still."
[formulae]
tot = "F"
hip = "F + P"
comp = "-P"
[repetitions]
pace = "slow"
[[references]]
of = "tot"
mean = 70
sd = 8
source = "me"
tag = "P"
"""


def refused(old, new, source=EXAMPLE):
    """Return the complaint about the example in which one text is replaced."""
    assert old in source
    with pytest.raises(InputError) as caught:
        parse_protocol(source.replace(old, new, 1), file="my.toml")
    assert caught.value.reason == "bad_protocol"
    assert caught.value.exit_code == 6
    return caught.value.message


def line_of(text, source):
    return source[: source.index(text)].count("\n") + 1


def test_the_example_of_the_documentation_is_a_sound_file():
    found = parse_protocol(EXAMPLE, file="my.toml")
    assert (found.id, found.sites["thigh"], found.words.hold) == (
        "step_up", "lateral_thigh", "Stay",
    )  # fmt: skip
    assert (found.scoring.control.mean, found.scoring.targets[0].deg) == (22, 65)
    assert (found.patterns, found.gates.drift_c_deg) == (("ranges",), 4)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('required = ["pelvis"', 'required = ["knee"'),
        ('comp = "-P"', 'comp = "tot - hip"'),
        ("sd = 6", "sd = -6"),
    ],
)
def test_the_complaints_that_the_documentation_shows_are_those_that_are_made(old, new):
    assert refused(old, new).replace("my.toml", "my-test.toml") in DOC


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('title = "', 'titel = "', "title"),
        ("version = 1", "version = 0", "version"),
        ("version = 1", "version = true", "version"),
        ('position = "standing"', 'position = "floating"', "position"),
        ("sided = true", 'sided = "yes"', "sided"),
        ('required = ["pelvis", "thigh"]', 'required = ["pelvis", "knee"]', "sensors.required"),
        ('optional = ["shank"]', 'optional = ["thigh"]', "sensors.optional"),
        ('moving = "thigh"', 'moving = "shank"', "sensors.moving"),
        ('base = "pelvis"', 'base = "thigh"', "sensors.base"),
        ('first_pelvis_movement = "posterior"', "", "sensors.first_pelvis_movement"),
        ('thigh = "outer', 'trunk = "outer', "sensors.placement.trunk"),
        ('thigh = "lateral_thigh"', 'trunk = "sternum"', "sensors.sites.trunk"),
        ('thigh = "lateral_thigh"', 'thigh = "sternum"', "sensors.sites.thigh"),
        ('thigh = "lateral_thigh"', 'thigh = "knee"', "sensors.sites.thigh"),
        ('tot = "F"', 'tot = "F * P"', "formulae.tot"),
        ('tot = "F"', 'tot = "G"', "formulae.tot"),
        ('tot = "F"', 'tot = "T"', "formulae.tot"),
        ('tot = "F"', 'tot = "knee"', "formulae.tot"),
        ('comp = "-P"', 'comp = "knees - P"', "formulae.comp"),
        ('comp = "-P"', 'comp = "-P"\nmark_of = "T"', "formulae.mark_of"),
        ('comp = "-P"', 'comp = "-P"\ndrive = "P"', "formulae.drive"),
        ('comp = "-P"', 'comp = "-P"\nshare_of = "P"', "formulae.share_of"),
        ('knee = "K"', 'Knee = "K"', "formulae.extra.Knee"),
        ('knee = "K"', 'share = "K"', "formulae.extra.share"),
        ('knee = "K"', 'knee = "T"', "formulae.extra.knee"),
        ('pace = "', 'min = 9\npace = "', "repetitions.max"),
        ('pace = "', 'rest_s = [30, 10]\npace = "', "repetitions.rest_s"),
        ('comp = "-P"', 'comp = "P"', "formulae.comp"),
        ('comp = "-P"', 'comp = "-P"\nhow = { comp = "reversal" }', "formulae.comp"),
        ('compensation = "posterior_tilt"', 'compensation = "anterior_tilt"', "formulae.comp"),
        ('compensation = "posterior_tilt"', 'compensation = "pelvic_hike"', "formulae.comp"),
        ("drift_c_deg = 4", "drift_c = 4", "gates.drift_c"),
        ("drift_c_deg = 4", "drift_c_deg = nan", "gates.drift_c_deg"),
        ("drift_c_deg = 4", "drift_c_deg = 6", "gates.drift_c_deg"),
        ("drift_c_deg = 4", "axis_b_deg = 20", "gates.axis_b_deg"),
        ("low_deg = 60", "low_deg = 140", "guards[1].low_deg"),
        ("low_deg = 60", "low_deg = -400", "guards[1].low_deg"),
        ("low_deg = 60\nhigh_deg = 130", "low_deg = -9\nhigh_deg = -1", "guards[1].high_deg"),
        ('formula = "|K|"', 'formula = "T"', "guards[1].formula"),
        ('unit = "pct"', "", "references[1].unit"),
        ('unit = "pct"', 'unit = "deg"', "references[1].unit"),
        ("mean = 22", "mean = 122", "references[1].mean"),
        ("mean = 22", "mean = -2", "references[1].mean"),
        ("mean = 22", "mean = nan", "references[1].mean"),
        ("mean = 22", "low = 22\nhigh = 20", "references[1].sd"),
        ("mean = 22\nsd = 6", "low = 22\nhigh = 20", "references[1].low"),
        ("mean = 22\nsd = 6", "low = 22", "references[1].mean"),
        ("mean = 22", "mean = 22\nlow = 1", "references[1].low"),
        ("mean = 22", "mean = 22\nabove = 1", "references[1].above"),
        ("sd = 6", "sd = 0", "references[1].sd"),
        ("sd = 6", 'sd_tag = "P"', "references[1].sd_tag"),
        ('unit = "deg"\nbelow', "below", "cutoffs[1].unit"),
        ('unit = "deg"\nbelow', 'unit = "s"\nbelow', "cutoffs[1].unit"),
        ('unit = "deg"\nbelow', 'unit = "pct"\nbelow', "cutoffs[1].unit"),
        ("below = 60", "below = 400", "cutoffs[1].below"),
        ("below = 60", "below = inf", "cutoffs[1].below"),
        ("below = 60", "below = 60\nabove = 60", "cutoffs[1].below"),
        ("below = 60", "", "cutoffs[1].below"),
        ("below = 60", "below = 60\nsd = 3", "cutoffs[1].sd"),
        ('meaning = "the', 'meening = "the', "cutoffs[1].meaning"),
        ('of = "tot"', 'of = "lum"', "cutoffs[1].of"),
        ('of = "tot"', 'of = "ankle"', "cutoffs[1].of"),
        ('tag = "P"', 'tag = "sure"', "references[1].tag"),
        ('group = "function"', 'group = "legs"', "scoring.group"),
        ('motion = "hip_flexion"', 'motion = "hip"', "scoring.motion"),
        ('motion = "hip_flexion"', "norm_sign = 0", "scoring.norm_sign"),
        (CONTROL, CONTROL.replace("share", "comp"), "scoring.control.mean"),
        (f"{CONTROL}\nmean = 22\nsd = 6", '[scoring.control]\nof = "comp"',
         "scoring.control.high_deg"),
        (f"{CONTROL}\nmean = 22\nsd = 6",
         '[scoring.control]\nof = "comp"\nraised_deg = 9\nhigh_deg = 5',
         "scoring.control.raised_deg"),
        (f"{CONTROL}\nmean = 22", CONTROL, "scoring.control.sd"),
        (f"{CONTROL}\nmean = 22\nsd = 6", f"{CONTROL}\nmean = 22", "scoring.control.sd"),
        (f"{CONTROL}\nmean = 22\nsd = 6", CONTROL, "scoring.control.mean"),
        (f"{CONTROL}\nmean = 22", f"{CONTROL}\nmean = 122", "scoring.control.mean"),
        (CONTROL, f"{CONTROL}\nhigh_deg = 9", "scoring.control.high_deg"),
        (f"{CONTROL}\nmean = 22\nsd = 6",
         '[scoring.control]\nof = "comp"\nraised_deg = 5\nhigh_deg = 9\ntwo_sided = true',
         "scoring.control.two_sided"),
        ("value = 3.5", "value = 0", "scoring.sems[1].value"),
        ("value = 3.5", "value = -3.5", "scoring.sems[1].value"),
        ("value = 3.5\nunit", "value = 3.5\nunits", "scoring.sems[1].unit"),
        ("deg = 65", "deg = 650", "scoring.targets[1].deg"),
        ('patterns = ["ranges"', 'patterns = ["walk"', "patterns"),
        ('hold = "Stay"', "hold = 3", "prompts.hold"),
        ('back = "Take', 'pause_s = -1\nback = "Take', "prompts.pause_s"),
        ('["fixed_target"', '["most_active"', "end_points"),
        ("format = 2", "format = 3", "format"),
        ("format = 2", "format = 1", "patterns"),
        ('id = "step_up"', 'id = "../x"', "id"),
        ('safety = ["', 'safety = ["", "', "safety"),
        ('pose = "', 'zero = "sitting"\npose = "', "reference.zero"),
        ('pose = "', 'zero = "standing"\npose = "', "reference.zero"),
        ("sided = true", "sided = true\nstanding_first = true", "standing_first"),
        ("sided = true", "sided = true\nlean_first = 1", "lean_first"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_file_line_and_key(old, new, key):
    message = refused(old, new)
    assert re.match(rf"my\.toml, line \d+: key `{re.escape(key)}` ", message)
    assert message.endswith(".")


@pytest.mark.parametrize(
    ("old", "new", "written"),
    [
        ("below = 60", "below = 400", "below = 400"),
        ("low_deg = 60", "low_deg = 140", "low_deg = 140"),
        ('knee = "K"', 'knee = "T"', 'knee = "T"'),
        ('unit = "deg"\nbelow', "below", "[[cutoffs]]"),
        ('["Stand on one leg', '[\n"",\n"Stand on one leg', '"",'),
        ("[[citations]]", '[[citations]]\ntext = "first"\ntag = "F"\n[[citations]]\ntext = 2',
         "text = 2"),
    ],
)  # fmt: skip
def test_the_line_is_the_one_where_the_mistake_stands(old, new, written):
    changed = EXAMPLE.replace(old, new, 1)
    if old == "[[citations]]":
        changed = changed.replace('text = 2\ntext = "Own', 'text = 2\n# "Own')
    with pytest.raises(InputError, match=f"line {line_of(written, changed)}: key"):
        parse_protocol(changed, file="my.toml")


def test_a_ring_of_formulae_is_named_from_its_first_key_round():
    ring = 'hip = "tot - comp"\ncomp = "knee"\n\n[formulae.extra]\nknee = "hip - P"'
    source = EXAMPLE.replace('comp = "-P"\n\n[formulae.extra]\nknee = "K"', ring.split("\n", 1)[1])
    with pytest.raises(InputError, match=r"`formulae.hip` .* hip -> comp -> knee -> hip\."):
        parse_protocol(source, file="my.toml")


def test_a_formula_made_of_itself_alone_is_refused():
    assert "hip -> hip" in refused('hip = "tot - comp"', 'hip = "hip"')


def test_formulae_that_name_others_become_angles_and_keep_their_text():
    found = parse_protocol(EXAMPLE, file="my.toml")
    assert dict(found.formulae.hip.terms) == {"F": 1.0, "P": 1.0}
    assert (found.formulae.hip.text, found.formulae.hip.spelled) == ("tot - comp", "F + P")


def test_a_longer_chain_of_names_is_followed():
    extra = 'knee = "K"\na = "b - 2*tot"\nb = "c"\nc = "-(hip + knee)"'
    found = parse_protocol(EXAMPLE.replace('knee = "K"', extra), file="my.toml")
    # -(F + P) - (F - S) - 2 F, from which K is an angle of its own
    assert dict(found.formulae.extra["a"].terms) == {"F": -3.0, "P": -1.0, "K": -1.0}


def test_an_absolute_value_may_be_named_alone_and_not_be_added():
    source = EXAMPLE.replace('knee = "K"', 'knee = "|K|"\nbent = "knee"')
    assert parse_protocol(source, file="my.toml").formulae.extra["bent"].absolute
    assert "absolute value" in refused('bent = "knee"', 'bent = "knee + P"', source)


def test_a_guard_may_name_a_quantity():
    found = parse_protocol(EXAMPLE.replace('"|K|"', '"|knee|"'), file="my.toml")
    assert found.guards[0].formula.terms == (("K", 1.0),)


def test_a_sensor_that_is_named_through_another_formula_must_be_worn():
    source = EXAMPLE.replace('tot = "F"', 'tot = "knee"')
    assert "needs shank" in refused("", "", source)


def test_a_chain_of_names_longer_than_any_test_needs_is_refused():
    chain = "\n".join(f'x{n} = "x{n + 1}"' for n in range(2000)) + '\nx2000 = "F"'
    assert "more than 10 others" in refused('knee = "K"', chain)


@pytest.mark.parametrize(
    "array", ["references", "cutoffs", "guards", "scoring.sems", "scoring.targets"]
)
def test_an_entry_that_was_pasted_twice_is_refused(array):
    (entry,) = re.findall(rf"\[\[{re.escape(array)}\]\]\n.*?\n\n", EXAMPLE, re.DOTALL)
    message = refused(entry, entry + entry)
    assert f"`{array}[2]" in message
    assert f"{array.split('.')[-1]}[1]" in message


def test_a_required_sensor_that_no_formula_reads_is_refused():
    source = EXAMPLE.replace('optional = ["shank"]', "").replace(
        'required = ["pelvis", "thigh"]', 'required = ["pelvis", "thigh", "shank", "trunk"]'
    )
    assert "`sensors.required[4]` is 'trunk'" in refused("", "", source)


@pytest.mark.parametrize(
    ("compensation", "comp"),
    [
        ("posterior_tilt", 'comp = "P"\nhow = { comp = "reversal" }'),
        ("anterior_tilt", 'comp = "P"'),
        ("anterior_tilt", 'comp = "-P"\nhow = { comp = "range" }'),
        ("posterior_tilt", 'comp = "|P|"'),
        ("posterior_tilt", 'comp = "F - H"'),
        ("pelvic_rotation", 'comp = "-Y"'),
        ("lumbar_flexion", 'comp = "L"'),
    ],
)
def test_a_compensation_may_count_as_its_direction_says(compensation, comp):
    source = EXAMPLE.replace("posterior_tilt", compensation).replace('comp = "-P"', comp)
    source = source.replace('hip = "tot - comp"', 'hip = "F + P"')
    assert parse_protocol(source, file="my.toml").compensation == compensation


def test_the_zero_of_standing_is_carried_to_a_table_only():
    lying = EXAMPLE.replace('position = "standing"', 'position = "prone"\nstanding_first = true')
    lying = lying.replace('pose = "', 'zero = "standing"\nreturns = false\npose = "')
    found = parse_protocol(lying, file="my.toml")
    assert (found.reference.zero, found.reference.returns) == ("standing", False)
    assert "side_lying" in refused('"prone"', '"side_lying"', lying)
    assert "`standing_first = true`" in refused("standing_first = true", "", lying)


def test_only_who_stands_or_sits_can_lean_forward_first():
    lying = EXAMPLE.replace('position = "standing"', 'position = "prone"\nlean_first = true')
    assert "nobody leans forward from prone" in refused("sided = true", "sided = true", lying)
    both = EXAMPLE.replace('position = "standing"', 'position = "sitting"\nlean_first = true')
    assert parse_protocol(both, file="my.toml").lean_first
    text = refused("lean_first = true", "lean_first = true\nstanding_first = true", both)
    assert "`standing_first`" in text


def test_a_figure_of_format_1_needs_no_unit():
    assert parse_protocol(FORMAT_1, file="my.toml").references[0].unit == "deg"


@pytest.mark.parametrize(
    ("old", "new"),
    [("sd = 8", "sd = -8"), ("mean = 70", "mean = 700"), ('of = "tot"', 'of = "lum"')],
)
def test_a_text_of_format_1_that_a_trial_keeps_is_read_as_it_was_taken(old, new):
    assert refused(old, new, FORMAT_1)
    assert kept_protocol("old", FORMAT_1.replace(old, new)).id == "old"


def test_a_formula_of_format_1_cannot_name_another():
    assert "uses 'tot'" in refused('hip = "F + P"', 'hip = "tot + P"', FORMAT_1)


ASSIGNED = [n for n, line in enumerate(EXAMPLE.splitlines()) if " = " in line]
STRANGE = ["0", "-1", "1e9", "nan", "true", '""', '"tot"', "[]", "[1]", '[["a"]]', "{}", "{a = 1}"]


@pytest.mark.parametrize("strange", STRANGE)
def test_whatever_stands_behind_a_key_is_taken_or_refused_in_words(strange):
    lines = EXAMPLE.splitlines()
    for n in ASSIGNED:
        changed = [*lines[:n], f"{lines[n].split(' = ')[0]} = {strange}", *lines[n + 1 :]]
        complaint = _complaint("\n".join(changed))
        assert complaint is None or complaint.startswith("my.toml, line ")


def test_every_line_left_out_loads_or_names_file_line_and_key():
    lines = EXAMPLE.splitlines()
    complaints = [_complaint("\n".join(lines[:n] + lines[n + 1 :])) for n in range(len(lines))]
    assert all(", line " in text or "not TOML" in text for text in complaints if text)
    assert sum(text is not None for text in complaints) > 40


def _complaint(text):
    try:
        parse_protocol(text, file="my.toml")
    except InputError as error:
        return error.message
    return None
