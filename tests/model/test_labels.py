import re
import subprocess
import sys

from earmark.model.labels import BY_ID, FAMILIES, INDEX, LABELS, MODEL_LABELS, UNCERTAIN, family_of

COD = """acoustic guitar, auxiliary percussion, brass section, cello, clean electric guitar, distorted
electric guitar, double bass, drum set, electric bass, female singer, male singer, oboe, piano,
synthesizer, tack piano, trumpet, vibraphone, viola, violin, vocalists"""

OPENMIC = """accordion, banjo, bass, cello, clarinet, cymbals, drums, flute, guitar, mallet_percussion, mandolin, organ,
piano, saxophone, synthesizer, trombone, trumpet, ukulele, violin, voice"""

INSTRUMENTS = """female_singer, male_singer, vocalists, speech, acoustic_guitar, clean_electric_guitar,
distorted_electric_guitar, banjo, mandolin, ukulele, electric_bass, double_bass, piano, tack_piano,
electric_piano, organ, accordion, harpsichord, synthesizer, violin, viola, cello, harp, trumpet,
trombone, french_horn, tuba, brass_section, flute, clarinet, oboe, bassoon, saxophone, harmonica,
drum_set, auxiliary_percussion, vibraphone, mallet_percussion"""

PARTS = "kick, snare, hi_hat, tom, cymbals"


def listed(text):
    return tuple(name.strip() for name in text.replace("\n", " ").split(","))


def test_ids_stand_once_and_fit_in_an_address():
    assert len({label.id for label in LABELS}) == len(LABELS) == len(BY_ID) == len(INDEX)
    assert all(re.fullmatch(r"[a-z][a-z_]*[a-z]", label.id) for label in LABELS)
    assert all(LABELS[INDEX[label.id]] is label is BY_ID[label.id] for label in LABELS)


def test_every_row_has_a_midi_note_of_its_own():
    notes = [label.note for label in LABELS]
    assert len(set(notes)) == len(notes)
    assert all(0 <= note <= 127 for note in notes)


def test_colours_names_and_families_are_filled_in():
    for label in LABELS:
        assert re.fullmatch(r"[0-9A-F]{6}", label.colour), label
        assert label.spoken, label
        assert label.detail, label
        assert label.family in (*FAMILIES, UNCERTAIN), label


def test_families_and_uncertain_are_their_own_family():
    assert {family_of(family) for family in FAMILIES} == set(FAMILIES)
    assert family_of(UNCERTAIN) == UNCERTAIN
    assert family_of("viola") == "strings"


def test_every_family_has_members():
    assert {label.family for label in LABELS if label.kind == "instrument"} == set(FAMILIES)


def test_the_shipped_model_tells_the_instruments_apart():
    assert listed(INSTRUMENTS) == MODEL_LABELS
    assert len(MODEL_LABELS) == 38
    assert tuple(label.id for label in LABELS if label.kind == "part") == listed(PARTS)


def test_all_twenty_names_of_cod_are_covered():
    assert len(listed(COD)) == 20
    assert {label.cod for label in LABELS} - {""} == set(listed(COD))


def test_all_twenty_names_of_openmic_are_covered():
    assert len(listed(OPENMIC)) == 20
    assert {label.openmic for label in LABELS} - {""} == set(listed(OPENMIC))


def test_voices_are_singers_unless_asked_for_detail():
    voices = [BY_ID[name] for name in ("female_singer", "male_singer", "vocalists")]
    assert {voice.spoken for voice in voices} == {"singer"}
    assert len({voice.detail for voice in voices}) == 3


def test_the_table_is_there_without_pytorch():
    code = "import sys, earmark.model.labels; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
